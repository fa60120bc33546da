package reconcile

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func fast() Config {
	return Config{Rate: -1, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

func dirty(t *testing.T, r *rig.Rig, primary phase.Store, ids ...string) {
	t.Helper()
	for _, id := range ids {
		require.NoError(t, r.Journal.MarkDirty(t.Context(), []journal.Key{rig.Key(id)}, primary))
	}
}

func put(r *rig.Rig, position phase.Store, item rig.Item) { r.Stores[position].Corrupt(item.ID, &item) }

func TestCopiesFromTheEntrysPrimary(t *testing.T) {
	for _, primary := range []phase.Store{phase.Old, phase.New} {
		t.Run(primary.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rig.New(t, rig.Options{Phase: phase.OldGuarded})
				put(r, primary, rig.NewItem("changed", 2))
				put(r, primary.Other(), rig.NewItem("changed", 1))
				put(r, primary, rig.NewItem("added", 1))
				put(r, primary.Other(), rig.NewItem("deleted", 1))
				dirty(t, r, primary, "changed", "added", "deleted")
				want := r.Stores[primary].Snapshot()
				time.Sleep(rig.Settle)
				pass, err := New(r.Migration, fast()).Once(t.Context())
				require.NoError(t, err)
				require.Equal(t, Pass{Copied: 3}, pass)
				require.Zero(t, r.Unclean())
				require.Equal(t, want, r.Stores[primary.Other()].Snapshot())
				require.Equal(t, want, r.Stores[primary].Snapshot())
			})
		})
	}
}

// TestRules runs, for each rule, a course of events in which the rule matters: with the rule the stores converge, with
// the rule off they stay apart.
func TestRules(t *testing.T) {
	for _, test := range []struct {
		name   string
		off    hooks.Rules
		course func(t *testing.T, r *rig.Rig, reconciler *Reconciler)
	}{
		{"the settle window", hooks.Rules{NoSettle: true}, lateWrite},
		{"the claim clears the mark before the copy", hooks.Rules{CopyThenClear: true}, writeFailsDuringCopy},
		{"the entry names the primary", hooks.Rules{CopyFromPhase: true}, entryAgainstPhase},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, off := range []hooks.Rules{{}, test.off} {
				synctest.Test(t, func(t *testing.T) {
					r := rig.New(t, rig.Options{Phase: phase.OldGuarded})
					put(r, phase.Old, rig.NewItem("a", 1))
					put(r, phase.New, rig.NewItem("a", 1))
					config := fast()
					config.Hooks = &hooks.Hooks{Off: off}
					reconciler := New(r.Migration, config)
					test.course(t, r, reconciler)
					for range 10 {
						time.Sleep(time.Minute)
						_, err := reconciler.Once(t.Context())
						require.NoError(t, err)
					}
					r.Faults.Wait()
					require.Zero(t, r.Unclean())
					good := r.Equal() && r.Stores[phase.Old].Snapshot()["a"].Count == 2
					require.Equal(t, off == hooks.Rules{}, good, "the stores are right exactly if the rule is on")
				})
			}
		})
	}
}

// lateWrite: a mirror write times out and lands just when a hasty copy has been made, after the next write.
func lateWrite(t *testing.T, r *rig.Rig, reconciler *Reconciler) {
	remove := r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Last: 1, Fault: dualtest.FailLate(nil, rig.Settle/2)})
	r.Put(rig.NewItem("a", 9))
	remove()
	_, err := reconciler.Once(t.Context())
	require.NoError(t, err)
	r.Put(rig.NewItem("a", 2))
}

// writeFailsDuringCopy: a write comes between a copy's read and its end, and its own mirror write fails.
func writeFailsDuringCopy(t *testing.T, r *rig.Rig, reconciler *Reconciler) {
	put(r, phase.New, rig.NewItem("a", 0)) // else there is nothing to write
	dirty(t, r, phase.Old, "a")
	time.Sleep(time.Minute)
	overlapped := false
	r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: func(ctx context.Context, call *dualtest.Call) error {
		if overlapped {
			return errors.New("the write's own mirror fails")
		}
		overlapped = true
		r.Put(rig.NewItem("a", 2))
		return call.Effect(ctx)
	}})
	_, err := reconciler.Once(t.Context())
	require.NoError(t, err)
	r.Faults.Clear()
}

