// Package timetable is the old store of zones, a table of Postgres.
package timetable

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// ErrNoRow is what Get returns where there is nothing.
var ErrNoRow = errors.New("no row")

// Schema makes the table.
const Schema = `CREATE TABLE buses (line text PRIMARY KEY, day date, departure timestamp, changed timestamp)`

type Row struct {
	Line           string
	Day, Departure time.Time
	Changed        *time.Time
}

// Buses is a store.
type Buses struct{ DB *sql.DB }

func (b Buses) Get(ctx context.Context, line string) (row Row, err error) {
	err = b.DB.QueryRowContext(ctx, "SELECT line, day, departure, changed FROM buses WHERE line = $1", line).
		Scan(&row.Line, &row.Day, &row.Departure, &row.Changed)
	if errors.Is(err, sql.ErrNoRows) {
		return row, ErrNoRow
	}
	return row, err
}

func (b Buses) Save(ctx context.Context, row Row) error {
	_, err := b.DB.ExecContext(ctx, `INSERT INTO buses (line, day, departure, changed) VALUES ($1, $2, $3, $4)
		ON CONFLICT (line) DO UPDATE SET day = EXCLUDED.day, departure = EXCLUDED.departure, changed = EXCLUDED.changed`,
		row.Line, row.Day, row.Departure, row.Changed)
	return err
}

func (b Buses) Delete(ctx context.Context, line string) error {
	_, err := b.DB.ExecContext(ctx, "DELETE FROM buses WHERE line = $1", line)
	return err
}

func (b Buses) List(ctx context.Context) (all []Row, err error) {
	found, err := b.DB.QueryContext(ctx, "SELECT line, day, departure, changed FROM buses ORDER BY line")
	if err != nil {
		return nil, err
	}
	defer found.Close()
	for found.Next() {
		var row Row
		if err := found.Scan(&row.Line, &row.Day, &row.Departure, &row.Changed); err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, found.Err()
}
