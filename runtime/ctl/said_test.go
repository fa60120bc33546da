package ctl_test

import (
	"bytes"
	"context"
	"log/slog"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/ctl"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/process"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// TestStatusOfAnUncleanKind: the number of keys alone does not say that no reconciler makes the kind clean.
func TestStatusOfAnUncleanKind(t *testing.T) {
	for name, c := range map[string]struct {
		marked []journal.Key
		want   string
	}{
		"keys":           {[]journal.Key{{Kind: rig.Kind, ID: "1"}, {Kind: rig.Kind, ID: "2"}}, `Item +not begun +2 +0 `},
		"kind":           {[]journal.Key{{Kind: rig.Kind, Whole: true}}, `Item +not begun +the whole kind +0 `},
		"keys and kind":  {[]journal.Key{{Kind: rig.Kind, ID: "1"}, {Kind: rig.Kind, Whole: true}}, `Item +not begun +1, and the whole kind +0 `},
		"another's kind": {[]journal.Key{{Kind: "Other", Whole: true}}, `Item +not begun +0 +0 `},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rig.New(t, rig.Options{Phase: phase.OldPrimary})
				require.NoError(t, r.Journal.MarkDirty(t.Context(), c.marked, phase.Old))
				require.Regexp(t, c.want, console{t: t, rig: r}.ok("status"))
			})
		})
	}
}

// TestCommandLogsNoStart: the phase that a command finds is no change of it, and what it changes is.
func TestCommandLogsNoStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		process.SetCommand(true)
		defer process.SetCommand(false)
		r := rig.New(t, rig.Options{Phase: phase.OldOnly})
		run := func(command string) string {
			var stdout, stderr, logged bytes.Buffer
			open := func(context.Context) (*dual.Migration, error) {
				m, err := dual.NewMigration(dual.Config{Control: r.Control, Journal: r.Journal, Settle: rig.Settle, Logger: slog.New(slog.NewTextHandler(&logged, nil))})
				if err == nil {
					dual.AddEntity(m, &r.Stores, rig.Entity())
				}
				return m, err
			}
			require.Equal(t, ctl.ExitDone, ctl.Run(t.Context(), []string{command}, &stdout, &stderr, open), stderr.String())
			return logged.String()
		}
		require.Empty(t, run("status"))
		logged := run("advance")
		require.Contains(t, logged, "phase=OldPrimary from=OldOnly")
		require.NotContains(t, logged, "from=none")
	})
}
