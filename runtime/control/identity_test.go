package control_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/phase"
)

// An instance that asked its stores in vain is told apart from one that was never told to ask.
func TestUnknownStoresSayWhy(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	f.sees("a", [2]control.Identity{{Store: "shop"}, {Store: "new"}})
	f.ack("b")
	f.reports("b", func(i *control.Instance) { i.Stores, i.Note = [2]control.Identity{}, "identify the stores: down" })
	var refusal *control.Refusal
	require.True(t, errors.As(f.step(+1), &refusal))
	require.Contains(t, refusal.Error(), "does not know which stores it has: identify the stores: down")
	require.NotContains(t, refusal.Error(), "set Identify")
}

// shared is a control store that other migrations use too.
type shared struct {
	control.Control
	others map[string]control.Record
	err    error
}

func (s shared) Neighbours(context.Context) (map[string]control.Record, error) {
	return s.others, s.err
}

// Two migrations of the same kinds between the same stores are one fleet under two names, unless an operator knows better.
func TestNeighbours(t *testing.T) {
	shop, other := [2]string{"shop", "new"}, [2]string{"shop", "another"}
	for name, c := range map[string]struct {
		record control.Record
		want   []control.Gate
	}{
		"the same":              {control.Record{Phase: phase.OldGuarded, Stores: shop, Kinds: []string{"User"}}, []control.Gate{control.GateConfirm}},
		"the other way round":   {control.Record{Phase: phase.NewPrimary, Stores: [2]string{"new", "shop"}, Kinds: []string{"User"}}, []control.Gate{control.GateConfirm}},
		"other kinds":           {control.Record{Phase: phase.OldGuarded, Stores: shop, Kinds: []string{"Order"}}, nil},
		"other stores":          {control.Record{Phase: phase.OldGuarded, Stores: other, Kinds: []string{"User"}}, nil},
		"one at its end":        {control.Record{Phase: phase.NewOnly, Stores: shop, Kinds: []string{"User"}}, []control.Gate{control.GateConfirm}},
		"one at its beginning":  {control.Record{Phase: phase.OldOnly, Stores: shop}, []control.Gate{control.GateConfirm}},
		"one that says nothing": {control.Record{Phase: phase.OldOnly}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFleet(t, hooks.Rules{})
			f.confirm = false
			f.coordinator = control.NewCoordinator(shared{Control: f.control, others: map[string]control.Record{"twin": c.record}}, f.journal)
			if c.want != nil {
				f.refuses(+1, c.want...)
				state, err := f.coordinator.Status(ctx)
				require.NoError(t, err)
				require.Contains(t, state.Warnings[0], `the migration "twin" in this control store`)
				f.confirm = true
			}
			require.NoError(t, f.step(+1))
		})
	}
	f := newFleet(t, hooks.Rules{})
	f.coordinator = control.NewCoordinator(shared{Control: f.control, err: errors.New("no privilege")}, f.journal)
	require.ErrorContains(t, f.step(+1), "look for other migrations: no privilege")
}

// TestNeighboursThatStepAtOnce: two migrations that step into the mirrored phases at one time do not see each other there. The next step
// does, and does not close the way back.
func TestNeighboursThatStepAtOnce(t *testing.T) {
	twin := control.Record{Phase: phase.OldPrimary, Stores: [2]string{"shop", "new"}, Kinds: []string{"User"}}
	at := func(p phase.Phase) *fleet {
		f := newFleet(t, hooks.Rules{})
		f.to(p)
		f.confirm = false
		f.prove()
		f.coordinator = control.NewCoordinator(shared{Control: f.control, others: map[string]control.Record{"twin": twin}}, f.journal)
		return f
	}
	f := at(phase.OldPrimary)
	f.refuses(+1, control.GateConfirm)
	f.confirm = true
	require.NoError(t, f.step(+1))
	require.NoError(t, at(phase.NewPrimary).step(-1))
}
