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

// stubborn is a journal that does not take failures of copies, or lets claims hang.
type stubborn struct {
	*counting
	hangs bool
}

func (*stubborn) Fail(context.Context, journal.Key, journal.Token, string, int) error { return errDown }

func (s *stubborn) BeginCopies(ctx context.Context, owner string, keys []journal.Key, idle time.Duration) ([]journal.Token, error) {
	if s.hangs {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return s.counting.BeginCopies(ctx, owner, keys, idle)
}

// resist is crowd over such a journal.
func resist(t *testing.T, keys int, config Config) (*rig.Rig, *stubborn, *Reconciler) {
	j := &stubborn{counting: &counting{Memory: journal.NewMemory()}}
	r := rig.New(t, rig.Options{Journal: j})
	for n := range keys {
		put(r, phase.Old, rig.NewItem(rig.ID(n), 1))
		dirty(t, r, phase.Old, rig.ID(n))
	}
	time.Sleep(rig.Settle)
	reconciler := New(r.Migration, config)
	reconciler.sample(1, 1)
	return r, j, reconciler
}

// TestPauseAfterAFailedPass: a pass that copied something and then lost the journal is followed by a pause, though there is more.
func TestPauseAfterAFailedPass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := fast()
		config.batch, config.Interval, config.Workers = 4, time.Hour, 1
		r, _, reconciler := resist(t, 40, config)
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", First: 2, Last: 2, Fault: dualtest.FailBefore(nil)})
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		reconciler.Run(ctx)
		require.EqualValues(t, 1, reconciler.Stats().Passes)
		require.EqualValues(t, 1, reconciler.Stats().Copied, "the one before the failure")
	})
}

// TestAllWorkersStop: once one of them lost the journal, the others copy no more of what they claimed.
func TestAllWorkersStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := fast()
		config.Workers = 2
		r, _, reconciler := resist(t, 2*maxShare, config)
		var puts atomic.Int32
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: func(ctx context.Context, call *dualtest.Call) error {
			time.Sleep(time.Millisecond)
			if puts.Add(1) == 10 {
				return errors.New("refused")
			}
			return call.Effect(ctx)
		}})
		_, err := reconciler.Once(t.Context())
		require.ErrorIs(t, err, errDown)
		require.LessOrEqual(t, puts.Load(), int32(12))
	})
}

// TestNothingToCopyTakesNoName: a pass that finds nothing costs the journal its listing alone.
func TestNothingToCopyTakesNoName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, j, reconciler := crowd(t, 0, fast())
		before := j.owners()
		_, err := reconciler.Once(t.Context())
		require.NoError(t, err)
		require.Zero(t, j.owners()-before)
	})
}

// TestClaimThatHangs: a stopped reconciler waits for the journal's answer for a moment, and not for its lease.
func TestClaimThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := fast()
		config.Lease = time.Hour
		_, j, reconciler := resist(t, 5, config)
		j.hangs = true
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		began := time.Now()
		reconciler.Run(ctx)
		require.Equal(t, time.Second+endTimeout, time.Since(began))
	})
}

// announced is a migration that is told of its reconcilers.
type announced struct {
	Migration
	running, told int
	paused        atomic.Bool
}

func (a *announced) Reconciling() (stop func()) {
	a.running++
	a.told++
	return func() { a.running-- }
}

func (a *announced) Paused() bool { return a.paused.Load() }

// TestRunIsAnnounced: the fleet knows of a reconciler while it runs, and a run that is stopped logs no failure.
func TestRunIsAnnounced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var logged bytes.Buffer
		config := fast()
		config.Logger = slog.New(slog.NewTextHandler(&logged, nil))
		r, _, reconciler := crowd(t, 20, config)
		m := &announced{Migration: r.Migration}
		reconciler.migration = m
		ctx, stop := context.WithCancel(t.Context())
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", First: 5, Last: 5, Fault: func(ctx context.Context, call *dualtest.Call) error {
			require.Equal(t, 1, m.running)
			stop()
			return call.Effect(ctx)
		}})
		reconciler.Run(ctx)
		require.Equal(t, []int{0, 1}, []int{m.running, m.told})
		require.NotContains(t, logged.String(), "reconcile pass failed")
		r.Faults.Clear()
		ctx, stop = context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		reconciler.Run(ctx)
		require.Zero(t, r.Unclean())
		require.NotContains(t, logged.String(), "reconcile pass failed")
	})
}

// TestPausedCopies: an operator's pause is no error, before a pass or within one, and what is left is not more to be done now.
func TestPausedCopies(t *testing.T) {
	for _, within := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			config := fast()
			config.batch = 10
			r, _, reconciler := crowd(t, 20, config)
			m := &announced{Migration: r.Migration}
			reconciler.migration = m
			m.paused.Store(!within)
			r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", First: 4, Last: 4, Fault: func(ctx context.Context, call *dualtest.Call) error {
				m.paused.Store(true)
				return call.Effect(ctx)
			}})
			pass, err := reconciler.Once(t.Context())
			require.NoError(t, err)
			if within {
				require.Equal(t, Pass{Copied: 4}, pass)
				require.Equal(t, 16, r.Unclean())
				return
			}
			require.Equal(t, Pass{}, pass)
			require.Zero(t, reconciler.Stats().Passes)
		})
	}
}

// TestWithoutLeaseNoPassBegins: an instance that is not admitted says so, be there anything to copy or not.
func TestWithoutLeaseNoPassBegins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _, reconciler := crowd(t, 0, fast())
		m := &leased{Migration: r.Migration}
		m.lost.Store(true)
		reconciler.migration = m
		_, err := reconciler.Once(t.Context())
		require.ErrorIs(t, err, errLost)
		require.Zero(t, reconciler.Stats().Passes)
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		reconciler.Run(ctx) // which nobody is told of, where the migration does not ask
		require.Zero(t, reconciler.Stats().Passes)
	})
}

// cut is a journal whose listing is cut off by the end of the caller.
type cut struct {
	*journal.Memory
	stop func()
}

func (c *cut) Unclean(ctx context.Context, _ journal.Query) ([]journal.Entry, error) {
	c.stop()
	return nil, ctx.Err()
}

// TestStopIsNoFailure: a pass that was cut off by the end of Run is not logged as one that failed.
func TestStopIsNoFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var logged bytes.Buffer
		config := fast()
		config.Logger = slog.New(slog.NewTextHandler(&logged, nil))
		ctx, stop := context.WithCancel(t.Context())
		r := rig.New(t, rig.Options{Journal: &cut{journal.NewMemory(), stop}})
		New(r.Migration, config).Run(ctx)
		require.Empty(t, logged.String())
	})
}

// TestOneBusyKeyIsCounted: a single key that somebody has is busy, once.
func TestOneBusyKeyIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, j, reconciler := crowd(t, 1, fast())
		j.beforeClaim = func() {
			_, err := j.Begin(t.Context(), "writer", rig.Key(rig.ID(0)), phase.Old)
			require.NoError(t, err)
		}
		pass, err := reconciler.Once(t.Context())
		require.NoError(t, err)
		require.Equal(t, Pass{Busy: 1}, pass)
		require.EqualValues(t, 1, reconciler.Stats().Busy)
	})
}
