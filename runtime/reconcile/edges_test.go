package reconcile

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// mute is a journal that cannot list, or cannot take keys away.
type mute struct {
	*journal.Memory
	unclean, expire bool
}

func (m *mute) Unclean(ctx context.Context, q journal.Query) ([]journal.Entry, error) {
	if m.unclean {
		return nil, errDown
	}
	return m.Memory.Unclean(ctx, q)
}

func (m *mute) Expire(ctx context.Context) (int, error) {
	if m.expire {
		return 0, errDown
	}
	return m.Memory.Expire(ctx)
}

// TestPassSaysThatTheJournalIsDown: no pass over a journal that does not answer looks like one that had nothing to do, and Run logs it.
func TestPassSaysThatTheJournalIsDown(t *testing.T) {
	for text, j := range map[string]*mute{
		"list unclean keys": {Memory: journal.NewMemory(), unclean: true}, "expire journal leases": {Memory: journal.NewMemory(), expire: true},
	} {
		synctest.Test(t, func(t *testing.T) {
			var logged bytes.Buffer
			config := fast()
			config.Logger = slog.New(slog.NewTextHandler(&logged, nil))
			r := rig.New(t, rig.Options{Journal: j})
			reconciler := New(r.Migration, config)
			_, err := reconciler.Once(t.Context())
			require.ErrorIs(t, err, errDown)
			require.ErrorContains(t, err, text)
			ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
			defer stop()
			reconciler.Run(ctx)
			require.Contains(t, logged.String(), "reconcile pass failed")
			require.Contains(t, logged.String(), text)
		})
	}
}

// TestPassesFollowAtOnce: while passes get something done, be it one key, or that as many fail as are copied, there is no pause.
func TestPassesFollowAtOnce(t *testing.T) {
	for name, test := range map[string]struct{ batch, fail int }{"one a pass": {1, 0}, "half fail": {2, 2}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				config := fast()
				config.batch, config.Interval, config.Backoff = test.batch, time.Hour, 24*time.Hour
				r, _, reconciler := crowd(t, 8, config)
				var puts atomic.Int32
				r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: func(ctx context.Context, call *dualtest.Call) error {
					if n := int(puts.Add(1)); test.fail > 0 && n%test.fail == 0 {
						return errors.New("refused")
					}
					return call.Effect(ctx)
				}})
				ctx, stop := context.WithTimeout(t.Context(), time.Minute)
				defer stop()
				reconciler.Run(ctx)
				require.EqualValues(t, 8, puts.Load())
			})
		})
	}
}

// TestListingWidens: a listing half of which can be copied, or that ends, is as large as ever; one that is mostly in the way is
// doubled, up to a bound.
func TestListingWidens(t *testing.T) {
	r := &Reconciler{config: Config{batch: 4}}
	for _, test := range []struct{ limit, listed, ready, next int }{
		{4, 4, 2, 4}, {4, 4, 1, 8}, {8, 8, 3, 16}, {8, 8, 4, 4}, {8, 7, 0, 4}, {maxLimit, maxLimit, 0, maxLimit},
	} {
		r.limit = test.limit
		require.Equal(t, test.next, r.nextLimit(test.listed, test.ready), "%+v", test)
	}
}

// TestQuarantineAfterOneOrNever: a key is given up at its first failure where one is allowed, and never where that is asked for.
func TestQuarantineAfterOneOrNever(t *testing.T) {
	for after, want := range map[int]int64{1: 1, -1: 0} {
		synctest.Test(t, func(t *testing.T) {
			config := fast()
			config.QuarantineAfter, config.MaxBackoff = after, time.Second
			r, _, reconciler := crowd(t, 1, config)
			r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: dualtest.FailBefore(nil)})
			for range 12 {
				_, err := reconciler.Once(t.Context())
				require.NoError(t, err)
				time.Sleep(time.Minute)
			}
			require.Equal(t, want, reconciler.Stats().Quarantined)
			counts, err := r.Journal.Counts(t.Context(), "")
			require.NoError(t, err)
			require.EqualValues(t, want, counts.Quarantined)
		})
	}
}

