package ctl

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/outlook"
	"github.com/dualgen/dualgen/runtime/phase"
)

// A process that starts blocks the steps for a moment, and hooks are not told; one that does not get to its end of it is told of later.
func TestHooksWaitForWhoStarts(t *testing.T) {
	began := time.Now()
	at := func(seconds int) time.Time { return began.Add(time.Duration(seconds) * time.Second) }
	fleet := func(acked ...uint64) outlook.Report {
		r := outlook.Report{Record: control.Record{Epoch: 3}, Settled: true, Forward: outlook.Step{To: "OldGuarded"}}
		for i, epoch := range acked {
			in := control.Instance{ID: string(rune('a' + i)), Acked: epoch, Live: true}
			if epoch != 3 {
				r.Settled = false
				r.Forward.Blocked = append(r.Forward.Blocked, control.Obstacle{Gate: control.GateFleet, Instance: in.ID})
			}
			r.Instances = append(r.Instances, in)
		}
		return r
	}
	var h hooks
	require.Empty(t, h.news(fleet(3), at(0)))
	require.Empty(t, h.news(fleet(3, 0), at(2)), "the second starts")
	require.Empty(t, h.news(fleet(3, 3), at(4)), "it has started")
	require.Equal(t, []string{"the step to OldGuarded is blocked"}, h.news(fleet(2, 3), at(6)), "one that was there before")
	require.Equal(t, []string{"all instances follow epoch 3", "nothing stands in the way of OldGuarded"}, h.news(fleet(3, 3), at(8)))
	require.Empty(t, h.news(fleet(3, 3, 0), at(10)), "the third does not get up")
	require.Empty(t, h.news(fleet(3, 3, 0), at(24)))
	require.Equal(t, []string{"the step to OldGuarded is blocked"}, h.news(fleet(3, 3, 0), at(26)))

	h = hooks{}
	require.Empty(t, h.news(fleet(0), at(0)), "whoever was there before the first look is not known to start")
	require.Equal(t, []string{"all instances follow epoch 3", "nothing stands in the way of OldGuarded"}, h.news(fleet(3), at(1)))
}

// Of two who make the same step at the same moment, the one who comes second looks again, and finds it made.
func TestConflictOverOneStep(t *testing.T) {
	var s session
	asked := 0
	move := func(_ context.Context, step control.Step) (control.Record, error) {
		if asked++; asked == 1 {
			return control.Record{}, control.ErrConflict
		}
		require.Equal(t, phase.OldGuarded, step.To)
		return control.Record{}, nil
	}
	require.NoError(t, s.moveWhenReady(t.Context(), move, control.Step{To: phase.OldGuarded}, 0))
	asked = 0
	require.ErrorIs(t, s.moveWhenReady(t.Context(), move, control.Step{}, 0), control.ErrConflict, "any step may be the second of two")
}
