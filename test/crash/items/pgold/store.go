// Package pgold is the old store: a table in Postgres. Its writes join the migration's journal where they are asked to.
package pgold

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/dualgen/dualgen/runtime/journal"
)

// Schema makes the table.
const Schema = `CREATE TABLE IF NOT EXISTS items (id text COLLATE "C" PRIMARY KEY, value bigint NOT NULL, note text)`

// ErrNoRow is returned for an item that is not there.
var ErrNoRow = pgx.ErrNoRows

// Row is a row of the table.
type Row struct {
	ID    string
	Value int64
	Note  sql.NullString
}

// Interceptor runs around each call: it has the effect by calling next.
type Interceptor func(ctx context.Context, write bool, next func(context.Context) error) error

// Store is the table.
type Store struct {
	pool   *pgxpool.Pool
	around Interceptor
}

// New returns the store in the database of pool.
func New(pool *pgxpool.Pool, around Interceptor) *Store { return &Store{pool: pool, around: around} }

// Get returns a row, or ErrNoRow.
func (s *Store) Get(ctx context.Context, id string) (Row, error) {
	rows, err := s.list(ctx, `SELECT id, value, note FROM items WHERE id = $1`, id)
	switch {
	case err != nil:
		return Row{}, err
	case len(rows) == 0:
		return Row{}, fmt.Errorf("item %s: %w", id, ErrNoRow)
	}
	return rows[0], nil
}

const upsert = `INSERT INTO items (id, value, note) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET value = excluded.value, note = excluded.note`

// Put adds or replaces a row.
func (s *Store) Put(ctx context.Context, row Row) error {
	return s.write(ctx, func(batch *pgx.Batch) { batch.Queue(upsert, row.ID, row.Value, row.Note) })
}

// PutMany adds or replaces rows, all or none, in the order of their ids, so that two calls do not wait for each other.
func (s *Store) PutMany(ctx context.Context, rows []Row) error {
	sorted := slices.SortedFunc(slices.Values(rows), func(a, b Row) int { return strings.Compare(a.ID, b.ID) })
	return s.write(ctx, func(batch *pgx.Batch) {
		for _, row := range sorted {
			batch.Queue(upsert, row.ID, row.Value, row.Note)
		}
	})
}

// SetNote sets the note, and makes a row without value if there is none.
func (s *Store) SetNote(ctx context.Context, id, note string) error {
	return s.write(ctx, func(batch *pgx.Batch) {
		batch.Queue(`INSERT INTO items (id, value, note) VALUES ($1, 0, $2) ON CONFLICT (id) DO UPDATE SET note = excluded.note`, id, note)
	})
}

// Delete removes a row, if it is there.
func (s *Store) Delete(ctx context.Context, id string) error {
	return s.write(ctx, func(batch *pgx.Batch) { batch.Queue(`DELETE FROM items WHERE id = $1`, id) })
}

const matching = `SELECT id FROM items WHERE starts_with(id, $1) AND value % 16 = $2 ORDER BY id`

// ListMatching lists the ids under a prefix whose value leaves that remainder, divided by 16.
func (s *Store) ListMatching(ctx context.Context, prefix string, remainder int64) (ids []string, err error) {
	err = s.around(ctx, false, func(ctx context.Context) error {
		result, err := s.pool.Query(ctx, matching, prefix, remainder)
		if err != nil {
			return err
		}
		ids, err = pgx.CollectRows(result, pgx.RowTo[string])
		return err
	})
	return ids, err
}

// Sweep removes them, in the order of their ids, so that it and PutMany do not wait for each other.
func (s *Store) Sweep(ctx context.Context, prefix string, remainder int64) error {
	return s.write(ctx, func(batch *pgx.Batch) {
		batch.Queue(`DELETE FROM items WHERE id IN (`+matching+` FOR UPDATE)`, prefix, remainder)
	})
}

// List lists at most limit rows by id.
func (s *Store) List(ctx context.Context, limit int) ([]Row, error) {
	return s.list(ctx, `SELECT id, value, note FROM items ORDER BY id LIMIT $1`, limit)
}

// Scan lists the rows by id, after the cursor, which is the last id of the page before.
func (s *Store) Scan(ctx context.Context, cursor string, limit int) ([]Row, string, error) {
	rows, err := s.list(ctx, `SELECT id, value, note FROM items WHERE id > $1 ORDER BY id LIMIT $2`, cursor, limit)
	if err != nil || len(rows) < limit || len(rows) == 0 {
		return rows, "", err
	}
	return rows, rows[len(rows)-1].ID, nil
}

func (s *Store) list(ctx context.Context, query string, args ...any) (rows []Row, err error) {
	err = s.around(ctx, false, func(ctx context.Context) error {
		result, err := s.pool.Query(ctx, query, args...)
		if err != nil {
			return err
		}
		rows, err = pgx.CollectRows(result, pgx.RowToStructByPos[Row])
		return err
	})
	return rows, err
}

// write runs what fill queues in one round trip and one transaction, the journal's statement first.
func (s *Store) write(ctx context.Context, fill func(*pgx.Batch)) error {
	return s.around(ctx, true, func(ctx context.Context) error {
		batch := &pgx.Batch{}
		if query, args, ok := journal.Statement(ctx); ok {
			batch.Queue(query, args...)
		}
		fill(batch)
		return s.pool.SendBatch(ctx, batch).Close()
	})
}
