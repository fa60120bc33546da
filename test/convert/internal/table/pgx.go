package table

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// PGX is a table of Postgres behind pgx's own interface.
type PGX[R any] struct {
	pool     *pgxpool.Pool
	get, put string
}

// OpenPGX makes the table, after the statements of prepare, and connects to it.
func OpenPGX[R any](ctx context.Context, dsn string, prepare ...string) (*PGX[R], error) {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, fmt.Errorf("open pgx: %w", err)
	}
	t := of[R]()
	p := &PGX[R]{
		pool: pool,
		get:  fmt.Sprintf("SELECT %s FROM v WHERE id = $1", t.names(`"`)),
		put:  fmt.Sprintf("INSERT INTO v (%s) VALUES (%s) %s", t.names(`"`), t.places(dollar), t.onConflict()),
	}
	for _, statement := range append(prepare, "CREATE TABLE v ("+t.define(`"`)+")") {
		if _, err := pool.Exec(ctx, statement); err != nil {
			pool.Close()
			return nil, fmt.Errorf("%s: %w", statement, err)
		}
	}
	return p, nil
}

// Close closes the connections.
func (p *PGX[R]) Close() error {
	p.pool.Close()
	return nil
}

// Get reads the row of an id.
func (p *PGX[R]) Get(ctx context.Context, id string) (row R, err error) {
	err = p.pool.QueryRow(ctx, p.get, id).Scan(targets(&row)...)
	if errors.Is(err, pgx.ErrNoRows) {
		return row, ErrNoRow
	}
	return row, err
}

// Put writes a row.
func (p *PGX[R]) Put(ctx context.Context, row R) error {
	_, err := p.pool.Exec(ctx, p.put, values(row)...)
	return err
}

// Text is what a column holds, as the server writes it.
func (p *PGX[R]) Text(ctx context.Context, id, column string) (string, error) {
	var text string
	err := p.pool.QueryRow(ctx, `SELECT coalesce("`+column+`"::text, 'NULL') FROM v WHERE id = $1`, id).Scan(&text)
	return text, err
}

func dollar(i int) string { return fmt.Sprint("$", i) }

// onConflict replaces the row that is there.
func (t table) onConflict() string {
	var set []string
	for _, c := range t.columns[1:] {
		set = append(set, fmt.Sprintf(`"%[1]s" = excluded."%[1]s"`, c.Name))
	}
	return "ON CONFLICT (id) DO UPDATE SET " + strings.Join(set, ", ")
}