func entryAgainstPhase(t *testing.T, r *rig.Rig, _ *Reconciler) {
	put(r, phase.New, rig.NewItem("a", 2))
	dirty(t, r, phase.New, "a")
}

func TestLeavesWhatIsNotReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		ctx := t.Context()
		dirty(t, r, phase.Old, "ready")
		require.NoError(t, r.Journal.MarkDirty(ctx, []journal.Key{{Kind: rig.Kind, Whole: true}, {Kind: "Other", ID: "1"}}, phase.Old))
		token, err := r.Journal.Begin(ctx, "writer", rig.Key("busy"), phase.Old)
		require.NoError(t, err)
		time.Sleep(rig.Settle)
		dirty(t, r, phase.Old, "fresh")
		reconciler := New(r.Migration, fast())
		pass, err := reconciler.Once(ctx)
		require.NoError(t, err)
		require.Equal(t, Pass{Copied: 1, Whole: 1, Unknown: 1}, pass)
		require.NoError(t, r.Journal.End(ctx, rig.Key("busy"), token, true))
		require.EqualValues(t, 1, reconciler.Stats().Copied)
	})
}

func TestDoesNothingWhileOneStoreIsWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldOnly})
		dirty(t, r, phase.Old, "a")
		time.Sleep(time.Minute)
		pass, err := New(r.Migration, fast()).Once(t.Context())
		require.NoError(t, err)
		require.Equal(t, Pass{}, pass)
		require.Equal(t, 1, r.Unclean())
	})
}

func TestBackoffAndQuarantine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		put(r, phase.Old, rig.NewItem("a", 1))
		dirty(t, r, phase.Old, "a")
		remove := r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: dualtest.FailBefore(errors.New("no such column"))})
		config := fast()
		config.QuarantineAfter, config.Backoff = 5, 10*time.Second
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		reconciler := New(r.Migration, config)
		go func() { defer close(done); reconciler.Run(ctx) }()
		// Five attempts take five settle windows and backoffs of 10, 20, 40 and 80 seconds, plus the pauses between passes.
		time.Sleep(200*time.Second - time.Second)
		synctest.Wait()
		require.EqualValues(t, 4, reconciler.Stats().Failed)
		time.Sleep(8 * time.Second)
		require.EqualValues(t, 5, reconciler.Stats().Failed)
		require.EqualValues(t, 1, reconciler.Stats().Quarantined)
		time.Sleep(time.Hour)
		require.Equal(t, 5, remove(), "a quarantined key is left alone")
		entry, found, err := r.Journal.Lookup(t.Context(), rig.Key("a"))
		require.NoError(t, err)
		require.True(t, found && entry.Quarantined)
		require.Contains(t, entry.Cause, "no such column")

		dirty(t, r, phase.Old, "a") // an operator's retry
		time.Sleep(time.Minute)
		require.Zero(t, r.Unclean())
		require.True(t, r.Equal())
		cancel()
		<-done
	})
}

// TestUniqueConflict has a mirror that refuses a key while another one, not yet copied, holds its unique name. A copy that is
// refused must be tried again; given up at once, the key stays apart.
func TestUniqueConflict(t *testing.T) {
	for _, retried := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			r := rig.New(t, rig.Options{})
			put(r, phase.New, rig.NewItem("holder", 1))
			put(r, phase.Old, rig.NewItem("holder", 2)) // renamed, and its mirror write failed
			put(r, phase.Old, rig.NewItem("heir", 1))
			dirty(t, r, phase.Old, "heir")
			r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Key: "heir", Fault: func(ctx context.Context, call *dualtest.Call) error {
				if r.Stores[phase.New].Snapshot()["holder"].Count == 1 {
					return errors.New("duplicate name")
				}
				return call.Effect(ctx)
			}})
			config := fast()
			if !retried {
				config.QuarantineAfter = 1
			}
			reconciler := New(r.Migration, config)
			for range 3 {
				time.Sleep(time.Minute)
				_, err := reconciler.Once(t.Context())
				require.NoError(t, err)
				dirty(t, r, phase.Old, "holder")
			}
			time.Sleep(time.Minute)
			_, err := reconciler.Once(t.Context())
			require.NoError(t, err)
			require.Equal(t, retried, r.Equal(), "the stores are equal exactly if the copy is tried again")
		})
	}
}