// TestPairIsClaimedTogether: one key needs no call of many, two do with one. Both keys of a pair whose claims were lost are marked again,
// each from its own primary.
func TestPairIsClaimedTogether(t *testing.T) {
	for keys, want := range map[int][]int32{1: {1, 0, 0}, 2: {0, 1, 1}} {
		synctest.Test(t, func(t *testing.T) {
			_, j, reconciler := crowd(t, keys, fast())
			pass, err := reconciler.Once(t.Context())
			require.NoError(t, err)
			require.Equal(t, Pass{Copied: keys}, pass)
			require.Equal(t, want, []int32{j.single.Load(), j.claims.Load(), j.ends.Load()})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		r, j, reconciler := crowd(t, 1, fast())
		dirty(t, r, phase.New, "b")
		time.Sleep(rig.Settle)
		j.beforeEnd = func(tokens []journal.Token) {
			for _, token := range tokens {
				_ = j.End(t.Context(), rig.Key(rig.ID(0)), token, true)
				_ = j.End(t.Context(), rig.Key("b"), token, true)
			}
		}
		pass, err := reconciler.Once(t.Context())
		require.NoError(t, err)
		require.Equal(t, Pass{Busy: 2}, pass)
		counts, err := j.Counts(t.Context(), "")
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Dirty: 2, Primary: [2]int{1, 1}}, counts)
	})
}

// TestClaimedCopiesTellTheirTime: what one copy of many took is the mean of them.
func TestClaimedCopiesTellTheirTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _, reconciler := crowd(t, 4, fast())
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: func(ctx context.Context, call *dualtest.Call) error {
			time.Sleep(claimsHeld / 10)
			return call.Effect(ctx)
		}})
		_, err := reconciler.Once(t.Context())
		require.NoError(t, err)
		require.EqualValues(t, claimsHeld/10, reconciler.took.Load())
	})
}

// TestStopReadsNoMore: keys that were claimed and not begun when the caller ends cost the stores nothing, and are given up together.
func TestStopReadsNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, j, reconciler := crowd(t, 10, fast())
		ctx, stop := context.WithCancel(t.Context())
		reads := 0
		r.Faults.Add(dualtest.Rule{Store: "old", Method: "Get", Fault: func(ctx context.Context, call *dualtest.Call) error {
			reads++
			return call.Effect(ctx)
		}})
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", First: 3, Last: 3, Fault: func(ctx context.Context, call *dualtest.Call) error {
			defer stop()
			return call.Effect(ctx)
		}})
		_, err := reconciler.Once(ctx)
		require.NoError(t, err)
		require.Equal(t, 3, reads)
		require.EqualValues(t, 2, j.ends.Load(), "the copied, and the rest")
	})
}

// watched is a context that counts what waits for its end.
type watched struct {
	context.Context
	waiting atomic.Int32
}

func (w *watched) AfterFunc(do func()) (stop func() bool) {
	w.waiting.Add(1)
	stopped := context.AfterFunc(w.Context, do)
	return func() bool {
		w.waiting.Add(-1)
		return stopped()
	}
}

// Value hides that it is made from a context of the standard library, which would be asked instead.
func (w *watched) Value(any) any { return nil }

// TestClaimsLeaveNothingBehind: the context of Run lives as long as the process, and must not gather something with each claim.
func TestClaimsLeaveNothingBehind(t *testing.T) {
	for _, keys := range []int{1, 5} {
		synctest.Test(t, func(t *testing.T) {
			r, _, reconciler := crowd(t, keys, fast())
			ctx := &watched{Context: t.Context()}
			_, err := reconciler.Once(ctx)
			require.NoError(t, err)
			require.Zero(t, r.Unclean())
			require.Zero(t, ctx.waiting.Load())
		})
	}
}
