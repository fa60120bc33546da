package sqlcontrol

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sort"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// users is a table of plain rows in Postgres, whose updates a journal goes with.
type users struct{ pool *pgxpool.Pool }

const userCount = 100_000

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
INSERT INTO users SELECT n, 'x', 0 FROM generate_series(1, %d) n`, userCount))
	require.NoError(tb, err)
	return users{pool}
}

// way is one way to write a row.
type way struct {
	name  string
	write func(ctx context.Context, id int) error
}

// ways returns a plain write and what a journal makes of it.
func ways(tb testing.TB) []way {
	tb.Helper()
	dsn := servertest.Postgres(tb)
	u := openUsers(tb, dsn)
	db := sqlx.NewDb(stdlib.OpenDBFromPool(u.pool), "pgx")
	open := func(name string, lazy bool) *Journal {
		b, err := Open(db, Options{Dialect: Postgres, Migration: name, LazyEnd: lazy, Sweep: time.Second})
		require.NoError(tb, err)
		require.NoError(tb, b.Migrate(context.Background()))
		tb.Cleanup(func() { require.NoError(tb, b.Close(context.Background())) })
		return b.journal
	}
	return []way{
		{"plain", u.update},
		{"separate", u.journaled(open("separate", false), false)},
		{"separate-lazy", u.journaled(open("separate-lazy", true), false)},
		{"joined", u.journaled(open("joined", false), true)},
		{"joined-lazy", u.journaled(open("joined-lazy", true), true)},
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

// BenchmarkCost measures updates of random rows by 16 clients. Compare its lines as ratios: benchstat does.
func BenchmarkCost(b *testing.B) {
	for _, w := range ways(b) {
		b.Run(w.name, func(b *testing.B) {
			b.SetParallelism(8)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := w.write(context.Background(), 1+rand.IntN(userCount)); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

// rate runs a way with 16 clients for so long, and returns writes per second.
func (w way) rate(t *testing.T, length time.Duration) float64 {
	t.Helper()
	var clients sync.WaitGroup
	counts := make([]int, 16)
	until := time.Now().Add(length)
	for i := range counts {
		clients.Go(func() {
			for time.Now().Before(until) {
				if err := w.write(context.Background(), 1+rand.IntN(userCount)); err != nil {
					t.Errorf("%s: %v", w.name, err)
					return
				}
				counts[i]++
			}
		})
	}
	clients.Wait()
	sum := 0
	for _, n := range counts {
		sum += n
	}
	return float64(sum) / length.Seconds()
}

// TestCost prints what a journal costs, as shares of plain updates, the ways in turn, the median of the rounds.
func TestCost(t *testing.T) {
	all := ways(t)
	rounds, length := 3, 700*time.Millisecond
	rates := make([][]float64, len(all))
	for range rounds {
		for i, w := range all {
			rates[i] = append(rates[i], w.rate(t, length))
		}
	}
	median := func(i int) float64 {
		sort.Float64s(rates[i])
		return rates[i][rounds/2]
	}
	plain := median(0)
	t.Logf("%-15s %10s %s", "Postgres", "writes/s", "of plain")
	for i, w := range all {
		t.Logf("%-15s %10.0f %.2f", w.name, median(i), median(i)/plain)
	}
}
