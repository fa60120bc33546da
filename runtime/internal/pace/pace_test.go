package pace

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

var config = Config{Max: 1000, Min: 10, Target: 100 * time.Millisecond}

func TestRateGrowsToItsLimitWhileStoresAreQuick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := New(config)
		require.InDelta(t, 100, p.Rate(), 1e-9)
		began := time.Now()
		for time.Since(began) < 15*time.Second {
			require.NoError(t, p.Wait(t.Context(), 1))
			p.Observe(time.Millisecond, nil)
		}
		require.InDelta(t, 1000, p.Rate(), 1e-9)
		n := 0
		for began := time.Now(); time.Since(began) < 10*time.Second; n++ {
			require.NoError(t, p.Wait(t.Context(), 1))
		}
		require.InDelta(t, 10_000, n, 200, "operations in ten seconds at the full rate")
	})
}

func TestRateHalvesAndStopsAtItsFloor(t *testing.T) {
	for _, test := range []struct {
		name    string
		latency time.Duration
		err     error
	}{
		{"slow", time.Second, nil},
		{"failing", time.Millisecond, errors.New("down")},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := New(config)
				p.Observe(test.latency, test.err)
				require.InDelta(t, 50, p.Rate(), 1e-9)
				p.Observe(test.latency, test.err)
				require.InDelta(t, 50, p.Rate(), 1e-9, "one burst halves it once")
				for range 20 {
					time.Sleep(time.Second)
					p.Observe(test.latency, test.err)
				}
				require.InDelta(t, 10, p.Rate(), 1e-9)
			})
		})
	}
}

func TestCancelledCallsSayNothing(t *testing.T) {
	p := New(config)
	p.Observe(time.Hour, context.Canceled)
	require.InDelta(t, 100, p.Rate(), 1e-9)
}

func TestNoLimit(t *testing.T) {
	p := New(Config{Max: -1, Min: 1, Target: time.Second})
	for range 100_000 {
		require.NoError(t, p.Wait(t.Context(), 1000))
	}
	require.Zero(t, p.Rate())
}

// While it is paused, nothing is let through, whatever the rate; afterwards work goes on, and a context ends the wait.
func TestPaused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		resumed := time.Now().Add(time.Hour)
		p := New(Config{Max: -1, Min: 1, Target: time.Second, Paused: func() bool { return time.Now().Before(resumed) }})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		require.ErrorIs(t, p.Wait(ctx, 0), context.DeadlineExceeded)
		require.NoError(t, p.Wait(t.Context(), 1))
		require.False(t, time.Now().Before(resumed))
	})
}

func TestWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := New(config)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, p.Wait(ctx, 1_000_000), context.DeadlineExceeded)
	})
}

// A limit that is set while work goes on takes its place at once: lower, higher than the rate it began with, none, and taken back.
func TestLimitChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limit := 0.0
		c := config
		c.Limit = func() float64 { return limit }
		p := New(c)
		settle := func() float64 {
			for began := time.Now(); time.Since(began) < 20*time.Second; {
				require.NoError(t, p.Wait(t.Context(), 1))
				time.Sleep(time.Millisecond)
				p.Observe(time.Millisecond, nil)
			}
			return p.Rate()
		}
		require.InDelta(t, 1000, settle(), 1e-9)
		limit = 50
		require.NoError(t, p.Wait(t.Context(), 1))
		require.InDelta(t, 50, p.Rate(), 1e-9, "at once")
		limit = 3000
		require.Greater(t, settle(), 2000.0)
		limit = -1
		settle()
		require.Zero(t, p.Rate())
		limit = 0
		require.NoError(t, p.Wait(t.Context(), 1))
		require.InDelta(t, 1000, p.Rate(), 1e-9)
	})
}

// A rate that is set below the floor is kept: the floor is for stores that are slow, and not for what an operator has said.
func TestLimitBelowTheFloor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limit := 4.0
		for _, p := range []*Pacer{New(Config{Max: 4, Min: 10, Target: time.Second}), New(Config{Max: 1000, Min: 10, Target: time.Second, Limit: func() float64 { return limit }})} {
			require.NoError(t, p.Wait(t.Context(), 1))
			n := 0
			for began := time.Now(); time.Since(began) < 100*time.Second; n++ {
				require.NoError(t, p.Wait(t.Context(), 1))
			}
			require.InDelta(t, 400, n, 40)
			p.Observe(time.Minute, nil)
			require.LessOrEqual(t, p.Rate(), limit)
		}
	})
}
