package reconcile

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
)

// TestBusyKeysOfManyAreLeft has a write begin between the listing and the claims.
func TestBusyKeysOfManyAreLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, j, reconciler := crowd(t, 3, fast())
		j.beforeClaim = func() {
			_, err := j.Begin(t.Context(), "writer", rig.Key(rig.ID(1)), phase.Old)
			require.NoError(t, err)
		}
		pass, err := reconciler.Once(t.Context())
		require.NoError(t, err)
		require.Equal(t, Pass{Copied: 2, Busy: 1}, pass)
		require.EqualValues(t, 1, reconciler.Stats().Busy)
		require.Equal(t, 1, r.Unclean())
	})
}

// TestShareFollowsTheRate: a worker claims no more than the rate lets it copy while it means to hold them.
func TestShareFollowsTheRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := fast()
		config.Rate = 400 // of which a tenth at first
		_, _, reconciler := crowd(t, 0, config)
		require.Equal(t, 4, reconciler.share())
		reconciler.sample(1, claimsHeld/2)
		require.Equal(t, 2, reconciler.share())
		reconciler.sample(4, 2*claimsHeld)
		require.Equal(t, 2, reconciler.share())
		reconciler.sample(1, 2*claimsHeld)
		require.Equal(t, 1, reconciler.share())
	})
}

// TestOneVerySlowCopyGivesClaimsBack: after one copy that took longer than claims are kept, there is no second.
func TestOneVerySlowCopyGivesClaimsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _, reconciler := crowd(t, 5, fast())
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: func(ctx context.Context, call *dualtest.Call) error {
			time.Sleep(2 * claimsKept)
			return call.Effect(ctx)
		}})
		pass, err := reconciler.Once(t.Context())
		require.NoError(t, err)
		require.Equal(t, Pass{Copied: 1}, pass)
		require.Equal(t, 4, r.Unclean())
	})
}

// TestStopLeavesTheRestOfMany ends the caller between two copies of keys that were claimed together.
func TestStopLeavesTheRestOfMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _, reconciler := crowd(t, 10, fast())
		ctx, stop := context.WithCancel(t.Context())
		puts := 0
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: func(ctx context.Context, call *dualtest.Call) error {
			if puts++; puts == 4 {
				defer stop()
			}
			return call.Effect(ctx)
		}})
		_, err := reconciler.Once(ctx)
		require.NoError(t, err)
		require.Equal(t, 4, puts)
		require.Zero(t, reconciler.Stats().Failed)
		entries, err := r.Journal.Counts(t.Context(), "")
		require.NoError(t, err)
		require.Zero(t, entries.Active, "all claims were given up")
	})
}

// TestPausesBetweenPasses: a pass that found all there was to copy, or nothing to copy among many, is followed by a pause. The passes
// hold their claims under one name.
func TestPausesBetweenPasses(t *testing.T) {
	for name, keys := range map[string]int{"all copied": 1, "all wait": 4} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				config := fast()
				config.batch, config.Backoff = 4, time.Hour
				r, j, reconciler := crowd(t, keys, config)
				if keys > 1 {
					r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: dualtest.FailBefore(nil)})
					_, err := reconciler.Once(t.Context())
					require.NoError(t, err)
					time.Sleep(rig.Settle)
				}
				before, owners := reconciler.Stats().Passes, j.owners()
				ctx, stop := context.WithTimeout(t.Context(), 10*time.Second+time.Millisecond)
				defer stop()
				reconciler.Run(ctx)
				require.EqualValues(t, 11, reconciler.Stats().Passes-before)
				require.LessOrEqual(t, j.owners()-owners, 1)
			})
		})
	}
}

// TestOneNameForManyPasses: passes that follow one another hold their claims under one name, which has one lease.
func TestOneNameForManyPasses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := fast()
		config.batch = 4
		r, j, reconciler := crowd(t, 40, config)
		before := j.owners()
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		reconciler.Run(ctx)
		require.Zero(t, r.Unclean())
		require.Equal(t, 1, j.owners()-before)
	})
}

// owners is how many names had a lease.
func (c *counting) owners() (n int) {
	c.leased.Range(func(any, any) bool { n++; return true })
	return n
}

func TestBackoffEndsAtItsMaximum(t *testing.T) {
	config := Config{Backoff: time.Second, MaxBackoff: 5 * time.Minute}
	for attempts, want := range map[int]time.Duration{0: 0, 1: time.Second, 2: 2 * time.Second, 9: 256 * time.Second, 10: 5 * time.Minute, 200: 5 * time.Minute} {
		require.Equal(t, want, config.backoff(attempts), "%d attempts", attempts)
	}
}
