package backfill_test

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/dual"
)

// sharedRows is how many rows they copy. What a range costs besides its rows does not grow with them.
const sharedRows = 400_000 // in eight ranges

// loops is loop by several workers, each over its part of the table.
func (g ground) loops(tb testing.TB, n, batch, workers int) {
	var parts sync.WaitGroup
	for i := range n {
		parts.Go(func() {
			after, upto := int64(sharedRows*i/n), int64(sharedRows*(i+1)/n)
			for after < upto {
				page, err := g.old.list(context.Background(), after, min(batch*workers, int(upto-after)))
				if err != nil {
					tb.Error(err)
					return
				}
				var writers sync.WaitGroup
				for first := 0; first < len(page); first += batch {
					writers.Go(func() {
						if err := g.new.saveAll(context.Background(), page[first:min(first+batch, len(page))]); err != nil {
							tb.Error(err)
						}
					})
				}
				writers.Wait()
				after = page[len(page)-1].ID
			}
		})
	}
	parts.Wait()
}

// share backfills by several migrations, as many processes would, and returns how long it took until the kind was complete: whoever
// does the last range returns then, and the others once they have heard of it.
func (g ground) share(tb testing.TB, n int, config backfill.Config) (took time.Duration) {
	g.mirrored(tb)
	var all []*dual.Migration
	for range n {
		m, err := g.migration()
		require.NoError(tb, err)
		all = append(all, m)
	}
	config.Logger, config.Rate = slog.New(slog.DiscardHandler), -1
	began, ends := time.Now(), make(chan time.Duration, n)
	for _, m := range all {
		go func() {
			reports, err := backfill.Share(context.Background(), m, []string{"Article"}, config)
			if err != nil || !reports[0].Complete || reports[0].Copied != sharedRows {
				tb.Error(err, reports)
			}
			ends <- time.Since(began)
		}()
	}
	took = <-ends
	for range n - 1 {
		<-ends
	}
	for _, m := range all {
		require.NoError(tb, m.Close(context.Background()))
	}
	return took
}

// BenchmarkSharedAgainstHandWrittenLoops copies the same table by turns: by four loops written by hand, each over a quarter of the keys
// that it is told, and by four that share a backfill, plan and all. Batches and workers are the same.
func BenchmarkSharedAgainstHandWrittenLoops(b *testing.B) {
	g := openGround(b, sharedRows)
	const batch, workers, n = 500, 2, 4
	var took [2]time.Duration
	var ratios []float64
	for range b.N {
		g.empty(b)
		began := time.Now()
		g.loops(b, n, batch, workers)
		byHand := time.Since(began)
		g.empty(b)
		shared := g.share(b, n, backfill.Config{Chunk: batch, Workers: workers, Ranges: 8})
		took[0], took[1] = took[0]+byHand, took[1]+shared
		ratios = append(ratios, byHand.Seconds()/shared.Seconds())
		b.Logf("by hand %v, shared %v", byHand, shared)
	}
	slices.Sort(ratios)
	b.ReportMetric(float64(b.N*sharedRows)/took[0].Seconds(), "loops-rows/s")
	b.ReportMetric(float64(b.N*sharedRows)/took[1].Seconds(), "shared-rows/s")
	b.ReportMetric(ratios[len(ratios)/2], "median-shared/loops")
}
