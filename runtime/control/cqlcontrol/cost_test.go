package cqlcontrol

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// way is one way to write a row.
type way struct {
	name  string
	write func(ctx context.Context, id int) error
}

// ways returns a plain insert and what a journal makes of it.
func ways(tb testing.TB) []way {
	tb.Helper()
	p := newPlace(tb)
	b := p.open(tb, Options{})
	create := fmt.Sprintf(`CREATE TABLE %s.users (id int PRIMARY KEY, name text, email text)`, p.keyspace)
	require.NoError(tb, b.session.Query(create).Exec())
	insert := fmt.Sprintf(`INSERT INTO %s.users (id, name, email) VALUES (?, ?, ?)`, p.keyspace)
	plain := func(ctx context.Context, id int) error {
		return b.query(ctx, insert, id, fmt.Sprint("user ", id), fmt.Sprint(id, "@example.org")).Exec()
	}
	type begin func(ctx context.Context, owner string, key journal.Key, primary phase.Store) (journal.Token, error)
	nothing := func(context.Context, int) error { return nil }
	type write = func(ctx context.Context, id int) error
	journaled := func(begin begin, plain write) write {
		return func(ctx context.Context, id int) error {
			key := journal.Key{Kind: "User", ID: fmt.Sprint(id)}
			token, err := begin(ctx, "x", key, phase.Old)
			if err != nil {
				return err
			}
			if err := plain(ctx, id); err != nil {
				return err
			}
			return b.journal.End(ctx, key, token, true)
		}
	}
	pair := func(plain write) write {
		return func(ctx context.Context, id int) error {
			key := fmt.Sprint("lock ", id)
			_, err := b.apply(ctx, `INSERT INTO {checkpoint} (migration, name, data) VALUES ('cost', ?, 0x00) IF NOT EXISTS`, key)
			if err == nil {
				err = plain(ctx, id)
			}
			if err == nil {
				_, err = b.apply(ctx, `DELETE FROM {checkpoint} WHERE migration = 'cost' AND name = ? IF data = 0x00`, key)
			}
			return err
		}
	}
	return []way{
		{"plain", plain},
		{"token-rows", journaled(b.journal.BeginAgreed, plain)},
		{"token-rows alone", journaled(b.journal.BeginAgreed, nothing)},
		{"lwt-pair", pair(plain)},
		{"lwt-pair alone", pair(nothing)},
		{"guarded", journaled(b.journal.Begin, plain)},
	}
}

// BenchmarkCost measures inserts of random rows by 16 clients. Compare its lines as ratios: benchstat does.
func BenchmarkCost(b *testing.B) {
	for _, w := range ways(b) {
		b.Run(w.name, func(b *testing.B) {
			b.SetParallelism(8)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := w.write(context.Background(), rand.IntN(100_000)); err != nil {
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
				if err := w.write(context.Background(), rand.IntN(100_000)); err != nil {
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

// TestCost prints what a journal costs, as shares of plain inserts, the ways in turn, the median of the rounds.
func TestCost(t *testing.T) {
	all := ways(t)
	const rounds, length = 5, 800 * time.Millisecond
	rates := make([][]float64, len(all))
	for range rounds {
		for i, w := range all {
			rates[i] = append(rates[i], w.rate(t, length))
		}
	}
	for i := range rates {
		slices.Sort(rates[i])
	}
	plain := rates[0][rounds/2]
	t.Logf("%-17s %10s %s", "Cassandra", "writes/s", "of plain")
	for i, w := range all {
		t.Logf("%-17s %10.0f %.2f", w.name, rates[i][rounds/2], rates[i][rounds/2]/plain)
	}
}
