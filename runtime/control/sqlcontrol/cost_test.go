package sqlcontrol

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/control/internal/cost"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// users is a table of plain rows in Postgres, whose updates a journal goes with.
type users struct{ pool *pgxpool.Pool }

// update changes one row, and joins the journal if the context says so.
func (u users) update(ctx context.Context, id int) error {
	const statement = `UPDATE users SET name = md5(random()::text), version = version + 1 WHERE id = $1`
	query, args, joined := journal.Statement(ctx)
	if !joined {
		_, err := u.pool.Exec(ctx, statement, id)
		return err
	}
	batch := &pgx.Batch{}
	batch.Queue(query, args...) // the version row first, the data second
	batch.Queue(statement, id)
	return u.pool.SendBatch(ctx, batch).Close()
}

func openUsers(tb testing.TB, dsn string) users {
	tb.Helper()
	config, err := pgxpool.ParseConfig(dsn)
	require.NoError(tb, err)
	config.MaxConns = 16
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	require.NoError(tb, err)
	tb.Cleanup(pool.Close)
	_, err = pool.Exec(context.Background(), fmt.Sprintf(`CREATE TABLE users (id int PRIMARY KEY, name text, version int) WITH (fillfactor = 80);
INSERT INTO users SELECT n, 'x', 0 FROM generate_series(1, %d) n`, cost.Rows))
	require.NoError(tb, err)
	return users{pool}
}

// ways returns a plain write and what a journal makes of it.
func ways(tb testing.TB) []cost.Way {
	tb.Helper()
	dsn := servertest.Postgres(tb)
	u := openUsers(tb, dsn)
	open := func(name string, lazy bool) *Journal {
		db, err := sqlx.Open("pgx", dsn)
		require.NoError(tb, err)
		tb.Cleanup(func() { require.NoError(tb, db.Close()) })
		b, err := Open(db, Options{Dialect: Postgres, Migration: name, LazyEnd: lazy, Sweep: time.Second, Connections: 16})
		require.NoError(tb, err)
		require.NoError(tb, b.Migrate(context.Background()))
		tb.Cleanup(func() { require.NoError(tb, b.Close(context.Background())) })
		return b.journal
	}
	return []cost.Way{
		{Name: "plain", Write: u.update},
		{Name: "separate", Write: u.journaled(open("separate", false), false)},
		{Name: "separate-lazy", Write: u.journaled(open("separate-lazy", true), false)},
		{Name: "joined", Write: u.journaled(open("joined", false), true)},
		{Name: "joined-lazy", Write: u.journaled(open("joined-lazy", true), true)},
	}
}

// journaled is an update with a token, as a mirrored write takes it.
func (u users) journaled(j *Journal, join bool) func(ctx context.Context, id int) error {
	return func(ctx context.Context, id int) error {
		key := journal.Key{Kind: "User", ID: fmt.Sprint(id)}
		if join {
			ctx = journal.WithJoint(ctx, new(journal.Joint))
		}
		token, err := j.BeginAgreed(ctx, "x", key, phase.Old)
		if err != nil {
			return err
		}
		if err := u.update(ctx, id); err != nil {
			return err
		}
		return j.End(ctx, key, token, true)
	}
}

// BenchmarkCost measures updates of random rows by 16 clients.
func BenchmarkCost(b *testing.B) { cost.Bench(b, ways(b)) }

// TestCost prints what a journal costs.
func TestCost(t *testing.T) { cost.Table(t, "Postgres", ways(t)) }
