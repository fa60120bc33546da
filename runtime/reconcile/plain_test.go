package reconcile

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// TestJournalWithoutClaims: keys of a journal that cannot claim many at once are copied one by one, and what one took is what is expected
// of the next.
func TestJournalWithoutClaims(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Journal: struct{ journal.Journal }{journal.NewMemory()}})
		for n := range 20 {
			put(r, phase.Old, rig.NewItem(rig.ID(n), 1))
			dirty(t, r, phase.Old, rig.ID(n))
		}
		const took = claimsHeld / 5
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: func(ctx context.Context, call *dualtest.Call) error {
			time.Sleep(took)
			return call.Effect(ctx)
		}})
		time.Sleep(rig.Settle)
		config := fast()
		config.Workers = 1
		reconciler := New(r.Migration, config)
		pass, err := reconciler.Once(t.Context())
		require.NoError(t, err)
		require.Equal(t, Pass{Copied: 20}, pass)
		require.True(t, r.Equal())
		require.Zero(t, r.Unclean())
		require.EqualValues(t, took, reconciler.took.Load())
		require.Equal(t, 5, reconciler.share())
	})
}

// TestOneOfManyOverlaps: a write during one of many copies, which keeps that copy from arriving, leaves its key dirty; the copy has not failed,
// and the others are done.
func TestOneOfManyOverlaps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _, reconciler := crowd(t, 8, fast())
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", First: 3, Last: 3, Fault: func(ctx context.Context, call *dualtest.Call) error {
			for n := range 8 { // of which key it is, only the reconciler knows
				key := rig.Key(rig.ID(n))
				if _, copied := r.Stores[phase.New].Snapshot()[key.ID]; copied {
					continue
				}
				token, err := r.Journal.Begin(ctx, "writer", key, phase.Old)
				require.NoError(t, err)
				require.NoError(t, r.Journal.End(ctx, key, token, false))
			}
			return nil // says that it put the row, and has not
		}})
		pass, err := reconciler.Once(t.Context())
		require.NoError(t, err)
		require.Zero(t, pass.Failed)
		require.Equal(t, 1, pass.Busy)
		require.Equal(t, 7, pass.Copied)
		require.EqualValues(t, []int64{1, 0, 7}, []int64{reconciler.Stats().Busy, reconciler.Stats().Failed, reconciler.Stats().Copied})
		time.Sleep(time.Hour)
		_, err = reconciler.Once(t.Context())
		require.NoError(t, err)
		require.True(t, r.Equal())
		require.Zero(t, r.Unclean())
	})
}
