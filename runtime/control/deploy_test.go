package control_test

import (
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Two builds at once: the gates name the instance and the fields, and a certificate of the one is none for the other.
func TestTwoBuilds(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	f.to(phase.OldPrimary)
	f.reports("b", func(i *control.Instance) { i.Shapes = map[string]string{"User": "Email,ID,Name 2"} })
	f.refuses(+1, control.GateShapes, control.GateParity)
	_, err := f.coordinator.Advance(ctx, control.Step{})
	assert.ErrorContains(t, err, "instances a and b have different builds of User: the second alone has Email")
	f.reports("b", func(i *control.Instance) { i.Shapes = nil })
	_, err = f.coordinator.Advance(ctx, control.Step{})
	assert.ErrorContains(t, err, "the second does not say its fields")
	require.NoError(t, f.step(-1), "the way back does not ask")
	require.NoError(t, f.control.Leave(ctx, "b"))
	f.to(phase.OldGuarded)
	assert.Equal(t, map[string]string{"User": userShape}, f.record().Shapes)
	assert.Equal(t, []string{"User (the second alone has Email)"}, f.record().Reshaped(map[string]string{"User": "Email,ID,Name 2"}))
	assert.Equal(t, []string{"User (the same fields, with other types, or another key)"}, f.record().Reshaped(map[string]string{"User": "ID,Name 2"}))
	assert.Empty(t, f.record().Reshaped(map[string]string{"User": userShape, "Order": "ID 1"}))
	f.to(phase.NewPrimary)
	assert.NotEmpty(t, f.record().Shapes)
	f.to(phase.NewOnly)
	assert.Empty(t, f.record().Shapes, "where one store is written, any build may come")
	f.to(phase.OldPrimary)
	assert.NotEmpty(t, f.record().Shapes, "the fleet came from the new store")
	f.to(phase.OldOnly)
	assert.Empty(t, f.record().Shapes)
}

// A kind that nothing can copy is given up by name, once for the stay in the mirrored phases, and no other is.
func TestAbandon(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	loose := func() {
		f.reports("a", func(i *control.Instance) {
			i.Kinds, i.Loose = []string{"Session", "User"}, []string{"Session"}
		})
	}
	f.to(phase.OldPrimary)
	loose()
	f.refuses(+1, control.GateCopies)
	loose()
	for kind, want := range map[string]string{"User": "User can be copied", "Sesion": "known are: Session, User"} {
		_, err := f.coordinator.Advance(ctx, control.Step{Abandon: []string{kind}})
		require.ErrorContains(t, err, want)
	}
	require.NoError(t, f.journal.MarkDirty(ctx, []journal.Key{{Kind: "Session", ID: "1"}}, phase.Old))
	for _, want := range []phase.Phase{phase.OldGuarded, phase.NewGuarded, phase.NewPrimary, phase.NewOnly} {
		step := control.Step{Confirm: true}
		if want == phase.OldGuarded {
			step.Abandon = []string{"Session"}
		}
		record, err := f.coordinator.Advance(ctx, step)
		require.NoError(t, err)
		assert.Equal(t, want, record.Phase)
		assert.Equal(t, []string{"Session"}, record.Abandoned)
		loose()
	}
	status, err := f.coordinator.Status(ctx)
	require.NoError(t, err)
	assert.Equal(t, control.KindState{Kind: "Session", Loose: true, Abandoned: true}, status.Kinds[0])
	f.to(phase.NewPrimary)
	assert.Empty(t, f.record().Abandoned, "another stay is asked for again")
}

// A kind that no build has any more is forgotten by name: not while an instance has it, and not without a word.
func TestForget(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	with := func(i *control.Instance) { i.Kinds = []string{"Order", "User"} }
	f.reports("b", with)
	require.NoError(t, f.step(+1))
	confirmed := control.Step{Confirm: true, By: "me"}
	_, err := f.coordinator.Forget(ctx, "Ordre", confirmed)
	require.ErrorContains(t, err, "known are: Order, User")
	f.reports("b", with)
	_, err = f.coordinator.Forget(ctx, "Order", confirmed)
	require.ErrorContains(t, err, "instance b has Order")

	i := f.instance("b") // dies, and stays in the list
	with(&i)
	require.NoError(t, f.control.Renew(ctx, i, -time.Second))
	f.prove("User")
	f.refuses(+1, control.GateBackfill, control.GateParity)
	require.NoError(t, f.journal.MarkDirty(ctx, []journal.Key{{Kind: "Order", ID: "1"}}, phase.Old))
	_, err = f.coordinator.Forget(ctx, "Order", control.Step{})
	require.ErrorContains(t, err, "1 unclean keys of it are never copied")
	record, err := f.coordinator.Forget(ctx, "Order", confirmed)
	require.NoError(t, err)
	assert.Equal(t, record, f.record())
	f.refuses(+1, control.GateParity)
	f.prove("User")
	f.to(phase.NewOnly)
	assert.Equal(t, []string{"User"}, f.record().Kinds, "the dead do not bring it back")

	f.reports("c", with)
	require.NoError(t, f.step(-1))
	assert.Equal(t, []string{"Order", "User"}, f.record().Kinds, "the living do")
	assert.Empty(t, f.record().Forgotten)
}

// Two operators who make the same step make it once.
func TestAdvanceTo(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	for range 2 {
		record, err := f.coordinator.Advance(ctx, control.Step{To: phase.OldPrimary})
		require.NoError(t, err)
		assert.Equal(t, phase.OldPrimary, record.Phase)
		f.ack("a")
	}
	_, err := f.coordinator.Advance(ctx, control.Step{To: phase.NewGuarded})
	require.ErrorContains(t, err, "one step leads to OldGuarded, not to NewGuarded")
	_, err = f.coordinator.Back(ctx, control.Step{To: phase.NewGuarded})
	require.ErrorContains(t, err, "one step leads to OldOnly")
	_, err = f.coordinator.Back(ctx, control.Step{To: phase.OldOnly})
	require.NoError(t, err)
}

// As many instances must be alive as the operator knows of: one that runs a build without the wrapper is missing.
func TestExpect(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	f.reports("ctl", func(i *control.Instance) { i.Command, i.Reconciles = true, true })
	_, err := f.coordinator.Advance(ctx, control.Step{Expect: 2})
	require.ErrorContains(t, err, "2 instances are expected, and 1 are alive: a")
	f.ack("b")
	_, err = f.coordinator.Advance(ctx, control.Step{Expect: 1})
	require.ErrorContains(t, err, "1 instances are expected, and 2 are alive: a, b")
	_, err = f.coordinator.Advance(ctx, control.Step{Expect: 2})
	require.NoError(t, err)
}

// A command is no instance that serves, and none that copies what is unclean from now on. Steps wait for it all the same.
func TestCommandsDoNotCount(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	f.to(phase.OldPrimary)
	command := func(i *control.Instance) { i.Command, i.Reconciles = true, true }
	f.reports("ctl", command)
	state, err := f.coordinator.Status(ctx)
	require.NoError(t, err)
	require.Len(t, state.Warnings, 1)
	require.Contains(t, state.Warnings[0], "no instance runs a reconciler")
	require.NoError(t, f.control.Leave(ctx, "a"))
	state, err = f.coordinator.Status(ctx)
	require.NoError(t, err)
	require.Len(t, state.Warnings, 1)
	require.Contains(t, state.Warnings[0], "no instance with a wrapper is alive")
	f.reports("ctl", func(i *control.Instance) { command(i); i.Acked-- })
	_, err = f.coordinator.Back(ctx, control.Step{})
	require.ErrorContains(t, err, "instance ctl has acknowledged epoch")
}

// The stores are pinned by hand or by the first step to both, and others are named.
func TestPin(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	stores := [2]control.Identity{{Store: "shop"}, {Store: "new"}}
	_, err := f.coordinator.Pin(ctx, [2]control.Identity{{Store: "shop"}, {}}, control.Step{})
	require.ErrorContains(t, err, "Identify")
	_, err = f.coordinator.Pin(ctx, [2]control.Identity{{Store: "shop"}, {Store: "shop"}}, control.Step{})
	require.ErrorContains(t, err, "are one")
	f.to(phase.OldPrimary)
	require.Equal(t, [2]string{"shop", "new"}, f.record().Stores)
	f.prove("User")
	_, err = f.coordinator.Pin(ctx, stores, control.Step{})
	require.NoError(t, err)
	assert.False(t, f.record().ParityVoid, "they are the same")

	moved := [2]control.Identity{{Store: "shop"}, {Store: "newer"}}
	assert.Contains(t, f.record().OtherStores(moved), "another new store than the fleet: newer instead of new")
	assert.Contains(t, f.record().OtherStores([2]control.Identity{stores[1], stores[0]}), "swapped: its old store is new, which is the fleet's new store")
	_, err = f.coordinator.Pin(ctx, moved, control.Step{})
	require.ErrorContains(t, err, "will refuse calls")
	_, err = f.coordinator.Pin(ctx, moved, control.Step{Confirm: true})
	require.NoError(t, err)
	assert.True(t, f.record().ParityVoid, "nobody has compared those")
}

// A fleet without anybody, and one that copies nothing, is warned of.
func TestWarnings(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	warnings := func() []string {
		status, err := f.coordinator.Status(ctx)
		require.NoError(t, err)
		return status.Warnings
	}
	assert.Empty(t, warnings())
	f.to(phase.OldPrimary)
	require.Len(t, warnings(), 1)
	assert.Contains(t, warnings()[0], "no instance runs a reconciler")
	f.reports("b", func(i *control.Instance) { i.Reconciles = true })
	assert.Empty(t, warnings())
	require.NoError(t, f.control.Leave(ctx, "a"))
	require.NoError(t, f.control.Leave(ctx, "b"))
	require.Len(t, warnings(), 1)
	assert.Contains(t, warnings()[0], "no instance with a wrapper is alive")
}

// The unclean keys of a kind that was forgotten count again once the kind is back, though its instance has ended since.
func TestForgottenKindThatComesBack(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	require.NoError(t, f.step(+1))
	both := func(i *control.Instance) {
		i.Kinds, i.Shapes = []string{"Old", "User"}, map[string]string{"User": userShape, "Old": userShape}
	}
	f.change(func(r *control.Record) { r.Forgotten = []string{"Old"} })
	f.reports("a", both)
	f.prove("User", "Old")
	f.reports("a", func(*control.Instance) {}) // a build without it
	require.NoError(t, f.step(+1))
	require.NoError(t, f.step(+1))
	require.NoError(t, f.journal.MarkDirty(ctx, []journal.Key{{Kind: "Old", ID: "1"}}, phase.Old))
	f.refuses(+1, control.GateDirection)
}

// A store that is down keeps no command from the way back: the fleet's stores are pinned.
func TestCommandThatCannotAskAStore(t *testing.T) {
	for name, c := range map[string]struct {
		command, refused bool
		stores           [2]control.Identity
	}{
		"a command":                         {true, false, [2]control.Identity{{Store: "shop"}, {}}},
		"a command that has another store":  {true, true, [2]control.Identity{{Store: "another"}, {}}},
		"an instance that writes the store": {false, true, [2]control.Identity{{Store: "shop"}, {}}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFleet(t, hooks.Rules{})
			f.to(phase.NewPrimary)
			f.reports("b", func(i *control.Instance) { i.Command, i.Note, i.Stores = c.command, "bad connection", c.stores })
			if c.refused {
				f.refuses(-1, control.GateStores)
			} else {
				require.NoError(t, f.step(-1))
			}
		})
	}
}
