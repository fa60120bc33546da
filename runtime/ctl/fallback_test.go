package ctl_test

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/ctl"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Reads move first, and the copy comes afterwards, while writes are frozen or not.
func TestFallbackWalk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldOnly})
		r.Fill(phase.Old, 50)
		c := console{t: t, rig: r}
		refused := func(want string, args ...string) {
			t.Helper()
			status, _, stderr := c.run(args...)
			require.Equal(t, ctl.ExitRefused, status, stderr)
			require.Contains(t, stderr, want)
		}
		status, _, stderr := c.run("set", "--fallback", "save")
		require.Equal(t, ctl.ExitFailed, status)
		require.Contains(t, stderr, "which OldOnly does not write")
		c.ok("advance")
		require.Contains(t, c.ok("set", "--fallback", "save"), "fallback save: once reads ask new")
		refused("held nothing when the fleet began to write both", "advance")
		c.ok("advance", "--confirm")
		require.Contains(t, c.ok("advance"), "what new does not have yet is read from old")
		require.Contains(t, c.ok("status"), "to do: backfill Item; verify Item; set --fallback off")
		refused("nothing falls back in NewPrimary", "advance")
		refused("refused: set the fallback off", "set", "--fallback", "off")
		require.Contains(t, c.ok("back"), "OldGuarded")
		c.ok("advance")

		c.ok("set", "--freeze", "writes")
		require.Contains(t, c.ok("backfill"), "Item: complete, 50 listed, 50 brought")
		require.Contains(t, c.ok("backfill"), "Item: complete, 50 listed, 0 brought")
		require.Contains(t, c.ok("verify"), "certificate issued")
		c.ok("set", "--freeze", "none", "--fallback", "off")
		require.Contains(t, c.ok("advance"), "NewPrimary")
		require.True(t, r.Equal())
		require.Contains(t, c.ok("history"), "fallback save to off")
	})
}

// A verify pass with repair has what was not copied yet copied, and deletes none of it.
func TestRepairWhileReadsFallBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldPrimary})
		r.Fill(phase.Old, 5)
		c := console{t: t, rig: r}
		c.ok("set", "--fallback", "lookup")
		c.ok("advance", "--confirm")
		c.ok("advance")
		status, _, _ := c.run("verify", "--repair")
		require.Equal(t, ctl.ExitDiffer, status)
		c.ok("reconcile")
		require.True(t, r.Equal())
	})
}
