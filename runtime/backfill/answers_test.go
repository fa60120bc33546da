package backfill

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

var errDown = errors.New("down")

// broken says which method fails, from which of its calls on, and counts them.
type broken struct {
	method string
	first  int32
	calls  atomic.Int32
}

func (b *broken) fails(method string) error {
	if b.method == method && b.calls.Add(1) >= b.first {
		return errDown
	}
	return nil
}

type brokenJournal struct {
	journal.Journal
	*broken
}

func (b brokenJournal) Track(ctx context.Context, name string) (journal.Seq, error) {
	seq, err := b.Journal.Track(ctx, name)
	return seq, errors.Join(b.fails("Track"), err)
}

func (b brokenJournal) Untrack(ctx context.Context, name string) error {
	return errors.Join(b.fails("Untrack"), b.Journal.Untrack(ctx, name))
}

func (b brokenJournal) Incarnation(ctx context.Context) (string, error) {
	name, err := b.Journal.Incarnation(ctx)
	return name, errors.Join(b.fails("Incarnation"), err)
}

func (b brokenJournal) Seq(ctx context.Context) (journal.Seq, error) {
	seq, err := b.Journal.Seq(ctx)
	return seq, errors.Join(b.fails("Seq"), err)
}

func (b brokenJournal) Activity(ctx context.Context, kind string, since journal.Seq) ([]journal.Key, error) {
	keys, err := b.Journal.Activity(ctx, kind, since)
	return keys, errors.Join(b.fails("Activity"), err)
}

type brokenControl struct {
	control.Control
	*broken
}

func (b brokenControl) Load(ctx context.Context) (control.Record, error) {
	record, err := b.Control.Load(ctx)
	return record, errors.Join(b.fails("Load"), err)
}

func (b brokenControl) Swap(ctx context.Context, expected uint64, next control.Record) error {
	if err := b.fails("Swap"); err != nil {
		return err
	}
	return b.Control.Swap(ctx, expected, next)
}

func (b brokenControl) SaveCheckpoint(ctx context.Context, name string, data []byte) error {
	if err := b.fails("SaveCheckpoint"); err != nil {
		return err
	}
	return b.Control.SaveCheckpoint(ctx, name, data)
}

func (b brokenControl) LoadCheckpoint(ctx context.Context, name string) ([]byte, error) {
	data, err := b.Control.LoadCheckpoint(ctx, name)
	return data, errors.Join(b.fails("LoadCheckpoint"), err)
}

// over is the rig's migration, part of which fails.
type over struct {
	*dual.Migration
	*broken
}

func (o over) Journal() journal.Journal { return brokenJournal{o.Migration.Journal(), o.broken} }
func (o over) Control() control.Control { return brokenControl{o.Migration.Control(), o.broken} }

// Whatever fails for good, and from whichever of its calls on: the run says so, the backfill is not taken for complete unless all was
// copied and the record says it, and the next run ends it.
func TestWhateverFailsIsSaid(t *testing.T) {
	for _, method := range []string{"Track", "Untrack", "Incarnation", "Seq", "Activity", "Load", "Swap", "SaveCheckpoint", "LoadCheckpoint"} {
		for _, workers := range []int{1, 4} {
			for first := int32(1); ; first++ {
				failed := true
				t.Run(fmt.Sprint(method, workers, first), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						r := rig.New(t, rig.Options{})
						r.Fill(phase.Old, 10)
						b := &broken{method: method, first: first}
						config := small()
						config.Workers = workers
						report, err := Run(t.Context(), over{r.Migration, b}, rig.Kind, config)
						if failed = b.calls.Load() >= first; !failed {
							require.NoError(t, err)
							return
						}
						if err == nil { // a sign of life, or the share of a rate, which can be missed
							require.True(t, r.Equal())
							return
						}
						require.ErrorIs(t, err, errDown)
						record, loadErr := r.Control.Load(t.Context())
						require.NoError(t, loadErr)
						if complete := record.Backfills[rig.Kind].Complete; complete {
							require.True(t, r.Equal())
						} else {
							require.False(t, report.Complete && method != "Swap" && method != "Load")
						}
						report, err = Run(t.Context(), r.Migration, rig.Kind, config)
						require.NoError(t, err)
						require.True(t, report.Complete)
						drain(t, r)
						require.True(t, r.Equal())
					})
				})
				if !failed || t.Failed() {
					break
				}
			}
		}
	}
}

// A run that was cut off and resumed counts what was done before, and what failed then.
func TestResumedRunCountsOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, 30)
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Key: rig.ID(1), Fault: dualtest.FailBefore(nil)})
		ctx, stop := context.WithCancel(t.Context())
		config := small()
		config.OnProgress = func(p Progress) {
			if p.Copied >= 10 {
				stop()
			}
		}
		report, err := Run(ctx, r.Migration, rig.Kind, config)
		require.ErrorIs(t, err, context.Canceled)
		require.False(t, report.Complete)
		require.EqualValues(t, 1, report.Failed)
		report, err = Run(t.Context(), r.Migration, rig.Kind, small())
		require.NoError(t, err)
		require.True(t, report.Resumed && report.Complete)
		require.EqualValues(t, []int64{29, 1}, []int64{report.Copied, report.Failed})
	})
}

// A mirror that panics while it is looked at has not been seen to hold the row, and the run goes on.
func TestLookThatPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, 10)
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Get", Key: rig.ID(4), Fault: dualtest.PanicBefore("boom")})
		report, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.NoError(t, err)
		require.EqualValues(t, []int64{9, 1}, []int64{report.Copied, report.Failed})
		require.Contains(t, report.Failures[0], "boom")
		r.Faults.Clear()
		drain(t, r)
		require.True(t, r.Equal())
	})
}

// Whoever began with another time is told which.
func TestOtherTimeIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := dumped(t)
		config := small()
		config.Since = sinceOf(5)
		ctx, stop := context.WithCancel(t.Context())
		config.OnProgress = func(Progress) { stop() }
		_, err := Run(ctx, r.Migration, rig.Kind, config)
		require.ErrorIs(t, err, context.Canceled)
		_, err = Run(t.Context(), r.Migration, rig.Kind, small())
		require.ErrorIs(t, err, ErrOtherSince)
		require.ErrorContains(t, err, sinceOf(5).UTC().Format("2006-01-02T15:04:05"))
	})
}
