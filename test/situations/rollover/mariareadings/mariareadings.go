// Package mariareadings is the new store of rollover, a table of MariaDB.
package mariareadings

import (
	"context"
	"database/sql"
	"errors"
)

// ErrNone is what Get returns where there is nothing.
var ErrNone = errors.New("no reading in mariadb")

// Schema makes the table.
const Schema = `CREATE TABLE readings (sensor varchar(40), second bigint, value bigint NOT NULL, PRIMARY KEY (sensor, second))`

type Row struct {
	Sensor string
	Second int64
	Value  int64
}

// Readings is a store.
type Readings struct{ DB *sql.DB }

func (r Readings) Get(ctx context.Context, sensor string, second int64) (row Row, err error) {
	err = r.DB.QueryRowContext(ctx, "SELECT sensor, second, value FROM readings WHERE sensor = ? AND second = ?", sensor, second).
		Scan(&row.Sensor, &row.Second, &row.Value)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNone
	}
	return row, err
}

func (r Readings) Save(ctx context.Context, row Row) error {
	_, err := r.DB.ExecContext(ctx, `INSERT INTO readings (sensor, second, value) VALUES (?, ?, ?)
		ON DUPLICATE KEY UPDATE value = VALUES(value)`, row.Sensor, row.Second, row.Value)
	return err
}

func (r Readings) Delete(ctx context.Context, sensor string, second int64) error {
	_, err := r.DB.ExecContext(ctx, "DELETE FROM readings WHERE sensor = ? AND second = ?", sensor, second)
	return err
}
