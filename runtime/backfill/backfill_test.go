package backfill

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/activity"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/reconcile"
)

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// small is a configuration with chunks of three and one writer, so that steps come in one order.
func small() Config { return Config{Chunk: 3, Workers: 1, Rate: -1, Logger: quiet} }

// drain lets the reconciler work until nothing is left to copy.
func drain(t *testing.T, r *rig.Rig) {
	t.Helper()
	reconciler := reconcile.New(r.Migration, reconcile.Config{Logger: quiet, Rate: -1})
	for range 100 {
		if r.Unclean() == 0 {
			return
		}
		time.Sleep(time.Minute)
		_, err := reconciler.Once(t.Context())
		require.NoError(t, err)
	}
	require.FailNow(t, "keys stay unclean", "%d", r.Unclean())
}

func TestBackfillCopiesAll(t *testing.T) {
	for _, test := range []struct {
		phase phase.Phase
		n     int
	}{
		{phase.OldPrimary, 0}, {phase.OldPrimary, 1}, {phase.OldPrimary, 3}, {phase.OldPrimary, 100}, {phase.NewPrimary, 100},
	} {
		t.Run(fmt.Sprint(test.phase, test.n), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rig.New(t, rig.Options{Phase: test.phase})
				r.Fill(test.phase.Primary(), test.n)
				config := small()
				config.Workers = 4
				var told []Progress
				config.OnProgress = func(p Progress) { told = append(told, p) }
				report, err := Run(t.Context(), r.Migration, rig.Kind, config)
				require.NoError(t, err)
				require.True(t, report.Complete)
				require.EqualValues(t, test.n, report.Copied)
				require.True(t, r.Equal())
				require.True(t, told[len(told)-1].Complete)
				record, err := r.Control.Load(t.Context())
				require.NoError(t, err)
				b := record.Backfills[rig.Kind]
				require.Equal(t, control.Backfill{
					Epoch: record.MirroredSince, From: test.phase.Primary(), Copied: int64(test.n), Complete: true, Fence: 1, Track: 1,
				}, b)

				scans := r.Faults.Calls(test.phase.Primary().String(), "Scan")
				again, err := Run(t.Context(), r.Migration, rig.Kind, small())
				require.NoError(t, err)
				require.True(t, again.Complete)
				require.Equal(t, scans, r.Faults.Calls(test.phase.Primary().String(), "Scan"), "a complete backfill does nothing")
			})
		})
	}
}

func TestBackfillRefusesToStart(t *testing.T) {
	for _, test := range []struct {
		name  string
		phase phase.Phase
		from  phase.Store
		lag   bool
		kind  string
		want  error
	}{
		{name: "one store only", phase: phase.OldOnly, want: ErrNotReady},
		{name: "guarded", phase: phase.OldGuarded, want: ErrNotReady},
		{name: "on the way back from where it came", phase: phase.NewPrimary, from: phase.Old, want: ErrNotReady},
		{name: "an instance lags behind", phase: phase.OldPrimary, lag: true, want: ErrNotReady},
		{name: "unknown kind", phase: phase.OldPrimary, kind: "Other", want: ErrNoScan},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rig.New(t, rig.Options{Phase: test.phase})
				r.Fill(phase.Old, 5)
				_, err := control.Update(t.Context(), r.Control, func(record *control.Record) error {
					record.MirroredFrom = test.from
					return nil
				})
				require.NoError(t, err)
				if test.lag {
					require.NoError(t, r.Control.Renew(t.Context(), control.Instance{ID: "stale", Phase: phase.OldOnly}, time.Hour))
				}
				kind := rig.Kind
				if test.kind != "" {
					kind = test.kind
				}
				_, err = Run(t.Context(), r.Migration, kind, small())
				require.ErrorIs(t, err, test.want)
				if test.lag {
					require.ErrorContains(t, err, "stale")
				}
				require.Zero(t, r.Stores[phase.New].Len())
			})
		})
	}
}

// kill is a config that dies at the n-th time it reaches a step, after doing something there.
func kill(at step, n int, before func()) Config {
	config := small()
	seen := 0
	config.at = func(s step, _ dual.Key) error {
		if s != at {
			return nil
		}
		if seen++; seen != n {
			return nil
		}
		if before != nil {
			before()
		}
		return errKilled
	}
	return config
}

