package control_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/phase"
)

// TestRecoverTheRecord: the tables of the control store were put back from a copy. No step is made by the older record, and none may
// evict who knows better; the record is put where the fleet is, with its certificates void.
func TestRecoverTheRecord(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	f.to(phase.OldPrimary)
	f.prove("User")
	copied := f.record()
	f.to(phase.NewGuarded)
	now := f.record()
	copied.Revision = now.Revision
	require.NoError(t, f.control.Swap(ctx, now.Revision, copied))
	f.refuses(+1, control.GateFleet)
	f.refuses(-1, control.GateFleet)
	_, err := f.coordinator.Recover(ctx, control.Step{})
	require.ErrorContains(t, err, "NewGuarded", "without confirmation")
	record, err := f.coordinator.Recover(ctx, control.Step{Confirm: true})
	require.NoError(t, err)
	require.Equal(t, phase.NewGuarded, record.Phase)
	require.Greater(t, record.Epoch, now.Epoch)
	require.Greater(t, record.Voids, copied.Voids)
	f.ack("a")
	f.refuses(-1, control.GateParity)
	f.prove("User")
	require.NoError(t, f.step(-1))
}

// TestWayBackAfterRecover: the copy is from before the backfill was made, and no backfill can be made where the fleet is now. What the way
// back asks for can be had there.
func TestWayBackAfterRecover(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	f.to(phase.OldPrimary)
	copied := f.record()
	f.to(phase.NewPrimary)
	copied.Revision = f.record().Revision
	require.NoError(t, f.control.Swap(ctx, copied.Revision, copied))
	_, err := f.coordinator.Recover(ctx, control.Step{Confirm: true})
	require.NoError(t, err)
	f.ack("a")
	f.refuses(-1, control.GateParity)
	f.prove("User")
	f.change(func(r *control.Record) { r.Backfills = nil }) // a pass alone
	require.NoError(t, f.step(-1))
}

// TestWayBackOfAnUnprovedKind: a build came to NewPrimary with a kind whose calls are refused there. It is told to go back, where no backfill
// can be made before.
func TestWayBackOfAnUnprovedKind(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	f.to(phase.NewPrimary)
	f.reports("b", func(i *control.Instance) { i.Kinds = []string{"Order", "User"} })
	require.NoError(t, f.step(-1))
}
