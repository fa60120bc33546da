// Package pgnew is a new store: another table, in another Postgres server.
package pgnew

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Schema makes the table.
const Schema = `CREATE TABLE IF NOT EXISTS records (key text COLLATE "C" PRIMARY KEY, body jsonb NOT NULL)`

// ErrNoRecord is returned for a record that is not there.
var ErrNoRecord = pgx.ErrNoRows

// Record is one document.
type Record struct {
	Key    string  `json:"-"`
	Amount int64   `json:"amount"`
	Remark *string `json:"remark,omitempty"`
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

// Get returns a record, or ErrNoRecord.
func (s *Store) Get(ctx context.Context, id string) (Record, error) {
	records, err := s.list(ctx, `SELECT key, body FROM records WHERE key = $1`, id)
	switch {
	case err != nil:
		return Record{}, err
	case len(records) == 0:
		return Record{}, fmt.Errorf("record %s: %w", id, ErrNoRecord)
	}
	return records[0], nil
}

const upsert = `INSERT INTO records (key, body) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET body = excluded.body`

// Put adds or replaces a record.
func (s *Store) Put(ctx context.Context, record Record) error {
	return s.exec(ctx, upsert, record.Key, record)
}

// PutMany adds or replaces records, all or none, in the order of their keys.
func (s *Store) PutMany(ctx context.Context, records []Record) error {
	sorted := slices.SortedFunc(slices.Values(records), func(a, b Record) int { return strings.Compare(a.Key, b.Key) })
	return s.around(ctx, true, func(ctx context.Context) error {
		batch := &pgx.Batch{}
		for _, record := range sorted {
			batch.Queue(upsert, record.Key, record)
		}
		return s.pool.SendBatch(ctx, batch).Close()
	})
}

// SetNote sets the remark, and makes a record without amount if there is none.
func (s *Store) SetNote(ctx context.Context, id, remark string) error {
	return s.exec(ctx, `INSERT INTO records (key, body) VALUES ($1, jsonb_build_object('amount', 0, 'remark', $2::text))
		ON CONFLICT (key) DO UPDATE SET body = records.body || jsonb_build_object('remark', $2::text)`, id, remark)
}

// Delete removes a record, if it is there.
func (s *Store) Delete(ctx context.Context, id string) error {
	return s.exec(ctx, `DELETE FROM records WHERE key = $1`, id)
}

const matching = `SELECT key FROM records WHERE starts_with(key, $1) AND (body->>'amount')::bigint % 16 = $2 ORDER BY key`

// ListMatching lists the keys under a prefix whose amount leaves that remainder, divided by 16.
func (s *Store) ListMatching(ctx context.Context, prefix string, remainder int64) (keys []string, err error) {
	err = s.around(ctx, false, func(ctx context.Context) error {
		result, err := s.pool.Query(ctx, matching, prefix, remainder)
		if err != nil {
			return err
		}
		keys, err = pgx.CollectRows(result, pgx.RowTo[string])
		return err
	})
	return keys, err
}

// Sweep removes them, in the order of their keys, so that it and PutMany do not wait for each other.
func (s *Store) Sweep(ctx context.Context, prefix string, remainder int64) error {
	return s.exec(ctx, `DELETE FROM records WHERE key IN (`+matching+` FOR UPDATE)`, prefix, remainder)
}

// List lists at most limit records by key.
func (s *Store) List(ctx context.Context, limit int) ([]Record, error) {
	return s.list(ctx, `SELECT key, body FROM records ORDER BY key LIMIT $1`, limit)
}

// Scan lists the records by key, after the cursor, which is the last key of the page before.
func (s *Store) Scan(ctx context.Context, cursor string, limit int) ([]Record, string, error) {
	records, err := s.list(ctx, `SELECT key, body FROM records WHERE key > $1 ORDER BY key LIMIT $2`, cursor, limit)
	if err != nil || len(records) < limit || len(records) == 0 {
		return records, "", err
	}
	return records, records[len(records)-1].Key, nil
}

func (s *Store) exec(ctx context.Context, query string, args ...any) error {
	return s.around(ctx, true, func(ctx context.Context) error {
		_, err := s.pool.Exec(ctx, query, args...)
		return err
	})
}

func (s *Store) list(ctx context.Context, query string, args ...any) (records []Record, err error) {
	err = s.around(ctx, false, func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, query, args...)
		if err != nil {
			return err
		}
		records, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (record Record, err error) {
			var key string
			err = row.Scan(&key, &record)
			record.Key = key
			return record, err
		})
		return err
	})
	return records, err
}
