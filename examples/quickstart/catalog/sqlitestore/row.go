package sqlitestore

import (
	"database/sql"
	"time"
)

// Package is a row of the table packages with its rows of the tables dependencies and tags.
type Package struct {
	Name          string         `db:"name"`
	Version       string         `db:"version"`
	Section       string         `db:"section"`
	Priority      Priority       `db:"priority"`
	Maintainer    string         `db:"maintainer"`
	Homepage      sql.NullString `db:"homepage"`
	Size          int64          `db:"size"`
	InstalledSize sql.NullInt64  `db:"installed_size"`
	Updated       time.Time      `db:"updated"`
	Depends       []Dependency   `db:"depends"`
	Tags          []string       `db:"tags"`
}

// Dependency is a row of the table dependencies, without its package and position.
type Dependency struct {
	Target   string `db:"target"`
	Relation string `db:"relation"`
}

// Priority is the text that the column holds.
type Priority string

// The priorities.
const (
	PriorityRequired  Priority = "required"
	PriorityImportant Priority = "important"
	PriorityStandard  Priority = "standard"
	PriorityOptional  Priority = "optional"
	PriorityExtra     Priority = "extra"
)
