package control_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/phase"
)

// What two people did is two entries, though it was the same; what every instance does by itself in an outage is one.
func TestTrailKeepsWhatPeopleDid(t *testing.T) {
	ctx, c := t.Context(), control.NewMemory()
	require.NoError(t, control.Note(ctx, c, "early", "evicted a", ""))
	record, err := c.Load(ctx)
	require.NoError(t, err)
	require.Zero(t, record.Revision, "a note makes no record")

	require.NoError(t, control.Init(ctx, c, "ann"))
	for _, by := range []string{"ann", "bob"} {
		require.NoError(t, control.Note(ctx, c, by, "gave 2 quarantined keys back to the reconciler", ""))
	}
	for _, by := range []string{"i-1", "i-2", "i-3"} {
		require.NoError(t, control.VoidParity(ctx, c, by))
	}
	record, err = c.Load(ctx)
	require.NoError(t, err)
	var who []string
	for _, change := range record.Trail {
		who = append(who, change.By)
	}
	require.Equal(t, []string{"ann", "ann", "bob", "i-3"}, who)
}

// A reason that is too long is refused by every change, and not cut.
func TestReasonsHaveALimit(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	before := f.record()
	long := control.Step{Why: strings.Repeat("x", 501), Confirm: true}
	_, err := f.coordinator.Advance(ctx, long)
	require.ErrorContains(t, err, "at most 500")
	_, err = f.coordinator.Change(ctx, func(s *phase.Settings) { s.Paused = true }, long)
	require.ErrorContains(t, err, "at most 500")
	require.ErrorContains(t, control.Note(ctx, f.control, "anna", "did something", long.Why), "at most 500")
	require.Equal(t, before, f.record())
}
