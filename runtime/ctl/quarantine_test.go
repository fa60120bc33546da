package ctl_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Beyond what one list shows, keys are counted, given back and dropped all the same.
func TestManyQuarantined(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		c := console{t: t, rig: r}
		require.NoError(t, r.Journal.Renew(t.Context(), "x", time.Minute))
		for n := range 1005 {
			key := journal.Key{Kind: rig.Kind, ID: fmt.Sprint(n)}
			require.NoError(t, r.Journal.MarkDirty(t.Context(), []journal.Key{key}, phase.Old))
			token, ok, err := r.Journal.BeginCopy(t.Context(), "x", key, 0)
			require.NoError(t, err)
			require.True(t, ok)
			require.NoError(t, r.Journal.Fail(t.Context(), key, token, "no", 1))
		}
		require.Contains(t, c.ok("quarantine", "list"), "1005 quarantined; 1000 shown")
		require.Contains(t, c.ok("quarantine", "drop", "Item/1004", "--confirm"), "1 keys dropped")
		require.Contains(t, c.ok("quarantine", "retry", "Item/1003"), "1 keys are tried again")
		require.Contains(t, c.ok("quarantine", "retry"), "1003 keys are tried again")
	})
}
