package ctl_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/ctl"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
)

// A rollover from the first look at the cutoff to its end. The rig has no methods, and so none that could not tell times.
func TestCutoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldOnly})
		_, err := control.Update(t.Context(), r.Control, func(record *control.Record) error {
			record.Settings.Lead = time.Hour
			return nil
		})
		require.NoError(t, err)
		c := console{t: t, rig: r}
		require.Contains(t, c.ok("cutoff"), "no cutoff: all keys belong to old, in OldOnly; lead 1h0m0s")
		day := time.Now().Add(72 * time.Hour).UTC().Format(time.DateOnly)

		status, _, stderr := c.run("cutoff", "yesterday")
		require.Equal(t, ctl.ExitUsage, status)
		require.Contains(t, stderr, "is no time")
		status, _, stderr = c.run("cutoff", day)
		require.Equal(t, ctl.ExitRefused, status)
		require.Contains(t, stderr, "the cutoff stays as it is")
		require.Contains(t, stderr, "confirm")
		status, _, stderr = c.run("cutoff", "--confirm", time.Now().Add(30*time.Minute).Format(time.RFC3339))
		require.Equal(t, ctl.ExitRefused, status)
		require.Contains(t, stderr, "take a cutoff after")

		status, stdout, stderr := c.run("cutoff", "--lead", "50m", "--confirm", time.Now().Add(30*time.Minute).Format(time.RFC3339))
		require.Equal(t, ctl.ExitRefused, status)
		require.Contains(t, stdout, "the lead is 50m0s now", stderr)
		c.ok("cutoff", "--lead", "1h")

		require.Contains(t, c.ok("cutoff", "--confirm", day), "keys before "+day+"T00:00:00Z belong to old, later ones to new; lead 1h0m0s")
		require.Contains(t, c.ok("status"), "keys before "+day)
		require.Contains(t, c.ok("status"), "next: advance, to NewOnly, is blocked")
		require.NotContains(t, c.ok("cutoff", "none"), "keys before")
		soon := time.Now().Add(2 * time.Hour).UTC().Format(time.RFC3339)
		require.Contains(t, c.ok("cutoff", "--lead", "1h30m", "--confirm", soon), "lead 1h30m0s")
		time.Sleep(time.Second)
		status, _, stderr = c.run("set", "--freeze", "writes")
		require.Equal(t, ctl.ExitDone, status, stderr)
		require.Contains(t, c.ok("set", "--freeze", "none"), "keys before "+soon)

		time.Sleep(2*time.Hour + 2*control.Skew)
		status, _, stderr = c.run("cutoff", "none")
		require.Equal(t, ctl.ExitRefused, status)
		require.Contains(t, stderr, "may be in the new store already")
		c.ok("set", "--freeze", "all")
		time.Sleep(time.Second)
		require.Contains(t, c.ok("cutoff", "--confirm", day), "keys before "+day)
		require.Contains(t, c.ok("cutoff", "--confirm", soon), "keys before "+soon)
		c.ok("set", "--freeze", "none")
		time.Sleep(time.Second)
		status, _, _ = c.run("advance")
		require.Equal(t, ctl.ExitRefused, status)
		require.Contains(t, c.ok("advance", "--confirm"), "NewOnly")
	})
}
