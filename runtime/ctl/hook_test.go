package ctl

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/outlook"
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
