package dual_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
)

// TestRecordPutBack: the flag record is put back to a phase that the fleet has left. Who follows the later one goes on; who starts lets
// no call in, until the record is put where the fleet is.
func TestRecordPutBack(t *testing.T) {
	c, j, ctx := newMembers(t), journal.NewMemory(), t.Context()
	join := func(name string) func(*dual.Config) {
		return func(config *dual.Config) {
			config.Control, config.Journal, config.Instance, config.Lease = c, j, name, time.Second
		}
	}
	first := newGround(t, join("first"))
	first.set(dual.OldPrimary, dual.Settings{})
	saved, err := c.Load(ctx)
	require.NoError(t, err)
	first.set(dual.OldGuarded, dual.Settings{})
	first.set(dual.NewGuarded, dual.Settings{})
	now, err := c.Load(ctx)
	require.NoError(t, err)
	require.NoError(t, c.Swap(ctx, now.Revision, saved))

	second := newGround(t, join("second"))
	require.ErrorIs(t, second.notes.Put(ctx, note{"k", "text"}), dual.ErrNotReady)
	require.Contains(t, second.migration.Status().Note, "recover --confirm puts it where that instance is")
	require.NoError(t, first.notes.Put(ctx, note{"k", "text"}))
	require.Equal(t, dual.NewGuarded, first.migration.Phase())

	_, err = control.NewCoordinator(c, j).Recover(ctx, control.Step{Confirm: true})
	require.NoError(t, err)
	require.Eventually(t, func() bool { return second.migration.Ready() == nil && second.migration.Phase() == dual.NewGuarded }, enough, time.Millisecond)
	require.NoError(t, second.notes.Put(ctx, note{"k", "more"}))
	require.NoError(t, first.notes.Put(ctx, note{"k", "most"}))
}
