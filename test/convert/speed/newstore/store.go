// Package newstore keeps an order in memory, as rows of Cassandra are.
package newstore

import (
	"context"
	"time"

	"github.com/gocql/gocql"
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

// Line is a type of its own.
type Line struct {
	Item  string `cql:"item"`
	Count int    `cql:"count"`
	Cents int64  `cql:"cents"`
}

// Row is a row.
type Row struct {
	ID       string
	Key      gocql.UUID
	Parent   *gocql.UUID
	Token    gocql.UUID
	Name     string
	Nick     *string
	Mail     *string
	Age      int64
	Visits   int32
	Small    int8
	Score    *int64
	Ratio    float64
	Yes      bool
	Flag     bool
	Created  time.Time
	Seen     *time.Time
	Expires  time.Time
	Took     time.Duration
	State    string
	Level    int8
	Body     []byte
	Tags     []string
	Labels   map[string]struct{}
	Numbers  []int64
	Related  []gocql.UUID
	Props    map[string]string
	Counts   map[string]int64
	Lines    []Line
	Billing  Line
	Shipping *Line
}
