package pgstore

import (
	"database/sql"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
)

// Package is a row of the table packages.
type Package struct {
	ID            uuid.UUID      `db:"id"`
	Name          string         `db:"name"`
	Version       string         `db:"version"`
	Section       string         `db:"section"`
	Priority      string         `db:"priority"`
	Maintainer    string         `db:"maintainer"`
	Homepage      sql.NullString `db:"homepage"`
	Size          int64          `db:"size"`
	InstalledSize sql.NullInt64  `db:"installed_size"`
	Depends       TextArray      `db:"depends"`
	Tags          TextArray      `db:"tags"`
	Updated       time.Time      `db:"updated"`
}

// TextArray is a value of the type text[]. A nil one is written as an empty array: the columns hold no NULL.
type TextArray []string

// Scan implements sql.Scanner.
func (a *TextArray) Scan(source any) error {
	return pgtype.NewMap().SQLScanner((*[]string)(a)).Scan(source)
}
