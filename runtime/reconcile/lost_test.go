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

func (c *counting) MarkDirty(ctx context.Context, keys []journal.Key, primary phase.Store) error {
	if c.noMarks.Load() {
		return errDown
	}
	return c.Memory.MarkDirty(ctx, keys, primary)
}

// TestLostClaimIsMarked has the lease run out during the copy of one key. Others take the key away, copy it and write it, and then
// the copy lands after all, with what it read long ago: the key must be dirty again.
func TestLostClaimIsMarked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := fast()
		config.Lease, config.Timeout = 10*time.Second, time.Hour
		r, j, reconciler := crowd(t, 1, config)
		j.noRenewals.Store(true)
		key := rig.Key(rig.ID(0))
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Last: 1, Fault: func(ctx context.Context, call *dualtest.Call) error {
			ctx = context.WithoutCancel(ctx)
			time.Sleep(config.Lease + time.Second)
			taken, err := r.Journal.Expire(ctx)
			require.NoError(t, err)
			require.Equal(t, 1, taken)
			time.Sleep(rig.Settle)
			token, ok, err := r.Journal.BeginCopy(ctx, "other", key, rig.Settle)
			require.NoError(t, err)
			require.True(t, ok)
			require.NoError(t, r.Journal.End(ctx, key, token, true))
			r.Put(rig.NewItem(key.ID, 2))
			require.Zero(t, r.Unclean())
			return call.Effect(ctx)
		}})
		pass, err := reconciler.Once(t.Context())
		require.NoError(t, err)
		require.Equal(t, Pass{Busy: 1}, pass)
		require.EqualValues(t, 1, reconciler.Stats().Busy)
		require.False(t, r.Equal())
		j.noRenewals.Store(false)
		time.Sleep(rig.Settle)
		_, err = reconciler.Once(t.Context())
		require.NoError(t, err)
		require.True(t, r.Equal())
		require.Zero(t, r.Unclean())
	})
}

// TestLostClaimThatCannotBeMarked: a pass that lost a token and cannot mark the key says so.
func TestLostClaimThatCannotBeMarked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, j, reconciler := crowd(t, 3, fast())
		j.beforeEnd = func(tokens []journal.Token) {
			j.noMarks.Store(true)
			for n := range tokens { // of which key each is, only the reconciler knows
				for _, token := range tokens {
					_ = j.End(t.Context(), rig.Key(rig.ID(n)), token, false)
				}
			}
		}
		pass, err := reconciler.Once(t.Context())
		require.ErrorIs(t, err, errDown)
		require.ErrorContains(t, err, "claims may be lost")
		require.Equal(t, Pass{Busy: 3}, pass)
		require.EqualValues(t, 3, reconciler.Stats().Busy)
		require.Equal(t, 3, r.Unclean())
	})
}

// TestStoppedWhileItClaims has a reconciler stopped while the journal takes its claims: it holds none then, so that nobody waits for
// its lease.
func TestStoppedWhileItClaims(t *testing.T) {
	for _, keys := range []int{1, 3} {
		synctest.Test(t, func(t *testing.T) {
			r, j, reconciler := crowd(t, keys, fast())
			ctx, cancel := context.WithCancel(t.Context())
			j.beforeClaim = cancel
			pass, err := reconciler.Once(ctx)
			require.NoError(t, err)
			require.Zero(t, pass.Copied+pass.Failed)
			counts, err := r.Journal.Counts(t.Context(), "")
			require.NoError(t, err)
			require.Equal(t, journal.Counts{Dirty: keys, Primary: [2]int{keys, 0}}, counts)
		})
	}
}

// TestFirstErrorIsTold: of a pass that several workers break off, the first error is told; the others follow from it.
func TestFirstErrorIsTold(t *testing.T) {
	var b batch
	require.NoError(t, b.broken())
	b.breakOff(errDown)
	b.breakOff(errPaused)
	require.Equal(t, errDown, b.broken())
}
