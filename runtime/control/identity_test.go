package control_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
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
