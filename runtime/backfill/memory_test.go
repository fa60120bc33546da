package backfill_test

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/phase"
)

// numbers is a store of the numbers from 1 to n, of which it keeps no more than how far it got.
type numbers struct{ n atomic.Int64 }

func (s *numbers) reach(n int64) {
	for had := s.n.Load(); had < n && !s.n.CompareAndSwap(had, n); had = s.n.Load() {
	}
}

// TestMemoryIsConstant: what a run keeps does not grow with what it copies. A store is asked for its numbers in their order.
func TestMemoryIsConstant(t *testing.T) {
	var kept []uint64
	for _, n := range []int64{10_000, 1_000_000} {
		record := control.NewMemory()
		require.NoError(t, record.Swap(t.Context(), 0, control.Record{
			Epoch: 1, Phase: phase.OldPrimary, MirroredSince: 1, MirroredFrom: phase.Old, Kinds: []string{"Article"},
		}))
		m, err := dual.NewMigration(dual.Config{Control: record, Logger: slog.New(slog.DiscardHandler)})
		require.NoError(t, err)
		old := new(numbers)
		old.n.Store(n)
		dual.AddEntity(m, &[2]*numbers{old, {}}, numberEntity())
		for _, err := control.Settled(t.Context(), record); err != nil; _, err = control.Settled(t.Context(), record) {
			time.Sleep(time.Millisecond)
		}
		most, pages := uint64(0), 0
		config := backfill.Config{Rate: -1, Logger: slog.New(slog.DiscardHandler)}
		config.OnProgress = func(backfill.Progress) {
			if pages++; pages%20 == 1 {
				runtime.GC()
				var stats runtime.MemStats
				runtime.ReadMemStats(&stats)
				most = max(most, stats.HeapAlloc)
			}
		}
		report, err := backfill.Run(t.Context(), m, "Article", config)
		require.NoError(t, err)
		require.Equal(t, n, report.Copied)
		require.NoError(t, m.Close(context.Background()))
		kept = append(kept, most)
	}
	t.Logf("heap after 10,000 and after 1,000,000: %d and %d bytes", kept[0], kept[1])
	const filter = 8 << 20 // of the keys that were listed, once every block of it is made
	require.Less(t, kept[1], kept[0]+filter+4<<20, "a hundred times as many entities")
}

func numberEntity() dual.Entity[*numbers, int64] {
	return dual.Entity[*numbers, int64]{
		Kind: "Article",
		Key:  articleKey,
		Get: func(_ context.Context, s *numbers, key dual.Key) (n int64, found bool, err error) {
			_, err = fmt.Sscan(key.ID, &n)
			return n, n > 0 && n <= s.n.Load(), err
		},
		Put: func(_ context.Context, s *numbers, n int64) error { s.reach(n); return nil },
		PutMany: func(_ context.Context, s *numbers, all []int64) error {
			s.reach(all[len(all)-1])
			return nil
		},
		Scan: func(_ context.Context, s *numbers, cursor string, limit int) (page []int64, next string, err error) {
			after := int64(0)
			if cursor != "" {
				_, err = fmt.Sscan(cursor, &after)
			}
			for n := max(after, 0) + 1; n <= s.n.Load() && len(page) < limit; n++ {
				page = append(page, n)
			}
			if len(page) == 0 {
				return nil, "", err
			}
			return page, articleKey(page[len(page)-1]).ID, err
		},
		First: []dual.Key{articleKey(0)},
		Diff:  func(a, b int64) []dual.Difference { return nil },
	}
}
