// Package zerorows has a new store in MariaDB, which by default counts no row that an UPDATE leaves as it is: a statement over an
// equal row looks like one over a row that is not there.
package zerorows

import (
	"context"
	"database/sql"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such rate")

type Rate struct {
	Pair  string
	Cents int64
}

//go:generate go tool dualgen
//dualgen:entity Rate key=Pair
type Rates interface {
	Get(ctx context.Context, pair string) (Rate, error)
	Create(ctx context.Context, rate Rate) error
	Update(ctx context.Context, rate Rate) error
	Delete(ctx context.Context, pair string) error
	List(ctx context.Context) ([]Rate, error)
}

// Memory is the old store.
type Memory struct{ rates rows.Table[string, Rate] }

func (m *Memory) Get(_ context.Context, pair string) (Rate, error) {
	rate, err := m.rates.Find(pair)
	if err != nil {
		return rate, ErrNotFound
	}
	return rate, nil
}

func (m *Memory) Create(_ context.Context, rate Rate) error { return m.rates.Insert(rate.Pair, rate) }

func (m *Memory) Update(_ context.Context, rate Rate) error {
	err := m.rates.Change(rate.Pair, func(r *Rate) { *r = rate })
	if errors.Is(err, rows.ErrAbsent) {
		return ErrNotFound
	}
	return err
}

func (m *Memory) Delete(_ context.Context, pair string) error { return m.rates.Remove(pair) }
func (m *Memory) List(context.Context) ([]Rate, error)        { return m.rates.All(), nil }

// Schema makes the table of a Table.
const Schema = "CREATE TABLE rates (pair varchar(200) PRIMARY KEY, cents bigint NOT NULL) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"

// Table is the new store.
type Table struct{ DB *sql.DB }

func (t Table) Get(ctx context.Context, pair string) (rate Rate, err error) {
	err = t.DB.QueryRowContext(ctx, "SELECT pair, cents FROM rates WHERE pair = ?", pair).Scan(&rate.Pair, &rate.Cents)
	if errors.Is(err, sql.ErrNoRows) {
		return rate, ErrNotFound
	}
	return rate, err
}

func (t Table) Create(ctx context.Context, rate Rate) error {
	_, err := t.DB.ExecContext(ctx, "INSERT INTO rates (pair, cents) VALUES (?, ?)", rate.Pair, rate.Cents)
	return err
}

func (t Table) Update(ctx context.Context, rate Rate) error {
	return found(t.DB.ExecContext(ctx, "UPDATE rates SET cents = ? WHERE pair = ?", rate.Cents, rate.Pair))
}

func (t Table) Delete(ctx context.Context, pair string) error {
	return found(t.DB.ExecContext(ctx, "DELETE FROM rates WHERE pair = ?", pair))
}

// found takes it that nothing was there if no row was changed, as many stores do.
func found(result sql.Result, err error) error {
	if err != nil {
		return err
	}
	switch n, err := result.RowsAffected(); {
	case err != nil:
		return err
	case n == 0:
		return ErrNotFound
	}
	return nil
}

func (t Table) List(ctx context.Context) (all []Rate, err error) {
	found, err := t.DB.QueryContext(ctx, "SELECT pair, cents FROM rates ORDER BY pair")
	if err != nil {
		return nil, err
	}
	defer found.Close()
	for found.Next() {
		var rate Rate
		if err := found.Scan(&rate.Pair, &rate.Cents); err != nil {
			return nil, err
		}
		all = append(all, rate)
	}
	return all, found.Err()
}
