package ctl_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/ctl"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
)

// A step is not made while its file is there, though the gates are met, and is made once the file is gone. What is in the way is told meanwhile.
func TestPostpone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldPrimary})
		r.Fill(phase.Old, 3)
		c := console{t: t, rig: r}
		file := filepath.Join(t.TempDir(), "not yet")
		at := func() phase.Phase {
			record, err := r.Control.Load(t.Context())
			require.NoError(t, err)
			return record.Phase
		}
		type outcome struct {
			status         int
			stdout, stderr string
		}
		ended := make(chan outcome)
		go func() {
			status, stdout, stderr := c.run("advance", "--postpone", file)
			ended <- outcome{status, stdout, stderr}
		}()
		time.Sleep(10 * time.Second)
		require.FileExists(t, file, "it is made")
		c.ok("backfill")
		c.ok("verify")
		time.Sleep(time.Hour)
		require.Equal(t, phase.OldPrimary, at(), "nothing is in the way but the file")
		require.NoError(t, os.Remove(file))
		end := <-ended
		require.Equal(t, ctl.ExitDone, end.status, end.stderr)
		require.Equal(t, phase.OldGuarded, at())
		lines := strings.Split(end.stderr, "\n")
		require.Equal(t, "postponed until "+file+" is removed; in the way of OldGuarded: backfill Item, parity Item", lines[0])
		require.Contains(t, end.stderr, "postponed until "+file+" is removed; nothing is in the way of OldGuarded\n")

		other := filepath.Join(t.TempDir(), "other")
		go func() {
			status, stdout, stderr := c.run("advance", "--postpone", other)
			ended <- outcome{status, stdout, stderr}
		}()
		time.Sleep(10 * time.Second)
		c.ok("advance")
		require.Equal(t, phase.NewGuarded, at())
		require.NoError(t, os.Remove(other))
		end = <-ended
		require.Equal(t, ctl.ExitDone, end.status, end.stderr)
		require.Equal(t, phase.NewGuarded, at(), "somebody else has made the step that was postponed")
	})
}

// A step that was postponed and interrupted is not made; one that can never be made is refused at once.
func TestPostponeEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldOnly})
		c := console{t: t, rig: r}
		file := filepath.Join(t.TempDir(), "not yet")
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var errs bytes.Buffer
		require.Equal(t, ctl.ExitFailed, ctl.Run(ctx, []string{"advance", "--postpone", file}, io.Discard, &errs,
			func(context.Context) (*dual.Migration, error) { return r.Open(nil), nil }))
		require.Contains(t, errs.String(), "the step was postponed, and was not made")
		status, _, stderr := c.run("advance", "--postpone", filepath.Join(file, "no", "folder"))
		require.Equal(t, ctl.ExitUsage, status, stderr)
		require.Contains(t, c.ok("status"), "OldOnly")
		r.SetPhase(phase.NewPrimary)
		r.Follow()
		status, _, stderr = c.run("advance", "--postpone", file)
		require.Equal(t, ctl.ExitRefused, status)
		require.Contains(t, stderr, "confirm")
	})
}

// After an interruption the kinds that are proved are left out, and the others compared.
func TestVerifyResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldPrimary})
		r.Fill(phase.Old, 3)
		c := console{t: t, rig: r}
		c.ok("backfill")
		require.Contains(t, c.ok("verify", "--resume"), "Item: 3 compared")
		_, stdout, stderr := c.run("verify", "--resume")
		require.NotContains(t, stdout, "compared")
		require.Contains(t, stderr, "Item: left out, since it is proved: 3 compared")
		require.Contains(t, c.ok("verify"), "Item: 3 compared")
		require.NoError(t, control.VoidParity(t.Context(), r.Control, "somebody"))
		require.Contains(t, c.ok("verify", "--resume"), "Item: 3 compared", "a certificate that does not count proves nothing")
	})
}