// TestRules runs, for each rule, a course of events in which the rule matters: with the rule the stores converge, with
// the rule off they stay apart.
func TestRules(t *testing.T) {
	for _, test := range []struct {
		name   string
		off    hooks.Rules
		course func(t *testing.T, r *rig.Rig, with func(Config) Config, off hooks.Rules)
	}{
		{"keys written during their chunk are marked", hooks.Rules{NoActivity: true}, writtenDuringChunk},
		{"an entity in the mirror is overwritten", hooks.Rules{PutIfAbsent: true}, stalePartial},
		{"the checkpoint comes before the chunk", hooks.Rules{CheckpointLast: true}, deletedDuringKilledChunk},
		{"a resumed run marks first", hooks.Rules{NoResumeMarks: true}, deletedDuringKilledChunk},
		{"a run that was taken over does no harm", hooks.Rules{NoFence: true}, pausedPastItsLease},
		{"a dead run's writes are waited out", hooks.Rules{NoTakeoverWait: true}, lateWriteOfKilledRun},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, off := range []hooks.Rules{{}, test.off} {
				for _, way := range ways {
					synctest.Test(t, func(t *testing.T) {
						r := rig.New(t, rig.Options{})
						way.fill(r, 7)
						test.course(t, r, func(c Config) Config {
							c.Hooks, c.Workers, c.at = &hooks.Hooks{Off: off}, way.workers, inTurn(c.at)
							return c
						}, off)
						r.Faults.Wait()
						drain(t, r)
						require.Equal(t, off == hooks.Rules{}, r.Equal(), "the stores are equal exactly if the rule is on; %+v", way)
					})
				}
			}
		})
	}
}

// inTurn lets one goroutine at a time into a test's step.
func inTurn(at func(step, dual.Key) error) func(step, dual.Key) error {
	if at == nil {
		return nil
	}
	turn := make(chan struct{}, 1)
	return func(s step, key dual.Key) error {
		turn <- struct{}{}
		defer func() { <-turn }()
		return at(s, key)
	}
}

func writtenDuringChunk(t *testing.T, r *rig.Rig, with func(Config) Config, _ hooks.Rules) {
	config := small()
	done := false
	config.at = func(s step, _ dual.Key) error {
		if s == afterRead && !done {
			done = true
			r.Put(rig.NewItem(rig.ID(1), 2))
		}
		return nil
	}
	_, err := Run(t.Context(), r.Migration, rig.Kind, with(config))
	require.NoError(t, err)
}

func stalePartial(t *testing.T, r *rig.Rig, with func(Config) Config, _ hooks.Rules) {
	r.Stores[phase.New].Corrupt(rig.ID(2), &rig.Item{ID: rig.ID(2), Name: "a part of it"})
	_, err := Run(t.Context(), r.Migration, rig.Kind, with(small()))
	require.NoError(t, err)
}

func deletedDuringKilledChunk(t *testing.T, r *rig.Rig, with func(Config) Config, _ hooks.Rules) {
	config := kill(afterWrite, 1, nil)
	die := config.at
	config.at = func(s step, key dual.Key) error {
		if s == beforePut && key == rig.Key(rig.ID(1)) {
			r.Delete(key.ID) // the chunk has it in hand, and brings it back
		}
		return die(s, key)
	}
	_, err := Run(t.Context(), r.Migration, rig.Kind, with(config))
	require.ErrorIs(t, err, errKilled)
	report, err := Run(t.Context(), r.Migration, rig.Kind, with(small()))
	require.NoError(t, err)
	require.True(t, report.Complete)
}

// paused is a control store whose checkpoints cannot be saved while its process is paused.
type paused struct {
	control.Control
	now atomic.Bool
}

func (p *paused) SaveCheckpoint(ctx context.Context, name string, data []byte) error {
	if p.now.Load() {
		return errors.New("paused")
	}
	return p.Control.SaveCheckpoint(ctx, name, data)
}

