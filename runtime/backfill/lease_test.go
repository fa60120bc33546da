package backfill

import (
	"context"
	"sync/atomic"
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

// cutOff is a rig whose process can be kept from saving checkpoints, and another process over the same stores.
func cutOff(t *testing.T) (r *rig.Rig, first *paused, second *dual.Migration) {
	first = new(paused)
	r = rig.New(t, rig.Options{Wrap: func(c control.Control) control.Control { first.Control = c; return first }})
	r.Fill(phase.Old, 7)
	return r, first, r.Open(nil)
}

// TestWritesEndWithTheLease: a write that goes on when the next holder may begin could land after the next holder's.
func TestWritesEndWithTheLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, first, _ := cutOff(t)
		config := small()
		config.Lease, config.Timeout = 10*time.Second, time.Hour
		var took []time.Duration
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: func(ctx context.Context, _ *dualtest.Call) error {
			began := time.Now()
			first.now.Store(true)
			select {
			case <-ctx.Done():
			case <-time.After(time.Hour):
			}
			took = append(took, time.Since(began))
			return ctx.Err()
		}})
		_, err := Run(t.Context(), r.Migration, rig.Kind, config)
		require.ErrorIs(t, err, ErrFenced)
		require.Len(t, took, 1, "nothing is written after the lease")
		record, err := r.Control.Load(t.Context())
		require.NoError(t, err)
		require.NotEmpty(t, record.Backfills[rig.Kind].Holder, "who comes next waits until what was sent has landed")
		require.LessOrEqual(t, took[0], config.Lease)
	})
}

// TestFencedRunMarksItsChunk has a process paused in the middle of a write until another one took its backfill over and completed it.
// Then the write lands, over what a client wrote meanwhile.
func TestFencedRunMarksItsChunk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, first, second := cutOff(t)
		listed(r, afterKey) // so that rows are looked at together, once all are written
		key := rig.Key(rig.ID(1))
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Key: key.ID, Last: 1, Fault: func(ctx context.Context, call *dualtest.Call) error {
			ctx = context.WithoutCancel(ctx) // the store does not heed it
			first.now.Store(true)
			time.Sleep(20 * time.Second)
			report, err := Run(ctx, second, rig.Kind, small())
			require.NoError(t, err)
			require.True(t, report.Complete)
			drain(t, r)
			r.Put(rig.NewItem(key.ID, 2))
			require.Zero(t, r.Unclean())
			return call.Effect(ctx)
		}})
		_, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.ErrorIs(t, err, ErrFenced)
		require.False(t, r.Equal())
		drain(t, r)
		require.True(t, r.Equal())
	})
}

// turning is a control store whose phase is another once somebody has looked at the fleet.
type turning struct {
	control.Control
	turn   atomic.Pointer[func()]
	looked atomic.Bool
}

func (c *turning) Instances(ctx context.Context) ([]control.Instance, error) {
	c.looked.Store(true)
	return c.Control.Instances(ctx)
}

func (c *turning) Load(ctx context.Context) (control.Record, error) {
	if c.looked.Load() {
		if turn := c.turn.Swap(nil); turn != nil {
			(*turn)()
		}
	}
	return c.Control.Load(ctx)
}

// TestNotTakenInAnotherPhase: the fleet leaves the phase when it has been found ready, and before the backfill is taken.
func TestNotTakenInAnotherPhase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		seen := new(turning)
		r := rig.New(t, rig.Options{Wrap: func(c control.Control) control.Control { seen.Control = c; return seen }})
		r.Fill(phase.Old, 7)
		seen.looked.Store(false)
		turn := func() { r.SetPhase(phase.OldOnly) }
		seen.turn.Store(&turn)
		_, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.ErrorIs(t, err, ErrNotReady)
		record, err := r.Control.Load(t.Context())
		require.NoError(t, err)
		require.Equal(t, phase.OldOnly, record.Phase)
		require.Empty(t, record.Backfills)
		require.Empty(t, r.Stores[phase.New].Snapshot())
	})
}
