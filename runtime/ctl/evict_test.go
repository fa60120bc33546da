package ctl_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
)

// An instance that hangs may come back until its lease has run out, and let calls in by its last phase: evict returns after that.
func TestEvictOutlivesTheLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldOnly})
		c := console{t: t, rig: r}
		require.NoError(t, r.Control.Renew(t.Context(), control.Instance{ID: "hangs"}, 10*time.Second))
		began := time.Now()
		require.Contains(t, c.ok("evict", "--confirm", "--dry-run", "hangs"), "evicted hangs")
		require.Less(t, time.Since(began), 5*time.Second)
		status, _, stderr := c.run("evict", "--confirm", "hangs")
		require.Zero(t, status)
		require.Contains(t, stderr, "make no step before")
		require.Greater(t, time.Since(began), 10*time.Second)
	})
}