// TestFailingKeysDoNotCrowdOutOthers fills the front of the listing with keys that wait out their backoff.
func TestFailingKeysDoNotCrowdOutOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		config := fast()
		config.batch, config.Backoff, config.MaxBackoff = 4, 24*time.Hour, 24*time.Hour
		for n := range 20 {
			put(r, phase.Old, rig.NewItem(rig.ID(n), 1))
			dirty(t, r, phase.Old, rig.ID(n))
		}
		remove := r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: dualtest.FailBefore(nil)})
		reconciler := New(r.Migration, config)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); reconciler.Run(ctx) }()
		time.Sleep(time.Minute)
		require.Equal(t, 20, remove())
		put(r, phase.Old, rig.NewItem("good", 1))
		dirty(t, r, phase.Old, "good")
		time.Sleep(2 * time.Minute)
		require.Equal(t, 20, r.Unclean(), "the good key was copied, the others wait")
		cancel()
		<-done
	})
}

func TestTakesKeysOfDeadInstances(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		ctx := t.Context()
		require.NoError(t, r.Journal.Renew(ctx, "dead", time.Minute))
		_, err := r.Journal.Begin(ctx, "dead", rig.Key("a"), phase.Old)
		require.NoError(t, err)
		put(r, phase.Old, rig.NewItem("a", 2)) // it died between its two writes
		reconciler := New(r.Migration, fast())
		time.Sleep(30 * time.Second)
		_, err = reconciler.Once(ctx)
		require.NoError(t, err)
		require.False(t, r.Equal(), "the lease has not run out")
		time.Sleep(31 * time.Second)
		_, err = reconciler.Once(ctx)
		require.NoError(t, err)
		require.EqualValues(t, 1, reconciler.Stats().Expired)
		time.Sleep(rig.Settle)
		_, err = reconciler.Once(ctx)
		require.NoError(t, err)
		require.True(t, r.Equal())
		require.Zero(t, r.Unclean())
	})
}

// failing is a journal whose calls of one method fail, after their effect.
type failing struct {
	journal.Journal
	beginCopy, end atomic.Bool
}

var errDown = errors.New("journal down")

func (f *failing) BeginCopy(ctx context.Context, owner string, key journal.Key, idle time.Duration) (journal.Token, bool, error) {
	token, ok, err := f.Journal.BeginCopy(ctx, owner, key, idle)
	if f.beginCopy.Load() {
		return journal.Token{}, false, errDown
	}
	return token, ok, err
}

func (f *failing) End(ctx context.Context, key journal.Key, token journal.Token, clean bool) error {
	if f.end.Load() {
		return errDown
	}
	return f.Journal.End(ctx, key, token, clean)
}

// TestTokensOfUnknownFate lets the journal fail in the middle of a copy: the token that is left behind must not stay.
func TestTokensOfUnknownFate(t *testing.T) {
	for _, test := range []struct {
		name string
		set  func(*failing, bool)
	}{
		{"claim", func(f *failing, down bool) { f.beginCopy.Store(down) }},
		{"end", func(f *failing, down bool) { f.end.Store(down) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				j := &failing{Journal: journal.NewMemory()}
				r := rig.New(t, rig.Options{Journal: j})
				put(r, phase.Old, rig.NewItem("a", 1))
				dirty(t, r, phase.Old, "a")
				time.Sleep(rig.Settle)
				reconciler := New(r.Migration, fast())
				ctx, cancel := context.WithCancel(t.Context())
				done := make(chan struct{})
				test.set(j, true)
				go func() { defer close(done); reconciler.Run(ctx) }()
				time.Sleep(5 * time.Second)
				test.set(j, false)
				time.Sleep(2 * time.Minute)
				require.Zero(t, r.Unclean())
				require.True(t, r.Equal())
				cancel()
				<-done
			})
		})
	}
}

func TestStopEndsCopiesInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		put(r, phase.Old, rig.NewItem("a", 1))
		dirty(t, r, phase.Old, "a")
		r.Faults.Add(dualtest.Rule{Store: "new", Fault: dualtest.Block(nil)})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		reconciler := New(r.Migration, fast())
		go func() { defer close(done); reconciler.Run(ctx) }()
		time.Sleep(rig.Settle + 2*time.Second)
		cancel()
		<-done
		require.Zero(t, reconciler.Stats().Failed)
		entry, found, err := r.Journal.Lookup(t.Context(), rig.Key("a"))
		require.NoError(t, err)
		require.True(t, found && entry.Dirty && entry.Active == 0)
		require.Zero(t, entry.Attempts, "a copy that was cut off is no failed attempt")
	})
}

