// Package cqlnew is the other new store: a table in Cassandra. All its writes are blind, so that their order is that of
// their timestamps.
package cqlnew

import (
	"context"
	"encoding/hex"
	"fmt"

	"github.com/gocql/gocql"
)

// Schema makes the table.
const Schema = `CREATE TABLE IF NOT EXISTS items (id text PRIMARY KEY, value bigint, note text)`

// ErrNoRow is returned for an item that is not there.
var ErrNoRow = gocql.ErrNotFound

// Row is a row of the table.
type Row struct {
	ID    string
	Value int64
	Note  *string
}

// Interceptor runs around each call: it has the effect by calling next.
type Interceptor func(ctx context.Context, write bool, next func(context.Context) error) error

// Store is the table.
type Store struct {
	session *gocql.Session
	around  Interceptor
}

// New returns the store in the session's keyspace.
func New(session *gocql.Session, around Interceptor) *Store {
	return &Store{session: session, around: around}
}

// Get returns a row, or ErrNoRow.
func (s *Store) Get(ctx context.Context, id string) (row Row, err error) {
	err = s.around(ctx, false, func(ctx context.Context) error {
		return s.session.Query(`SELECT id, value, note FROM items WHERE id = ?`, id).WithContext(ctx).Scan(&row.ID, &row.Value, &row.Note)
	})
	if err != nil {
		return Row{}, fmt.Errorf("item %s: %w", id, err)
	}
	return row, nil
}

const insert = `INSERT INTO items (id, value, note) VALUES (?, ?, ?)`

// Put adds or replaces a row.
func (s *Store) Put(ctx context.Context, row Row) error {
	return s.exec(ctx, insert, row.ID, row.Value, row.Note)
}

// PutMany adds or replaces rows, all or, in the end, none.
func (s *Store) PutMany(ctx context.Context, rows []Row) error {
	return s.around(ctx, true, func(ctx context.Context) error {
		batch := s.session.NewBatch(gocql.LoggedBatch).WithContext(ctx)
		for _, row := range rows {
			batch.Query(insert, row.ID, row.Value, row.Note)
		}
		return s.session.ExecuteBatch(batch)
	})
}

// SetNote sets the note, and makes a row without value if there is none.
func (s *Store) SetNote(ctx context.Context, id, note string) error {
	return s.exec(ctx, `UPDATE items SET note = ? WHERE id = ?`, note, id)
}

// Delete removes a row, if it is there.
func (s *Store) Delete(ctx context.Context, id string) error {
	return s.exec(ctx, `DELETE FROM items WHERE id = ?`, id)
}

// List lists at most limit rows.
func (s *Store) List(ctx context.Context, limit int) ([]Row, error) {
	rows, _, err := s.page(ctx, nil, limit)
	return rows, err
}

// Scan lists the rows by the hashes of their ids. The cursor is the driver's own page state.
func (s *Store) Scan(ctx context.Context, cursor string, limit int) ([]Row, string, error) {
	state, err := hex.DecodeString(cursor)
	if err != nil {
		return nil, "", fmt.Errorf("cursor %q: %w", cursor, err)
	}
	rows, state, err := s.page(ctx, state, limit)
	return rows, hex.EncodeToString(state), err
}

func (s *Store) page(ctx context.Context, state []byte, limit int) (rows []Row, next []byte, err error) {
	err = s.around(ctx, false, func(ctx context.Context) error {
		iter := s.session.Query(`SELECT id, value, note FROM items`).WithContext(ctx).PageSize(limit).PageState(state).Iter()
		next = iter.PageState()
		for range iter.NumRows() {
			var row Row
			if !iter.Scan(&row.ID, &row.Value, &row.Note) {
				break
			}
			rows = append(rows, row)
		}
		return iter.Close()
	})
	return rows, next, err
}

func (s *Store) exec(ctx context.Context, statement string, args ...any) error {
	return s.around(ctx, true, func(ctx context.Context) error {
		return s.session.Query(statement, args...).WithContext(ctx).Exec()
	})
}
