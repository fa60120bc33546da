// Package pgreadings is the old store of rollover, a table of Postgres.
package pgreadings

import (
	"context"
	"database/sql"
	"errors"
)

// ErrNone is what Get returns where there is nothing.
var ErrNone = errors.New("no reading in postgres")

// Schema makes the table.
const Schema = `CREATE TABLE readings (sensor text, second bigint, value bigint NOT NULL, PRIMARY KEY (sensor, second))`

type Row struct {
	Sensor string
	Second int64
	Value  int64
}

// Readings is a store.
type Readings struct{ DB *sql.DB }

func (r Readings) Get(ctx context.Context, sensor string, second int64) (row Row, err error) {
	err = r.DB.QueryRowContext(ctx, "SELECT sensor, second, value FROM readings WHERE sensor = $1 AND second = $2", sensor, second).
		Scan(&row.Sensor, &row.Second, &row.Value)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNone
	}
	return row, err
}

func (r Readings) Save(ctx context.Context, row Row) error {
	_, err := r.DB.ExecContext(ctx, `INSERT INTO readings (sensor, second, value) VALUES ($1, $2, $3)
		ON CONFLICT (sensor, second) DO UPDATE SET value = EXCLUDED.value`, row.Sensor, row.Second, row.Value)
	return err
}

func (r Readings) Delete(ctx context.Context, sensor string, second int64) error {
	_, err := r.DB.ExecContext(ctx, "DELETE FROM readings WHERE sensor = $1 AND second = $2", sensor, second)
	return err
}