func pausedPastItsLease(t *testing.T, r *rig.Rig, with func(Config) Config, off hooks.Rules) {
	first := new(paused)
	m := r.Open(func(c control.Control) control.Control { first.Control = c; return first })
	config := small()
	config.at = func(s step, key dual.Key) error {
		if s != beforePut || key != rig.Key(rig.ID(1)) {
			return nil
		}
		first.now.Store(true)
		time.Sleep(20 * time.Second) // longer than the lease
		report, err := Run(t.Context(), r.Migration, rig.Kind, with(small()))
		require.NoError(t, err)
		require.True(t, report.Complete)
		require.True(t, report.Resumed)
		drain(t, r)
		r.Put(rig.NewItem(key.ID, 2))
		first.now.Store(false)
		return nil
	}
	_, err := Run(t.Context(), m, rig.Kind, with(config))
	record, loaded := r.Control.Load(t.Context())
	require.NoError(t, loaded)
	if !off.NoFence && len(record.Backfills[rig.Kind].Ranges) == 0 { // with ranges, it goes on with others
		require.ErrorIs(t, err, ErrFenced)
	}
	if !off.NoFence {
		require.EqualValues(t, 7, record.Backfills[rig.Kind].Copied)
		require.True(t, record.Backfills[rig.Kind].Complete)
	}
}

func lateWriteOfKilledRun(t *testing.T, r *rig.Rig, with func(Config) Config, _ hooks.Rules) {
	r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Key: rig.ID(0), Last: 1, Fault: dualtest.FailLate(nil, 5*time.Second)})
	// The process dies when the write has been sent and before its fate is known.
	config := small()
	config.at = func(s step, key dual.Key) error {
		if s == beforePut && key == rig.Key(rig.ID(0)) {
			_ = r.Stores[phase.New].Put(t.Context(), rig.NewItem(key.ID, 1)) // as the run would
			return errKilled
		}
		return nil
	}
	_, err := Run(t.Context(), r.Migration, rig.Kind, with(config))
	require.ErrorIs(t, err, errKilled)
	_, err = Run(t.Context(), r.Migration, rig.Kind, with(small()))
	require.NoError(t, err)
	r.Put(rig.NewItem(rig.ID(0), 2))
}

// TestKilledAtEachStep kills a backfill under load at each step of each chunk, resumes it, and expects the stores to
// converge and the progress to be true.
func TestKilledAtEachStep(t *testing.T) {
	steps := []step{
		beforeCheckpoint, afterCheckpoint, afterRead, beforePut, afterPut, afterWrite, afterActivity, afterMarks,
		beforeComplete, afterComplete,
	}
	for _, at := range steps {
		for n := 1; n <= 12; n++ {
			for _, way := range ways {
				t.Run(fmt.Sprintf("%s %d, %+v", at, n, way), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) { killedAt(t, at, n, way) })
				})
			}
		}
	}
}

func killedAt(t *testing.T, at step, n int, way way) {
	r := rig.New(t, rig.Options{})
	way.fill(r, 10)
	random := rand.New(rand.NewPCG(uint64(n), uint64(len(at))))
	version := 2
	load := func() {
		id := rig.ID(random.IntN(12))
		if random.IntN(3) == 0 {
			r.Delete(id)
		} else {
			r.Put(rig.NewItem(id, version))
			version++
		}
	}
	killed := false
	for {
		config := kill(at, n, nil)
		if killed {
			config = small()
		}
		die := config.at
		config.Workers = way.workers
		config.at = inTurn(func(s step, key dual.Key) error {
			load()
			if die == nil {
				return nil
			}
			return die(s, key)
		})
		report, err := Run(t.Context(), r.Migration, rig.Kind, config)
		if errors.Is(err, errKilled) {
			killed = true
			continue
		}
		require.NoError(t, err)
		require.True(t, report.Complete)
		break
	}
	drain(t, r)
	require.True(t, r.Equal())
	require.Greater(t, version, 2)
}

func TestProgressSurvivesRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, 10)
		_, err := Run(t.Context(), r.Migration, rig.Kind, kill(afterWrite, 3, nil))
		require.ErrorIs(t, err, errKilled)
		progress, err := Status(t.Context(), r.Control, rig.Kind)
		require.NoError(t, err)
		require.EqualValues(t, 6, progress.Copied, "two chunks of three are done; the third counts when it is")
		require.False(t, progress.Complete)
		require.NotEmpty(t, progress.Holder)
		report, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.NoError(t, err)
		require.True(t, report.Resumed)
		require.EqualValues(t, 10, report.Copied)
		require.Equal(t, 2, report.Chunks)
		require.Equal(t, progress.Started.Unix(), report.Started.Unix())
	})
}

func TestStopIsOrderly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, 10)
		ctx, cancel := context.WithCancel(t.Context())
		config := small()
		puts := 0
		config.at = func(s step, _ dual.Key) error {
			if s == beforePut {
				if puts++; puts == 4 {
					cancel()
				}
			}
			return nil
		}
		_, err := Run(ctx, r.Migration, rig.Kind, config)
		require.ErrorIs(t, err, context.Canceled)
		began := time.Now()
		report, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.NoError(t, err)
		require.True(t, report.Resumed)
		require.Less(t, time.Since(began), time.Second, "nobody waits for a run that stopped in order")
		require.True(t, r.Equal())
	})
}

func TestTwoAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, 10)
		config := small()
		tried := false
		config.at = func(s step, _ dual.Key) error {
			if s == afterRead && !tried {
				tried = true
				_, err := Run(t.Context(), r.Migration, rig.Kind, small())
				require.ErrorIs(t, err, ErrRunning)
			}
			return nil
		}
		report, err := Run(t.Context(), r.Migration, rig.Kind, config)
		require.NoError(t, err)
		require.True(t, report.Complete)
		require.True(t, tried)
	})
}

func TestFailingRowsAreLeftToTheReconciler(t *testing.T) {
	for _, fault := range []dualtest.Fault{
		dualtest.FailBefore(nil), dualtest.FailAfter(nil), dualtest.PanicBefore("boom"), dualtest.FailLate(nil, 5*time.Second), dualtest.Block(nil),
	} {
		synctest.Test(t, func(t *testing.T) {
			r := rig.New(t, rig.Options{})
			r.Fill(phase.Old, 10)
			remove := r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Key: rig.ID(4), Fault: fault})
			report, err := Run(t.Context(), r.Migration, rig.Kind, small())
			require.NoError(t, err)
			require.True(t, report.Complete)
			require.EqualValues(t, 9, report.Copied)
			require.EqualValues(t, 1, report.Failed)
			require.Len(t, report.Failures, 1)
			entries, err := r.Journal.Unclean(t.Context(), journal.Query{Kind: rig.Kind})
			require.NoError(t, err)
			require.Len(t, entries, 1)
			require.Equal(t, rig.Key(rig.ID(4)), entries[0].Key)
			require.Contains(t, entries[0].Cause, "backfill: ")
			require.Equal(t, 1, remove())
			r.Faults.Wait()
			drain(t, r)
			require.True(t, r.Equal())
		})
	}
}

func TestStopsWhenTheMirrorIsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, 100)
		remove := r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: dualtest.FailBefore(nil)})
		config := small()
		config.maxFailures = 5
		_, err := Run(t.Context(), r.Migration, rig.Kind, config)
		require.ErrorIs(t, err, ErrFailing)
		require.ErrorIs(t, err, dualtest.ErrInjected)
		require.Equal(t, 5, remove())
		report, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.NoError(t, err)
		require.True(t, report.Complete)
		drain(t, r)
		require.True(t, r.Equal())
	})
}

func TestPrimaryThatFailsForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, 10)
		r.Faults.Add(dualtest.Rule{Store: "old", Method: "Scan", First: 2, Last: 4, Fault: dualtest.FailBefore(nil)})
		report, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.NoError(t, err)
		require.EqualValues(t, 10, report.Copied)
	})
}

func TestLeavingThePhaseStopsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, 10)
		config := small()
		config.at = func(s step, _ dual.Key) error {
			if s == afterRead {
				r.SetPhase(phase.OldOnly)
			}
			return nil
		}
		_, err := Run(t.Context(), r.Migration, rig.Kind, config)
		require.ErrorIs(t, err, ErrNotReady)
		r.SetPhase(phase.OldPrimary)
		r.Follow()
		report, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.NoError(t, err)
		require.False(t, report.Resumed, "what was copied before counts for nothing")
		require.EqualValues(t, 10, report.Copied)
	})
}

func TestRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, 10)
		_, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.NoError(t, err)
		r.Stores[phase.New].Corrupt(rig.ID(3), nil)
		config := small()
		config.Restart = true
		report, err := Run(t.Context(), r.Migration, rig.Kind, config)
		require.NoError(t, err)
		require.False(t, report.Resumed)
		require.EqualValues(t, 10, report.Copied)
		require.True(t, r.Equal())
	})
}

// TestJournalThatForgot resumes over a journal that lost its memory: the run goes on and leaves the rest to verify.
func TestJournalThatForgot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, 10)
		_, err := Run(t.Context(), r.Migration, rig.Kind, kill(afterWrite, 2, nil))
		require.ErrorIs(t, err, errKilled)
		r.Journal = journal.NewMemory()
		report, err := Run(t.Context(), r.Open(nil), rig.Kind, small())
		require.NoError(t, err)
		require.True(t, report.Resumed)
		require.Zero(t, report.Recovered)
		require.EqualValues(t, 10, report.Copied)
		require.True(t, r.Equal())
	})
}

// TestMadeKeysSpoilNoChunk: an entity whose key the primary makes, in the midst of a chunk, is no reason to mark the chunk.
func TestMadeKeysSpoilNoChunk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, 50)
		config, n := small(), 0
		config.at = func(s step, _ dual.Key) error {
			if s == afterRead {
				n++
				r.Make(rig.NewItem(fmt.Sprintf("made-%03d", n), 1), nil)
			}
			return nil
		}
		report, err := Run(t.Context(), r.Migration, rig.Kind, config)
		require.NoError(t, err)
		require.Greater(t, n, 2)
		require.LessOrEqual(t, report.Marked, int64(n))
		require.True(t, r.Equal())
	})
}

// TestResumeMarksNoKindForMadeKeys: a run that resumes marks the entities that were made since, and not their whole kind.
func TestResumeMarksNoKindForMadeKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, 50)
		_, err := Run(t.Context(), r.Migration, rig.Kind, kill(afterWrite, 2, nil))
		require.ErrorIs(t, err, errKilled)
		r.Make(rig.NewItem("made", 1), nil)
		report, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.NoError(t, err)
		require.Equal(t, 1, report.Recovered)
		_, unclean, err := r.Journal.Lookup(t.Context(), dual.Key{Kind: rig.Kind, Whole: true})
		require.NoError(t, err)
		require.False(t, unclean)
	})
}

// TestClearedKindSpoilsTheChunk: a write of unknown keys makes the primary what the mirror is, behind the back of a chunk in hand, and
// a verify pass clears the kind's mark before the chunk is written. Only the pass's own mark tells that there was such a write.
func TestClearedKindSpoilsTheChunk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, 5)
		changed, whole := rig.NewItem(rig.ID(2), 2), dual.Key{Kind: rig.Kind, Whole: true}
		r.Stores[phase.New].Corrupt(changed.ID, &changed)
		config, done := small(), false
		config.at = func(s step, _ dual.Key) error {
			if s != afterRead || done {
				return nil
			}
			done = true
			token, err := r.Journal.Begin(t.Context(), "client", whole, phase.Old)
			require.NoError(t, err)
			r.Stores[phase.Old].Corrupt(changed.ID, &changed)
			require.NoError(t, r.Journal.End(t.Context(), whole, token, false))
			pass := activity.Pass{Track: "pass", Ended: true}
			require.NoError(t, pass.Save(t.Context(), r.Control, rig.Kind))
			claim, ok, err := r.Journal.BeginCopy(t.Context(), "pass", whole, 0)
			require.NoError(t, err)
			require.True(t, ok)
			return r.Journal.End(t.Context(), whole, claim, true)
		}
		_, err := Run(t.Context(), r.Migration, rig.Kind, config)
		require.NoError(t, err)
		entry, unclean, err := r.Journal.Lookup(t.Context(), rig.Key(changed.ID))
		require.NoError(t, err)
		require.True(t, unclean, "the chunk wrote an old value over the pass's back: %v", entry)
	})
}