// TestSeveralAtOnce runs four reconcilers over the same keys under load: each key is copied, none is harmed.
func TestSeveralAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		const keys = 500
		for n := range keys {
			put(r, phase.Old, rig.NewItem(rig.ID(n), 1))
			dirty(t, r, phase.Old, rig.ID(n))
		}
		time.Sleep(rig.Settle)
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		reconcilers := make([]*Reconciler, 4)
		for i := range reconcilers {
			reconcilers[i] = New(r.Migration, fast())
			all.Go(func() { reconcilers[i].Run(ctx) })
		}
		for n := range keys {
			r.Put(rig.NewItem(rig.ID(n%50), n))
		}
		time.Sleep(time.Minute)
		cancel()
		all.Wait()
		require.Zero(t, r.Unclean())
		require.True(t, r.Equal())
		var copied int64
		for _, reconciler := range reconcilers {
			copied += reconciler.Stats().Copied
		}
		require.GreaterOrEqual(t, copied, int64(keys))
	})
}

// TestOverlapIsNoFailure has a key written while it is copied: the copy is not what the mirror holds then, and nothing is wrong
// with either.
func TestOverlapIsNoFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		put(r, phase.Old, rig.NewItem("a", 1))
		dirty(t, r, phase.Old, "a")
		time.Sleep(rig.Settle)
		overlapped := false
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: func(ctx context.Context, call *dualtest.Call) error {
			err := call.Effect(ctx)
			if !overlapped {
				overlapped = true
				r.Put(rig.NewItem("a", 2))
			}
			return err
		}})
		reconciler := New(r.Migration, fast())
		pass, err := reconciler.Once(t.Context())
		require.NoError(t, err)
		require.Equal(t, Pass{Busy: 1}, pass)
		require.EqualValues(t, 1, reconciler.Stats().Busy)
		entry, unclean, err := r.Journal.Lookup(t.Context(), rig.Key("a"))
		require.NoError(t, err)
		require.True(t, unclean && entry.Dirty)
		require.Zero(t, entry.Attempts)
		time.Sleep(rig.Settle)
		_, err = reconciler.Once(t.Context())
		require.NoError(t, err)
		require.Zero(t, r.Unclean())
		require.True(t, r.Equal())
	})
}

// TestCopyThatDoesNotArrive has a mirror that accepts writes and drops them: the key stays unclean, with the reason.
func TestCopyThatDoesNotArrive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		put(r, phase.Old, rig.NewItem("a", 2))
		put(r, phase.New, rig.NewItem("a", 1))
		dirty(t, r, phase.Old, "a")
		time.Sleep(rig.Settle)
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: func(context.Context, *dualtest.Call) error { return nil }})
		pass, err := New(r.Migration, fast()).Once(t.Context())
		require.NoError(t, err)
		require.Equal(t, Pass{Failed: 1}, pass)
		entry, unclean, err := r.Journal.Lookup(t.Context(), rig.Key("a"))
		require.NoError(t, err)
		require.True(t, unclean && entry.Dirty)
		require.Contains(t, entry.Cause, "another Name, Count, At, Note")
	})
}

// TestPanicIsAFailedCopy has a copier that panics: the key stays unclean, with the cause, and the pass goes on.
func TestPanicIsAFailedCopy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		put(r, phase.Old, rig.NewItem("a", 1))
		dirty(t, r, phase.Old, "a")
		entity := rig.Entity()
		entity.Diff = func(rig.Item, rig.Item) []dual.Difference { panic("no such field") }
		dual.AddEntity(r.Migration, &r.Stores, entity)
		time.Sleep(rig.Settle)
		pass, err := New(r.Migration, fast()).Once(t.Context())
		require.NoError(t, err)
		require.Equal(t, Pass{Failed: 1}, pass)
		entry, unclean, err := r.Journal.Lookup(t.Context(), rig.Key("a"))
		require.NoError(t, err)
		require.True(t, unclean && entry.Dirty)
		require.Contains(t, entry.Cause, "no such field")
	})
}
