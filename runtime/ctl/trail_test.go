package ctl_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/ctl"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/reconcile"
)

// history names who did what, when and why; what only changes progress is not in it.
func TestHistory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldOnly})
		r.Fill(phase.Old, 3)
		c := console{t: t, rig: r}
		c.ok("advance", "--why", "ticket 7")
		c.ok("set", "--freeze", "writes", "--why", "new disk\nforged line")
		c.ok("set", "--freeze", "none")
		c.ok("backfill")
		c.ok("verify")
		other := rig.NewItem(rig.ID(0), 9)
		r.Stores[phase.New].Corrupt(other.ID, &other)
		c.run("verify")
		require.NoError(t, r.Control.Renew(t.Context(), control.Instance{ID: "gone"}, time.Nanosecond))
		time.Sleep(time.Second)
		c.ok("evict", "--why", "its node burnt", "gone")
		text := c.ok("history")
		for _, want := range []string{
			"OldOnly to OldPrimary", "ticket 7", "freeze none to writes", `new disk\nforged line`, "freeze writes to none",
			"began the backfill of Item from old", "completed the backfill of Item: 3 copied", "certified Item: 3 compared, 0 differed",
			"found differences in Item: 3 compared, 1 differed",
			"evicted gone", "its node burnt",
		} {
			require.Contains(t, text, want)
		}
		require.NotContains(t, text, "\nforged")
		require.Contains(t, c.ok("status"), "last change: evicted gone")
		var trail []control.Change
		require.NoError(t, json.Unmarshal([]byte(c.ok("history", "--json", "--limit", "2")), &trail))
		require.Len(t, trail, 2)
		require.Equal(t, "evicted gone", trail[1].What)
		require.NotEmpty(t, trail[1].By)
		require.Greater(t, trail[1].Revision, trail[0].Revision)
	})
}

// A dry run asks the gates, shows the outcome and changes nothing: not the record, not the journal, not the stores.
func TestDryRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldOnly})
		r.Fill(phase.Old, 3)
		c := console{t: t, rig: r}
		status, stdout, stderr := c.run("advance", "--dry-run")
		require.Equal(t, ctl.ExitDone, status)
		require.Contains(t, stdout, "OldPrimary, epoch")
		require.Contains(t, stderr, "dry run: nothing is changed")
		require.Contains(t, c.ok("status"), "next: advance, to OldPrimary")

		c.ok("advance")
		require.Contains(t, c.ok("backfill", "--dry-run"), "Item: old is the primary; backfill so far: not begun")
		require.Contains(t, c.ok("verify", "--dry-run"), "Item: all keys of both stores would be compared; last pass: none; certificate: ")
		sample := c.ok("verify", "--dry-run", "--sample", "0.5", "--repair")
		require.Contains(t, sample, "a share of 0.5 of the keys would be compared, for no certificate, and what differs marked")
		require.NotContains(t, sample, "backfill")
		require.Zero(t, len(r.Stores[phase.New].Snapshot()))
		status, _, stderr = c.run("advance", "--dry-run")
		require.Equal(t, ctl.ExitRefused, status)
		require.Contains(t, stderr, "backfill")

		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: dualtest.FailBefore(errors.New("down"))})
		r.Put(rig.NewItem("a", 2))
		c.run("reconcile", "--once")
		before, err := r.Control.Load(t.Context())
		require.NoError(t, err)
		entries := c.ok("unclean")
		for _, args := range [][]string{
			{"set", "--compare", "0.5"}, {"stop"}, {"pause"}, {"back"}, {"reconcile"}, {"verify", "--repair"},
			{"evict", "--confirm", r.Migration.Instance()}, {"quarantine", "retry"},
		} {
			status, stdout, stderr := c.run(append([]string{args[0], "--dry-run"}, args[1:]...)...)
			require.Equal(t, ctl.ExitDone, status, "%v: %s%s", args, stdout, stderr)
		}
		after, err := r.Control.Load(t.Context())
		require.NoError(t, err)
		require.Equal(t, before, after)
		require.Equal(t, entries, c.ok("unclean"))
		instances, err := r.Control.Instances(t.Context())
		require.NoError(t, err)
		require.Len(t, instances, 1)
	})
}

// While the fleet is paused nothing is copied, by nobody; after resume all is.
func TestStopAndResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldPrimary})
		r.Fill(phase.Old, 20)
		c := console{t: t, rig: r}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go reconcile.Run(ctx, r.Migration, reconcile.Config{Rate: -1})
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: dualtest.FailBefore(errors.New("down")), Last: 1})
		r.Put(rig.NewItem("a", 2))

		require.Contains(t, c.ok("stop", "--why", "new is on fire"), "to go on: resume, then set --freeze none")
		text := c.ok("status")
		require.Contains(t, text, "copies are paused")
		require.Contains(t, text, "to do: resume; ")
		require.Contains(t, text, "freeze writes")
		time.Sleep(10 * rig.Settle)
		require.Contains(t, c.ok("unclean"), "1 unclean")

		ended := make(chan string)
		go func() { ended <- c.ok("backfill") }()
		time.Sleep(time.Hour)
		synctest.Wait()
		require.Zero(t, len(r.Stores[phase.New].Snapshot()), "a backfill waits for resume")
		c.ok("resume")
		require.Contains(t, <-ended, "complete")
		time.Sleep(10 * rig.Settle)
		require.Contains(t, c.ok("unclean"), "0 unclean")
		require.Contains(t, c.ok("set", "--compare", "0"), "freeze writes", "a freeze stays")
	})
}

// The next steps are commands that can be typed as they stand, until the fleet has moved.
func TestNextStepsLeadOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldOnly})
		r.Fill(phase.Old, 5)
		c := console{t: t, rig: r}
		for range 20 {
			var report struct {
				Record    control.Record `json:"record"`
				NextSteps []string       `json:"nextSteps"`
			}
			require.NoError(t, json.Unmarshal([]byte(c.ok("status", "--json")), &report))
			if report.Record.Phase == phase.NewPrimary {
				return
			}
			require.NotEmpty(t, report.NextSteps)
			for _, step := range report.NextSteps {
				c.ok(strings.Fields(step)...)
			}
		}
		t.Fatal("the steps do not lead to NewPrimary")
	})
}

// watch shows the status until it is interrupted.
func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldOnly})
		ctx, cancel := context.WithTimeout(t.Context(), 7*time.Second)
		defer cancel()
		c := console{t: t, rig: r, ctx: ctx}
		out := c.ok("watch", "--every", "2s")
		require.Equal(t, 4, strings.Count(out, "OldOnly, epoch 1"))
		require.NotContains(t, out, "\x1b", "no screen is behind it")
	})
}
