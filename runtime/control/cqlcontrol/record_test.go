package cqlcontrol

import (
	"errors"
	"testing"

	"github.com/gocql/gocql"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/phase"
)

var errTest = errors.New("no answer")

// An attempt to change the record that was applied, and whose answer was lost, is recognised after the changes of others, and one
// that was not applied is no more in doubt than if it had been refused.
func TestRecordKnowsItsWriters(t *testing.T) {
	p := newPlace(t)
	b := p.open(t, Options{})
	ctx, c := t.Context(), b.control
	require.NoError(t, c.Swap(ctx, 0, control.Record{Phase: phase.OldOnly, By: "first"}))
	lost := gocql.MustRandomUUID()
	stored, err := c.loadRecord(ctx)
	require.NoError(t, err)
	next := stored.Record
	next.By = "lost"
	applied, err := c.swap(ctx, 1, stored, next, lost)
	require.NoError(t, err)
	require.True(t, applied)
	for revision := uint64(2); revision < 2+writersKept-1; revision++ {
		require.NoError(t, c.Swap(ctx, revision, control.Record{Phase: phase.OldOnly}))
		_, known, err := c.settled(ctx, 1, lost, errTest)
		require.NoError(t, err)
		require.True(t, known, "revision %d", revision)
		_, _, err = c.settled(ctx, 1, gocql.MustRandomUUID(), errTest)
		require.ErrorIs(t, err, control.ErrConflict, "it was not applied")
	}
	stored, err = c.loadRecord(ctx)
	require.NoError(t, err)
	require.Len(t, stored.Writers, writersKept)
	require.Contains(t, stored.Writers, lost)
	require.NoError(t, c.Swap(ctx, stored.Revision, control.Record{Phase: phase.OldOnly}))
	_, _, err = c.settled(ctx, 1, lost, errTest)
	require.ErrorIs(t, err, errTest, "too many changes ago")
	require.ErrorContains(t, err, "unknown")
}
