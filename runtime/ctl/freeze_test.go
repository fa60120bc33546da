package ctl_test

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Stop and migrate, and the read-only copy: frozen, the fleet is copied, proved and walked to the new store in one go.
func TestFreezeRecipes(t *testing.T) {
	for _, what := range []string{"all", "writes"} {
		t.Run(what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rig.New(t, rig.Options{Phase: phase.OldOnly})
				r.Fill(phase.Old, 50)
				c := console{t: t, rig: r}
				c.ok("set", "--freeze", what)
				c.ok("advance")
				r.Fill(phase.New, 51) // left by an earlier try
				require.Contains(t, c.ok("backfill"), "50 copied")
				status, _, _ := c.run("verify", "--repair")
				require.NotZero(t, status, "the stray is found")
				c.ok("reconcile")
				require.Contains(t, c.ok("verify"), "certificate issued")
				for _, want := range []string{"OldGuarded", "NewGuarded", "NewPrimary"} {
					require.Contains(t, c.ok("advance"), want)
				}
				require.Contains(t, c.ok("set", "--freeze", "none"), "freeze none")
				require.True(t, r.Equal())
				require.Contains(t, c.ok("back"), "NewGuarded")
			})
		})
	}
}
