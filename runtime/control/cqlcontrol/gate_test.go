package cqlcontrol

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/phase"
)

// While all that may be under way is, leases are renewed, and the control store answers.
func TestLeasesPassTheGate(t *testing.T) {
	b := newPlace(t).open(t, Options{})
	ctx := t.Context()
	require.NoError(t, control.Init(ctx, b.control, "test"))
	for range inFlight {
		b.gate.slots <- struct{}{}
	}
	call, cancel := context.WithCancel(ctx)
	for n, do := range []func() error{
		func() error { return b.journal.putLease(call, "i1", time.Minute) },
		func() error { return b.control.Renew(call, control.Instance{ID: "i1"}, time.Minute) },
		func() error { _, err := b.control.Instances(call); return err },
		func() error { _, err := b.control.Load(call); return err },
	} {
		done := make(chan error, 1)
		go func() { done <- do() }()
		for waits := true; waits; {
			select {
			case err := <-done:
				require.NoError(t, err)
				waits = false
			case <-time.After(time.Millisecond):
				require.Zero(t, b.gate.waiting.Load(), "statement %d waits for those of the calls", n)
			}
		}
	}
	done := make(chan error, 1)
	go func() {
		_, err := b.journal.Begin(call, "i1", key, phase.Old)
		done <- err
	}()
	require.Eventually(t, func() bool { return b.gate.waiting.Load() > 0 }, 2*time.Minute, time.Millisecond, "a call waits")
	cancel()
	require.ErrorIs(t, <-done, context.Canceled)
	for range inFlight {
		<-b.gate.slots
	}
}
