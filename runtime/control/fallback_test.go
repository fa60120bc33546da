package control_test

import (
	"testing"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fallsBack changes the fallback, and has the instance follow.
func (f *fleet) fallsBack(to phase.Fallback) error {
	f.t.Helper()
	settings := f.record().Settings
	settings.Fallback = to
	_, err := f.coordinator.Set(ctx, settings, control.Step{By: "test"})
	f.ack("a")
	return err
}

func TestFallbackGates(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	assert.ErrorContains(t, f.fallsBack(phase.FallbackSave), "which OldOnly does not write")
	require.NoError(t, f.step(+1))
	require.NoError(t, f.fallsBack(phase.FallbackSave))

	f.confirm = false
	f.refuses(+1, control.GateConfirm)
	f.confirm = true
	require.NoError(t, control.VoidParity(ctx, f.control, "test"))
	f.refuses(+1, control.GateParity)
	_, err := control.Update(ctx, f.control, func(r *control.Record) error {
		r.ParityVoid = false
		r.Backfills = map[string]control.Backfill{"User": {Epoch: r.MirroredSince, Holder: "killed"}}
		return nil
	})
	require.NoError(t, err)
	f.refuses(+1, control.GateBackfill)
	_, err = control.Update(ctx, f.control, func(r *control.Record) error { r.Backfills = nil; return nil })
	require.NoError(t, err)

	require.NoError(t, f.step(+1), "nothing was copied or proved")
	require.NoError(t, f.step(+1))
	require.Equal(t, phase.NewGuarded, f.record().Phase)
	assert.True(t, f.record().FallsBack())
	assert.Equal(t, phase.Old, f.record().Complete())

	require.NoError(t, f.step(-1), "the way back is open")
	assert.ErrorContains(t, f.fallsBack(phase.FallbackOff), "go back to where reads come from the old store alone")
	require.NoError(t, f.step(+1))
	f.refuses(+1, control.GateSettings)
	var refusal *control.Refusal
	require.ErrorAs(t, f.fallsBack(phase.FallbackOff), &refusal)
	assert.Equal(t, []control.Gate{control.GateBackfill, control.GateParity}, []control.Gate{refusal.Unmet[0].Gate, refusal.Unmet[1].Gate})
	assert.ErrorContains(t, refusal, "cannot set the fallback off")
	require.NoError(t, f.fallsBack(phase.FallbackLookup))
	f.prove("User")
	require.NoError(t, f.fallsBack(phase.FallbackOff))
	require.NoError(t, f.step(+1))
	assert.ErrorContains(t, f.fallsBack(phase.FallbackSave), "nothing to fall back for")
}

// A fleet that goes back to OldOnly takes no fallback with it.
func TestFallbackEndsWithTheMirror(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	require.NoError(t, f.step(+1))
	require.NoError(t, f.fallsBack(phase.FallbackLookup))
	require.NoError(t, f.step(-1))
	assert.Equal(t, phase.FallbackOff, f.record().Settings.Fallback)
}

// Comparisons would find every entity different that was not copied yet.
func TestFallbackWithoutComparisons(t *testing.T) {
	assert.Error(t, phase.Settings{Fallback: phase.FallbackSave, Compare: 0.1}.Validate(phase.NewGuarded))
	assert.Error(t, phase.Settings{Fallback: 9}.Validate(phase.NewGuarded))
	assert.NoError(t, phase.Settings{Fallback: phase.FallbackSave}.Validate(phase.NewGuarded))
}

// A kind that can be copied by its keys and not listed passes while reads fall back. That nothing more of it is left, an operator says.
func TestFallbackOfWhatCannotBeListed(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	sessions := func(unlisted ...string) {
		f.reports("a", func(i *control.Instance) {
			i.Kinds, i.Loose, i.Unlisted = []string{"Session", "User"}, []string{"Session"}, unlisted
		})
	}
	sessions("Session")
	f.confirm = false
	f.refuses(+1, control.GateConfirm) // what new holds from before is never overwritten, and would be read
	f.confirm = true
	sessions("Session")
	require.NoError(t, f.step(+1))
	f.prove("User")
	sessions("Session")
	f.refuses(+1, control.GateCopies)
	require.NoError(t, f.fallsBack(phase.FallbackSave))
	sessions()
	f.refuses(+1, control.GateCopies) // nothing copies it
	sessions("Session")
	require.NoError(t, f.step(+1))
	sessions("Session")
	assert.ErrorContains(t, f.fallsBack(phase.FallbackOff), "go back to where reads come from the old store alone")
	sessions("Session")
	require.NoError(t, f.step(+1))
	sessions("Session")
	status, err := f.coordinator.Status(ctx)
	require.NoError(t, err)
	assert.Equal(t, control.KindState{Kind: "Session", Loose: true, Unlisted: true}, status.Kinds[0])
	require.NoError(t, f.journal.MarkDirty(ctx, []journal.Key{{Kind: "Session", ID: "1"}}, phase.Old))

	sessions("Session")
	var refusal *control.Refusal
	require.ErrorAs(t, f.fallsBack(phase.FallbackOff), &refusal)
	require.Len(t, refusal.Unmet, 1)
	assert.Equal(t, control.GateConfirm, refusal.Unmet[0].Gate)
	sessions("Session")
	settings := f.record().Settings
	settings.Fallback = phase.FallbackOff
	_, err = f.coordinator.Set(ctx, settings, control.Step{Confirm: true})
	require.NoError(t, err)
	sessions("Session")
	f.refuses(+1, control.GateDirection) // its unclean keys count, as they would not if it were given up
}

// The way back of a kind that cannot be listed is open as long as old is written too: old is complete. From NewOnly it is not, and what
// old holds is out of date.
func TestWayBackOfWhatCannotBeListed(t *testing.T) {
	for _, void := range []bool{false, true} {
		f := newFleet(t, hooks.Rules{})
		f.change(func(r *control.Record) {
			r.Phase, r.Kinds, r.Proved, r.ParityVoid = phase.NewPrimary, []string{"Session"}, []string{"Session"}, void
			r.MirroredSince, r.MirroredFrom = 1, phase.Old
		})
		follow := func() {
			f.reports("a", func(i *control.Instance) {
				i.Kinds, i.Loose, i.Unlisted = []string{"Session"}, []string{"Session"}, []string{"Session"}
			})
		}
		follow()
		f.confirm = false
		if void { // nobody can tell where the stores differ
			f.refuses(-1, control.GateConfirm)
			f.confirm = true
			follow()
			require.NoError(t, f.step(-1))
			continue
		}
		for range 3 {
			require.NoError(t, f.step(-1))
			follow()
		}
		require.Equal(t, phase.OldPrimary, f.record().Phase)
	}
	f := newFleet(t, hooks.Rules{})
	f.change(func(r *control.Record) {
		r.Phase, r.Kinds, r.Proved = phase.NewOnly, []string{"Session"}, []string{"Session"}
	})
	f.reports("a", func(i *control.Instance) {
		i.Kinds, i.Loose, i.Unlisted = []string{"Session"}, []string{"Session"}, []string{"Session"}
	})
	f.confirm = false
	f.refuses(-1, control.GateConfirm)
	_, err := f.coordinator.Back(ctx, control.Step{Confirm: true})
	require.NoError(t, err)
}
