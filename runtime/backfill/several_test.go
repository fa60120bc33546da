package backfill

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
)

// TestRangesShareTheRate: what an operator has set is the rate of all processes that have a range, and of those that are left.
func TestRangesShareTheRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, 30_000)
		all := processes(r, 3)
		_, err := control.NewCoordinator(r.Control, r.Journal).Change(t.Context(), func(s *phase.Settings) { s.BackfillRate = 200 }, control.Step{})
		require.NoError(t, err)
		r.Follow()
		var running sync.WaitGroup
		for i, m := range all {
			until := t.Context()
			if i == 0 {
				var stop context.CancelFunc
				until, stop = context.WithTimeout(until, 60*time.Second)
				defer stop()
			}
			running.Go(func() {
				config := Config{Rate: -1, Logger: quiet, Splits: every(500, 30_000, nil)}
				_, err := Share(until, m, []string{rig.Kind}, config)
				if i > 0 {
					require.NoError(t, err)
				}
			})
		}
		copied := func() int { return len(r.Stores[phase.New].Snapshot()) }
		time.Sleep(15 * time.Second) // until all have heard of the others
		before := copied()
		time.Sleep(30 * time.Second)
		require.InDelta(t, 200, float64(copied()-before)/30, 20, "all together")
		time.Sleep(45 * time.Second) // the first one has stopped at 60
		before = copied()
		time.Sleep(20 * time.Second)
		require.InDelta(t, 200, float64(copied()-before)/20, 20, "those that are left")
		running.Wait()
	})
}

// TestKindsAreDividedToo: a kind whose listing cannot start at a key is one range, which one process copies while others do other kinds.
func TestKindsAreDividedToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{}) // whose listing has cursors that mean nothing
		r.Fill(phase.Old, 50)
		second(r, 50)
		slow := func(ctx context.Context, call *dualtest.Call) error {
			time.Sleep(100 * time.Millisecond)
			return call.Effect(ctx)
		}
		r.Faults.Add(dualtest.Rule{Method: "Put", Fault: slow})
		var running sync.WaitGroup
		reports := make([][]Report, 2)
		for i := range 2 {
			running.Go(func() {
				var err error
				reports[i], err = Share(t.Context(), r.Migration, []string{rig.Kind, "Other"}, small())
				require.NoError(t, err)
			})
		}
		running.Wait()
		require.Len(t, reports[0], 2)
		for i, kind := range reports[0] {
			require.True(t, kind.Complete)
			require.EqualValues(t, 50, kind.Copied)
			require.Equal(t, 1, kind.Ranges)
			require.Len(t, kind.By, 1)
			require.NotEqual(t, kind.Chunks == 0, reports[1][i].Chunks == 0, "one of them copied it")
		}
		require.NotEqual(t, reports[0][0].By[0].Holder, reports[0][1].By[0].Holder)
	})
}

// TestSharedRestart: one process begins anew what is complete, and the others join it; while another is at work, nobody does.
func TestSharedRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, 30)
		all := processes(r, 3)
		config := share([]string{rig.ID(10), rig.ID(20)})
		_, err := Share(t.Context(), all[0], []string{rig.Kind}, config)
		require.NoError(t, err)
		scans := r.Faults.Calls("old", "Scan")
		_, err = Share(t.Context(), all[1], []string{rig.Kind}, config)
		require.NoError(t, err)
		require.Equal(t, scans, r.Faults.Calls("old", "Scan"), "what is complete is left alone")

		restart, tried := config, false
		restart.Restart = true
		restart.at = func(s step, _ dual.Key) error {
			if s == beforePut || s == afterRead && !tried {
				tried = true
				_, err := Share(t.Context(), all[1], []string{rig.Kind}, Config{Restart: true, Logger: quiet})
				require.ErrorIs(t, err, ErrRunning)
			}
			return nil
		}
		reports, err := Share(t.Context(), all[0], []string{rig.Kind}, restart)
		require.NoError(t, err)
		require.True(t, tried)
		require.True(t, reports[0].Complete)
		require.EqualValues(t, 30, reports[0].Same)
		record, err := r.Control.Load(t.Context())
		require.NoError(t, err)
		require.EqualValues(t, 2, record.Backfills[rig.Kind].Fence)
		_, err = Share(t.Context(), all[2], []string{rig.Kind}, Config{Since: time.Unix(1, 0), Logger: quiet})
		require.ErrorIs(t, err, ErrNoScanSince)
	})
}

// TestPlanGivenUp: a restart marks what the interrupted ranges of a plan may have left out of date, whether the next run is whole or not.
func TestPlanGivenUp(t *testing.T) {
	for _, whole := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			r := rig.New(t, rig.Options{})
			r.Fill(phase.Old, 12)
			listed(r, afterKey)
			config := share([]string{rig.ID(6)})
			config.at = func(s step, key dual.Key) error {
				if s == beforePut && key == rig.Key(rig.ID(7)) {
					r.Delete(key.ID) // the process has it in hand
					item := rig.NewItem(key.ID, 1)
					r.Stores[phase.New].Corrupt(key.ID, &item)
					return errKilled
				}
				return nil
			}
			_, err := Share(t.Context(), r.Migration, []string{rig.Kind}, config)
			require.ErrorIs(t, err, errKilled)
			again := small()
			again.Restart = true
			if whole {
				_, err = Run(t.Context(), r.Migration, rig.Kind, again)
			} else {
				_, err = Share(t.Context(), r.Migration, []string{rig.Kind}, again)
			}
			require.NoError(t, err)
			drain(t, r)
			require.True(t, r.Equal())
		})
	}
}

// TestShareGoesOnWithAWholeRun: what one process began whole is not divided, and nobody takes it from it.
func TestShareGoesOnWithAWholeRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, 12)
		all := processes(r, 2)
		_, err := Run(t.Context(), all[0], rig.Kind, kill(afterMarks, 2, nil))
		require.ErrorIs(t, err, errKilled)
		reports, err := Share(t.Context(), all[1], []string{rig.Kind}, small())
		require.NoError(t, err)
		require.True(t, reports[0].Complete)
		require.True(t, reports[0].Resumed)
		require.Zero(t, reports[0].Ranges)
		require.True(t, r.Equal())
	})
}
