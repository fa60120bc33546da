//go:build ignore

// A repository interface, and a store whose methods say everything in another way.
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
)

type User struct {
	ID   string
	Name string
	Age  int32
	Tags []string
}

var ErrNotFound = errors.New("no such user")

type Users interface {
	Get(ctx context.Context, id string) (User, error)
	Find(ctx context.Context, id string) (*User, error)
	Lookup(id string) (User, bool, error)
	Peek(id string) (name Name, found bool)
	Save(ctx context.Context, u *User) error
	Delete(ctx context.Context, id string) error
	List(ctx context.Context, ids ...string) ([]User, error)
	Rename(ctx context.Context, err, d string) error
	Ping()
	Count(ctx context.Context) (int, error)
}

// Name is of its own type, so that the shim converts it.
type Name string

type Row struct {
	ID       int64
	FullName string `db:"name"`
	Age      sql.NullInt64
	Tags     []string
}

type Store struct {
	rows map[int64]*Row
	last []string
}

func (s *Store) ByID(ctx context.Context, id int64) (*Row, error) {
	if row, ok := s.rows[id]; ok {
		return row, nil
	}
	return nil, fmt.Errorf("user %d: %w", id, sql.ErrNoRows)
}

func (s *Store) Find(ctx context.Context, id int64) (*Row, error) { return s.rows[id], nil }

func (s *Store) Lookup(ctx context.Context, id int64) (row Row, err error) {
	if row, ok := s.rows[id]; ok {
		return *row, nil
	}
	return row, sql.ErrNoRows
}

func (s *Store) Peek(id string) (string, bool) {
	n, _ := strconv.ParseInt(id, 10, 64)
	row, ok := s.rows[n]
	if !ok {
		return "", false
	}
	return row.FullName, true
}

func (s *Store) Upsert(row *Row) error {
	if row.ID == 0 {
		row.ID = int64(len(s.rows) + 1)
	}
	kept := *row
	s.rows[row.ID] = &kept
	return nil
}

func (s *Store) Delete(ctx context.Context, id int64) (int, bool, error) {
	_, found := s.rows[id]
	delete(s.rows, id)
	return 1, found, nil
}

func (s *Store) List(ctx context.Context, ids ...int64) ([]*Row, error) {
	var rows []*Row
	for _, id := range ids {
		rows = append(rows, s.rows[id])
	}
	return rows, nil
}

func (s *Store) Rename(ctx context.Context, id int64, name string) error {
	s.rows[id].FullName = name
	return nil
}

func (s *Store) Ping()                                    { s.last = append(s.last, "ping") }
func (s *Store) Count(ctx context.Context) (int64, error) { return int64(len(s.rows)), nil }

func ParseID(id string) (int64, error) {
	if id == "" {
		return 0, nil
	}
	return strconv.ParseInt(id, 10, 64)
}

func FormatID(ctx context.Context, id int64) string {
	if ctx == nil {
		panic("no context")
	}
	return strconv.FormatInt(id, 10)
}
