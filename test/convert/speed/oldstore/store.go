// Package oldstore keeps an order in memory, as rows of SQL are.
package oldstore

import (
	"context"
	"database/sql"
	"time"

	"github.com/jackc/pgx/v5/pgtype"
)

// Store is one row.
type Store struct{ Row Row }

// Get returns the row.
func (s *Store) Get(ctx context.Context, id string) (Row, error) { return s.Row, nil }

// Put replaces the row.
func (s *Store) Put(ctx context.Context, row Row) error {
	s.Row = row
	return nil
}

// Line is a row of another table.
type Line struct {
	Item  string
	Count int32
	Cents int64
}

// Row is a row.
type Row struct {
	ID       string
	Key      [16]byte
	Parent   pgtype.UUID
	Token    string
	Name     string
	Nick     sql.NullString
	Mail     pgtype.Text
	Age      int32
	Visits   int64
	Small    int16
	Score    sql.NullInt64
	Ratio    float64
	Yes      bool
	Flag     int16
	Created  time.Time
	Seen     pgtype.Timestamptz
	Expires  int64
	Took     int64
	State    string
	Level    int16
	Body     []byte
	Tags     []string
	Labels   []string
	Numbers  []int32
	Related  [][16]byte
	Props    map[string]string
	Counts   map[string]int32
	Lines    []Line
	Billing  Line
	Shipping *Line
}
