// Package cost measures what a journal makes of a write: several ways to write a row, side by side.
package cost

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Rows is how many rows the ways write to, numbered from 1.
const Rows = 100_000

// clients is how many write at once.
const clients = 16

// Way is one way to write a row.
type Way struct {
	Name  string
	Write func(ctx context.Context, id int) error
}

// Bench runs the ways as benchmarks. Compare their lines as ratios: benchstat does.
func Bench(b *testing.B, ways []Way) {
	for _, w := range ways {
		b.Run(w.Name, func(b *testing.B) {
			b.SetParallelism(8)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := w.Write(context.Background(), 1+rand.IntN(Rows)); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

// Table prints the ways as shares of the first one. In each round every way has a turn, and a share is the median of the
// rounds' own: what else the machine does in a round slows all ways of it.
func Table(t *testing.T, title string, ways []Way) {
	t.Helper()
	for _, w := range ways {
		w.rate(t) // warms up
	}
	rates, shares := make([][]float64, len(ways)), make([][]float64, len(ways))
	for range rounds {
		for i, w := range ways {
			rate := w.rate(t)
			rates[i] = append(rates[i], rate)
			shares[i] = append(shares[i], rate/rates[0][len(rates[0])-1])
		}
	}
	t.Logf("%-17s %9s %s", title, "writes/s", "of plain, and from the worst to the best of the middle half")
	for i, w := range ways {
		slices.Sort(rates[i])
		slices.Sort(shares[i])
		t.Logf("%-17s %9.0f %.2f   %.2f – %.2f", w.Name, rates[i][rounds/2], shares[i][rounds/2], shares[i][rounds/4], shares[i][rounds-1-rounds/4])
	}
}

// rate runs the way with all clients for a turn, and returns writes per second.
func (w Way) rate(t *testing.T) float64 {
	t.Helper()
	var writes atomic.Int64
	var all sync.WaitGroup
	began := time.Now()
	for range clients {
		all.Go(func() {
			for time.Since(began) < turn {
				if err := w.Write(context.Background(), 1+rand.IntN(Rows)); err != nil {
					t.Errorf("%s: %v", w.Name, err)
					return
				}
				writes.Add(1)
			}
		})
	}
	all.Wait()
	return float64(writes.Load()) / time.Since(began).Seconds()
}
