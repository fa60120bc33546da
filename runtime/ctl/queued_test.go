package ctl_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// status shows how far a queued mirror is behind, and warns of it after a minute.
func TestQueuedLag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldPrimary})
		c := console{t: t, rig: r}
		c.ok("set", "--mirror", "queued")
		require.NotContains(t, c.ok("status"), "lag")
		r.Fill(phase.Old, 1)
		require.NoError(t, r.Journal.MarkDirty(t.Context(), []journal.Key{rig.Key("item-0000000")}, dual.Old))
		time.Sleep(30 * time.Second)
		text := c.ok("status")
		require.Contains(t, text, "lag 30s")
		require.NotContains(t, text, "lags by")
		time.Sleep(time.Minute)
		require.Contains(t, c.ok("status"), "the mirror is queued and lags by 1m30s")
		c.ok("reconcile")
		require.NotContains(t, c.ok("status"), "lag")
		require.True(t, r.Equal())
	})
}
