package table

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// SQL is a table behind database/sql.
type SQL[R any] struct {
	db    *sql.DB
	quote string
	get   string
	put   string
}

// Open makes the table, after the statements of prepare, and connects to it.
func Open[R any](ctx context.Context, driver, dsn string, prepare ...string) (*SQL[R], error) {
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", driver, err)
	}
	t := of[R]()
	s := &SQL[R]{db: db, quote: `"`}
	place := question
	if driver == "mysql" {
		s.quote = "`"
	}
	upsert := "REPLACE INTO v (%s) VALUES (%s)"
	if driver == "pgx" {
		place = dollar
		upsert = "INSERT INTO v (%s) VALUES (%s) " + t.onConflict()
	}
	s.get = fmt.Sprintf("SELECT %s FROM v WHERE id = %s", t.names(s.quote), place(1))
	s.put = fmt.Sprintf(upsert, t.names(s.quote), t.places(place))
	for _, statement := range append(prepare, "CREATE TABLE v ("+t.define(s.quote)+")") {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			db.Close()
			return nil, fmt.Errorf("%s: %w", statement, err)
		}
	}
	return s, nil
}

// Close closes the connections.
func (s *SQL[R]) Close() error { return s.db.Close() }

// Get reads the row of an id.
func (s *SQL[R]) Get(ctx context.Context, id string) (row R, err error) {
	err = s.db.QueryRowContext(ctx, s.get, id).Scan(targets(&row)...)
	if errors.Is(err, sql.ErrNoRows) {
		return row, ErrNoRow
	}
	return row, err
}

// Put writes a row.
func (s *SQL[R]) Put(ctx context.Context, row R) error {
	_, err := s.db.ExecContext(ctx, s.put, values(row)...)
	return err
}

// Text is what a column holds, as the server writes it.
func (s *SQL[R]) Text(ctx context.Context, id, column string) (string, error) {
	expr, place := "quote("+column+")", "?" // SQLite and MariaDB both have it
	if s.quote == "`" {
		expr = "quote(`" + column + "`)"
	} else if strings.Contains(s.put, "$1") {
		expr, place = `coalesce("`+column+`"::text, 'NULL')`, "$1"
	}
	var text string
	err := s.db.QueryRowContext(ctx, "SELECT "+expr+" FROM v WHERE id = "+place, id).Scan(&text)
	return text, err
}
