package control_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
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
