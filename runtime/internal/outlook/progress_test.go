package outlook

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A share, a rate and what is left are told only where they were measured, and say of what.
func TestEstimate(t *testing.T) {
	began := time.Now()
	at := func(seconds int) time.Time { return began.Add(time.Duration(seconds) * time.Second) }
	var e Estimator
	require.Equal(t, "Item: 0 of 1000 (0 %)", e.Estimate("Item", "backfill", 0, Total{1000, false}, at(0)).String())
	require.Equal(t, "Item: 40 of 1000 (4 %), 10 a second", e.Estimate("Item", "backfill", 40, Total{1000, false}, at(4)).String(), "too early to say how long")
	require.Equal(t, "Item: 100 of about 1000 (10 %), 10 a second, 1m30s left by the last 10s", e.Estimate("Item", "backfill", 100, Total{1000, true}, at(10)).String())
	require.Equal(t, "Item: 150, 10 a second", e.Estimate("Item", "backfill", 150, Total{0, false}, at(15)).String(), "nobody counted")
	require.Equal(t, "Item: 160, 10 a second", e.Estimate("Item", "backfill", 160, Total{155, true}, at(16)).String(), "an estimate that was overtaken is none")
	for s := 17; s <= 120; s++ { // twice as fast from now on: after the window, the old rate is forgotten
		e.see(at(s), 160+20*int64(s-16))
	}
	p := e.Estimate("Item", "backfill", 2260, Total{4260, false}, at(121))
	require.InDelta(t, 20, p.Rate, 0.5)
	require.InDelta(t, 100, *p.ETA, 3)
	p = e.Estimate("Item", "backfill", 5, Total{4260, false}, at(122))
	require.Zero(t, p.Over, "a count that fell began anew")
	require.Nil(t, p.ETA)
	require.Equal(t, "[######..................] ", Progress{Share: ptr(0.26)}.Bar())
}

func ptr(f float64) *float64 { return &f }
