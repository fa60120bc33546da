package ctl_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/ctl"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(childControl); path != "" {
		child(path)
	}
	goleak.VerifyTestMain(m)
}

// console runs commands against a rig, as one short-lived process each.
type console struct {
	t    *testing.T
	rig  *rig.Rig
	kind func(*dual.Entity[*dualtest.Store[rig.Item], rig.Item]) // changes the rig's; nil: leaves it
	ctx  context.Context                                         // nil: the test's
}

func (c console) run(args ...string) (status int, stdout, stderr string) {
	c.t.Helper()
	var out, err bytes.Buffer
	ctx := c.ctx
	if ctx == nil {
		ctx = c.t.Context()
	}
	status = ctl.Run(ctx, args, &out, &err, c.open)
	return status, out.String(), err.String()
}

// open is a command's migration.
func (c console) open(context.Context) (*dual.Migration, error) {
	m, err := dual.NewMigration(dual.Config{
		Control: c.rig.Control, Journal: c.rig.Journal, Settle: rig.Settle,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err == nil {
		e := rig.Entity()
		if c.kind != nil {
			c.kind(&e)
		}
		dual.AddEntity(m, &c.rig.Stores, e)
	}
	return m, err
}

func (c console) ok(args ...string) string {
	c.t.Helper()
	status, stdout, stderr := c.run(args...)
	require.Equal(c.t, ctl.ExitDone, status, "%v: %s%s", args, stdout, stderr)
	return stdout
}

func TestWholeWalk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldOnly})
		r.Fill(phase.Old, 50)
		c := console{t: t, rig: r}
		require.Contains(t, c.ok("status"), "next: advance, to OldPrimary")
		require.Contains(t, c.ok("advance"), "OldPrimary")

		status, _, stderr := c.run("advance")
		require.Equal(t, ctl.ExitRefused, status)
		require.Contains(t, stderr, "backfill")
		require.Contains(t, stderr, "parity")
		require.Equal(t, 2, strings.Count(stderr, "remedy: "))

		require.Contains(t, c.ok("backfill"), "Item: complete, 50 copied")
		require.Contains(t, c.ok("verify"), "certificate issued")
		text := c.ok("status")
		require.Contains(t, text, "complete, 50 copied")
		require.Contains(t, text, "valid")
		require.Contains(t, text, "next: advance, to OldGuarded")
		require.Contains(t, text, "way back: back, to OldOnly")
		require.Contains(t, text, "this command")

		for _, want := range []string{"OldGuarded", "NewGuarded", "NewPrimary"} {
			require.Contains(t, c.ok("advance"), want)
		}
		require.Contains(t, c.ok("back"), "NewGuarded")
		require.Contains(t, c.ok("advance"), "NewPrimary")
		status, _, stderr = c.run("advance")
		require.Equal(t, ctl.ExitRefused, status)
		require.Contains(t, stderr, "confirm")
		require.Contains(t, c.ok("advance", "--confirm"), "NewOnly")
		require.Contains(t, c.ok("status"), "next: advance: the last phase is reached")
		require.True(t, r.Equal())
	})
}

func TestVerifyFindsAndRepairs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, 20)
		c := console{t: t, rig: r}
		status, stdout, _ := c.run("verify")
		require.Equal(t, ctl.ExitDiffer, status)
		require.Contains(t, stdout, "20 only in old")
		require.Contains(t, stdout, "no certificate")
		require.NotContains(t, stdout, "name of")
		status, _, _ = c.run("verify", "--repair", "Item")
		require.Equal(t, ctl.ExitDiffer, status)
		require.Contains(t, c.ok("reconcile", "--rate", "-1"), "20 copied")
		require.True(t, r.Equal())
		require.Contains(t, c.ok("verify"), "certificate issued")
		require.Contains(t, c.ok("verify", "--sample", "0.5"), "a sample proves nothing")
	})
}

// A key that can never be copied is dropped by an operator who accepts that; no certificate outlives it.
func TestQuarantineDrop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		c := console{t: t, rig: r}
		r.Put(rig.NewItem("good", 1))
		require.Contains(t, c.ok("verify"), "certificate issued")
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: dualtest.FailBefore(errors.New("no such form"))})
		r.Put(rig.NewItem("bad", 1))
		r.Put(rig.NewItem("worse", 1))
		status, _, _ := c.run("reconcile")
		require.Equal(t, ctl.ExitDiffer, status)
		for _, args := range [][]string{{"quarantine", "drop"}, {"quarantine", "drop", "Item/bad"}} {
			status, _, _ := c.run(args...)
			require.Equal(t, ctl.ExitUsage, status)
		}
		require.Contains(t, c.ok("quarantine", "list"), "2 quarantined")
		require.Contains(t, c.ok("quarantine", "drop", "Item/bad", "--confirm"), "1 keys dropped")
		list := c.ok("quarantine", "list")
		require.NotContains(t, list, "Item/bad")
		require.Contains(t, list, "Item/worse")
		require.Contains(t, c.ok("quarantine", "--confirm", "drop", "Item/worse"), "1 keys dropped")
		require.Zero(t, r.Unclean())
		record, err := r.Control.Load(t.Context())
		require.NoError(t, err)
		require.True(t, record.ParityVoid)
		require.Greater(t, record.Voids, record.Certificates[rig.Kind].Voids)
	})
}

