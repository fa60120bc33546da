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

func TestEvict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldOnly})
		c := console{t: t, rig: r}
		require.NoError(t, r.Control.Renew(t.Context(), control.Instance{ID: "stuck", KeepsLast: true}, time.Minute))
		status, _, stderr := c.run("advance")
		require.Equal(t, ctl.ExitRefused, status)
		require.Contains(t, stderr, "stuck")
		require.Contains(t, c.ok("status"), "stuck")
		status, _, stderr = c.run("evict", "stuck")
		require.Equal(t, ctl.ExitRefused, status)
		require.Contains(t, stderr, "the instance is alive")
		require.Contains(t, c.ok("evict", "--confirm", "stuck"), "evicted stuck")
		time.Sleep(time.Minute)
		c.ok("advance")
		status, _, _ = c.run("evict", "nobody")
		require.Equal(t, ctl.ExitFailed, status)
		status, _, _ = c.run("evict")
		require.Equal(t, ctl.ExitUsage, status)
	})
}

// An instance that hangs may come back until its lease has run out, and let calls in by its last phase: the fleet waits for that.
func TestEvictOutlivesTheLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldPrimary})
		c := console{t: t, rig: r}
		record, err := r.Control.Load(t.Context())
		require.NoError(t, err)
		hangs := control.Instance{ID: "hangs", Acked: record.Epoch - 1, Phase: phase.OldPrimary, Kinds: []string{rig.Kind}, Alone: true}
		require.NoError(t, r.Control.Renew(t.Context(), hangs, 10*time.Second))
		require.Contains(t, c.ok("evict", "--confirm", "--dry-run", "hangs"), "evicted hangs")
		require.NotContains(t, c.ok("status"), "evicted, and may go on")
		require.Contains(t, c.ok("evict", "--confirm", "hangs"), "may go on until its lease has run out, in 10s")
		require.Contains(t, c.ok("status"), "evicted, and may go on until its lease has run out")
		require.Contains(t, c.ok("evict", "hangs"), "hangs was evicted before")
		status, _, stderr := c.run("back")
		require.Equal(t, ctl.ExitRefused, status)
		require.Contains(t, stderr, "hangs was evicted, and may go on in OldPrimary until its lease has run out, in 10s")
		require.Contains(t, stderr, "wait until then")
		time.Sleep(10 * time.Second)
		require.NotContains(t, c.ok("status"), "may go on")
		c.ok("back")
	})
}