// A key that is still tried is dropped as well, once a copy of it has failed; one that nobody has tried is not.
func TestDropBeforeQuarantine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		c := console{t: t, rig: r}
		key := journal.Key{Kind: rig.Kind, ID: "bad"}
		require.NoError(t, r.Journal.MarkDirty(t.Context(), []journal.Key{key}, phase.Old))
		status, _, stderr := c.run("quarantine", "drop", "Item/bad", "--confirm")
		require.Equal(t, ctl.ExitFailed, status)
		require.Contains(t, stderr, "Item/bad is not quarantined; quarantine list shows those that are, and unclean list those that are still tried")
		require.NoError(t, r.Journal.Renew(t.Context(), "x", time.Minute))
		token, ok, err := r.Journal.BeginCopy(t.Context(), "x", key, 0)
		require.NoError(t, err)
		require.True(t, ok)
		require.NoError(t, r.Journal.Fail(t.Context(), key, token, "no such form", 0))
		require.Contains(t, c.ok("quarantine", "drop", "Item/bad", "--confirm"), "1 keys dropped")
		require.Zero(t, r.Unclean())
	})
}

func TestQuarantine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		c := console{t: t, rig: r}
		remove := r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: dualtest.FailBefore(errors.New("no such column"))})
		r.Put(rig.NewItem("a", 1))
		r.Put(rig.NewItem("b", 1))
		status, _, stderr := c.run("reconcile")
		require.Equal(t, ctl.ExitDiffer, status)
		require.Contains(t, stderr, "2 keys are quarantined")
		list := c.ok("quarantine", "list")
		require.Contains(t, list, "Item/a")
		require.Contains(t, list, "no such column")
		remove()
		status, _, stderr = c.run("quarantine", "retry", "Item/nobody")
		require.Equal(t, ctl.ExitFailed, status)
		require.Contains(t, stderr, "not quarantined")
		require.Contains(t, c.ok("quarantine", "retry", "Item/a"), "1 keys")
		require.Contains(t, c.ok("quarantine", "list"), "1 quarantined")
		require.Contains(t, c.ok("quarantine", "retry"), "1 keys")
		c.ok("reconcile")
		require.True(t, r.Equal())
	})
}

func TestSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		c := console{t: t, rig: r}
		require.Contains(t, c.ok("set", "--compare", "0.25", "--mirror", "async"), "mirror async, compare 0.25, freeze none")
		require.Contains(t, c.ok("set", "--freeze", "writes"), "mirror async, compare 0.25, freeze writes")
		for _, wrong := range [][]string{{"set"}, {"set", "--mirror", "sideways"}, {"set", "--nothing"}} {
			status, _, stderr := c.run(wrong...)
			require.Equal(t, ctl.ExitUsage, status, "%v", wrong)
			require.NotEmpty(t, stderr)
		}
		status, _, stderr := c.run("set", "--compare", "2")
		require.Equal(t, ctl.ExitUsage, status)
		require.Contains(t, stderr, "from 0 to 1")
	})
}

func TestJSON(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		c := console{t: t, rig: r}
		for _, args := range [][]string{
			{"status", "--json"}, {"backfill", "--json"}, {"verify", "--json"}, {"reconcile", "--json"},
			{"quarantine", "--json", "list"}, {"set", "--json", "--compare", "0.1"}, {"back", "--json"}, {"init", "--json"},
		} {
			require.True(t, json.Valid([]byte(c.ok(args...))), "%v", args)
			time.Sleep(time.Second) // the rig's own instance follows what was set
		}
		var status struct {
			Record control.Record
			Kinds  []struct{ Kind string }
		}
		require.NoError(t, json.Unmarshal([]byte(c.ok("status", "--json")), &status))
		require.Equal(t, phase.OldOnly, status.Record.Phase)
		require.Equal(t, rig.Kind, status.Kinds[0].Kind)
	})
}

func TestCommandLine(t *testing.T) {
	c := console{t: t}
	for _, test := range []struct {
		args   []string
		status int
		want   string
	}{
		{nil, ctl.ExitDone, "Usage"},
		{[]string{"help"}, ctl.ExitDone, "quarantine"},
		{[]string{"frobnicate"}, ctl.ExitUsage, "unknown command"},
		{[]string{"status", "-h"}, ctl.ExitDone, "Usage: status"},
	} {
		status, stdout, stderr := c.run(test.args...)
		require.Equal(t, test.status, status, "%v", test.args)
		require.Contains(t, stdout+stderr, test.want)
	}
	status := ctl.Run(t.Context(), []string{"status"}, io.Discard, io.Discard, func(context.Context) (*dual.Migration, error) {
		return nil, errors.New("no such database")
	})
	require.Equal(t, ctl.ExitFailed, status)
}

func TestInit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := control.NewMemory()
		open := func(context.Context) (*dual.Migration, error) {
			return dual.NewMigration(dual.Config{Control: store, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
		}
		var out bytes.Buffer
		require.Equal(t, ctl.ExitDone, ctl.Run(t.Context(), []string{"status"}, &out, io.Discard, open))
		require.Contains(t, out.String(), "no flag record yet")
		require.Equal(t, ctl.ExitDone, ctl.Run(t.Context(), []string{"init"}, &out, io.Discard, open))
		record, err := store.Load(t.Context())
		require.NoError(t, err)
		require.Equal(t, phase.OldOnly, record.Phase)
	})
}
