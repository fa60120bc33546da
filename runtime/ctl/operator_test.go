package ctl_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/ctl"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Two operators who make the same step make it once, and a step that was made is no failure because somebody is slow.
func TestAdvanceTo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldOnly})
		c := console{t: t, rig: r}
		for range 2 {
			require.Contains(t, c.ok("advance", "--to", "OldPrimary"), "OldPrimary, epoch")
		}
		status, _, stderr := c.run("advance", "--to", "NewOnly")
		require.Equal(t, ctl.ExitFailed, status)
		require.Contains(t, stderr, "one step leads to OldGuarded, not to NewOnly")
		status, _, _ = c.run("advance", "--to", "Nowhere")
		require.Equal(t, ctl.ExitUsage, status)

		record, err := r.Control.Load(t.Context())
		require.NoError(t, err)
		require.NoError(t, r.Control.Renew(t.Context(), control.Instance{ID: "slow", Alone: true, Acked: record.Epoch}, time.Hour))
		status, stdout, stderr := c.run("back", "--wait", "1s")
		require.Equal(t, ctl.ExitDone, status)
		require.Contains(t, stdout, "OldOnly")
		require.Contains(t, stderr, "warning: it is done, but not every instance has followed")
		require.Contains(t, stderr, "slow")
	})
}

// Values that mean nothing are refused before anything is done: durations and counts below 0, shares beyond 1, a reason that nothing keeps.
func TestValuesThatMeanNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		c := console{t: t, rig: r}
		before, err := r.Control.Load(t.Context())
		require.NoError(t, err)
		for _, args := range []string{
			"advance --wait -1s", "advance --ready -1s", "advance --expect-instances -1", "back --wait -1s", "stop --wait -1s", "pause --wait -1s", "resume --wait -1s",
			"set --compare -0.1", "set --compare 1.1", "set --compare NaN", "set --recount 2", "set --certificate-age -1h", "set --backfill-rate NaN", "set --wait -1s --compare 1",
			"cutoff --lead -1h", "cutoff --wait -1s", "backfill --rate +Inf", "backfill --chunk -5", "verify --sample 1.5", "verify --sample -1", "verify --every -1m",
			"verify --show -1", "verify --rate NaN", "reconcile --rate NaN", "unclean --limit -1", "quarantine --limit -1 list", "history --limit -1", "watch --every -1s",
			"pause --why " + strings.Repeat("x", 501),
		} {
			status, _, stderr := c.run(strings.Fields(args)...)
			require.Equal(t, ctl.ExitUsage, status, "%s: %s", args, stderr)
			require.Contains(t, stderr, "wrong command line: ", args)
		}
		after, err := r.Control.Load(t.Context())
		require.NoError(t, err)
		require.Equal(t, before, after)
		long := strings.Repeat("why? ", 100)
		c.ok("pause", "--why", long)
		require.Contains(t, c.ok("history"), long)
		text := c.ok("status")
		require.Contains(t, text, long[:79]+"…)")
		require.NotContains(t, text, long)
	})
}

// What stands after an argument is no flag any more: a command that would drop a dry run does nothing.
func TestStrayArguments(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldOnly})
		c := console{t: t, rig: r}
		for _, args := range [][]string{{"advance", "OldPrimary"}, {"advance", "foo", "--dry-run"}, {"back", "OldOnly", "--dry-run"}, {"pause", "2h"}, {"evict", "x", "--confirm"},
			{"backfill", "Item", "--rate", "5"}, {"recover", "now"}, {"set", "none", "--freeze", "writes"}} {
			status, _, stderr := c.run(args...)
			require.Equal(t, ctl.ExitUsage, status, "%v %s", args, stderr)
		}
		record, err := r.Control.Load(t.Context())
		require.NoError(t, err)
		require.Equal(t, phase.OldOnly, record.Phase)
		require.False(t, record.Settings.Paused)
		c.ok("unclean", "list")
	})
}

// starts runs a command until what is returned is called.
func (c console) starts(args ...string) (end func()) {
	ctx, cancel := context.WithCancel(c.t.Context())
	done := make(chan struct{})
	c.ctx = ctx
	go func() {
		defer close(done)
		c.run(args...)
	}()
	synctest.Wait()
	return func() {
		cancel()
		<-done
	}
}

// As many instances as the operator counts must be alive, and a fleet of nobody but this command is warned of.
func TestExpectInstances(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldOnly})
		c := console{t: t, rig: r}
		status, _, stderr := c.run("advance", "--expect-instances", "2")
		require.Equal(t, ctl.ExitRefused, status)
		require.Contains(t, stderr, "2 instances are expected, and 1 are alive: "+r.Migration.Instance())
		require.Contains(t, stderr, "remedy: find the others: a build without the wrapper")
		_, _, stderr = c.run("advance", "--expect-instances", "1")
		require.Contains(t, stderr, "warning: no instance runs a reconciler")
		watching := c.starts("watch")
		require.Contains(t, c.ok("advance", "--to", "OldPrimary", "--expect-instances", "1"), "OldPrimary", "the command of somebody else does not count")
		text := c.ok("status")
		require.Regexp(t, `(?m)^\S+ .* a command$`, text)
		require.Equal(t, 1, strings.Count(text, "this command"))
		require.Equal(t, 2, strings.Count(c.ok("status", "--json"), `"command": true`))
		watching()
		stop := r.Migration.Reconciling()
		time.Sleep(time.Minute)
		require.NotContains(t, c.ok("status"), "warning")
		stop()
		require.NoError(t, r.Migration.Close(t.Context()))
		require.Contains(t, c.ok("status"), "warning: no instance with a wrapper is alive")
	})
}

// What comes from elsewhere makes no line of its own, and steers no terminal.
func TestForgedOutput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		c := console{t: t, rig: r}
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: dualtest.FailBefore(errors.New("no\n0 quarantined\x1b[2J"))})
		r.Put(rig.NewItem("k\nnext: advance, to NewOnly\u202e", 1))
		_, stdout, _ := c.run("reconcile")
		list := c.ok("quarantine", "list")
		status := c.ok("status")
		for _, text := range []string{stdout, list, status} {
			require.NotContains(t, text, "\nnext: advance, to NewOnly")
			require.NotContains(t, text, "\n0 quarantined")
			require.NotContains(t, text, "\x1b")
			require.NotContains(t, text, "\u202e")
		}
		require.Contains(t, list, `Item/k\nnext: advance, to NewOnly\u202e`)
		require.Contains(t, list, `no\n0 quarantined\x1b[2J`)
		require.Contains(t, c.ok("quarantine", "retry", `Item/k\nnext: advance, to NewOnly\u202e`), "1 keys are tried again")
	})
}

// Reconcile comes to an end, and says what it leaves: keys of kinds that nobody copies here, whole kinds, keys in use.
func TestReconcileEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		c := console{t: t, rig: r}
		ctx := t.Context()
		require.NoError(t, r.Journal.MarkDirty(ctx, []journal.Key{{Kind: "Gone", ID: "1"}, {Kind: rig.Kind, Whole: true}}, phase.Old))
		_, err := r.Journal.Begin(ctx, "writer", rig.Key("busy"), phase.Old)
		require.NoError(t, err)
		text := c.ok("reconcile")
		require.Contains(t, text, "Gone: this program has no entity of the kind")
		require.Contains(t, text, "Item: the whole kind is unclean: verify --repair Item")
		require.Contains(t, text, "1 more keys are in use")
		r.SetPhase(phase.OldOnly)
		r.Follow()
		status, _, stderr := c.run("reconcile")
		require.Equal(t, ctl.ExitFailed, status)
		require.Contains(t, stderr, "in OldOnly only one store is written")
	})
}

// A wrong name is answered with the right ones; the dead leave the list; status says what the gates say.
func TestStatusOfKinds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldOnly})
		r.Fill(phase.Old, 3)
		dual.AddUncopied(r.Migration, dual.Uncopied{Kind: "Session"})
		require.NoError(t, r.Control.Renew(t.Context(), control.Instance{ID: "crashed", Kinds: []string{"Older"}}, -time.Second))
		time.Sleep(time.Minute)
		c := console{t: t, rig: r}
		text := c.ok("status")
		require.NotContains(t, text, "crashed")
		require.Contains(t, text, "1 more whose lease ran out over 1m0s ago")
		require.Contains(t, c.ok("status", "--all"), "crashed")

		c.ok("advance")
		for _, verb := range []string{"backfill", "verify"} {
			status, _, stderr := c.run(verb, "Itme")
			require.Equal(t, ctl.ExitUsage, status)
			require.Contains(t, stderr, "it copies: Item")
			c.ok(verb, rig.Kind)
			status, _, stderr = c.run(verb)
			require.Equal(t, ctl.ExitDiffer, status)
			require.Contains(t, stderr, "Session: skipped, since it cannot be copied and listed")
		}
		require.NoError(t, r.Control.Renew(t.Context(), control.Instance{ID: "next", Acked: 99, Alone: true, Kinds: []string{rig.Kind},
			Shapes: map[string]string{rig.Kind: "Email 2"}}, time.Hour))
		text = c.ok("status")
		require.Contains(t, text, "not valid: was verified by another build than instance next has")
		require.Equal(t, 2, strings.Count(text, "was verified by another build than instance next has"), "once of the kind, once of the step:\n%s", text)
		require.NoError(t, r.Control.Leave(t.Context(), "next"))

		status, _, stderr := c.run("forget", "Older")
		require.Equal(t, ctl.ExitRefused, status)
		require.Contains(t, stderr, "refused: forget Older")
		require.Contains(t, c.ok("forget", "--confirm", "Older"), "forgot Older")
		status, _, stderr = c.run("advance")
		require.Equal(t, ctl.ExitRefused, status)
		require.Contains(t, stderr, "Session cannot be copied and listed")
		require.Contains(t, stderr, "advance --abandon Session")
		require.Contains(t, c.ok("advance", "--abandon", "Session"), "OldGuarded")
		require.Contains(t, c.ok("status"), "given up")
	})
}

// TestVerifyWithoutCertificate: a pass that proved nothing does not end like one that did.
func TestVerifyWithoutCertificate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldPrimary})
		c, whole := console{t: t, rig: r}, []journal.Key{{Kind: rig.Kind, Whole: true}}
		require.NoError(t, r.Journal.MarkDirty(t.Context(), whole, phase.Old))
		status, stdout, stderr := c.run("verify")
		require.Equal(t, ctl.ExitDiffer, status)
		require.Contains(t, stdout, "no certificate: the whole kind is unclean: verify it with repair")
		require.Contains(t, stderr, "not everything is proved: Item has no certificate")
		c.ok("verify", "--sample", "0.5")
	})
}

// TestRemedyOfAWholeKind: nobody waits for the reconciler where only a verify pass helps.
func TestRemedyOfAWholeKind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldGuarded})
		c, whole := console{t: t, rig: r}, []journal.Key{{Kind: rig.Kind, Whole: true}}
		require.NoError(t, r.Journal.MarkDirty(t.Context(), whole, phase.New))
		require.Contains(t, c.ok("status"), "remedy: verify with repair: Item")
	})
}

// TestRemedyOfAnUncleanKind: a pass without repair would prove nothing.
func TestRemedyOfAnUncleanKind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldPrimary})
		c, whole := console{t: t, rig: r}, []journal.Key{{Kind: rig.Kind, Whole: true}}
		require.NoError(t, r.Journal.MarkDirty(t.Context(), whole, phase.Old))
		require.Contains(t, c.ok("status"), "remedy: run a verify pass with repair: the whole kind is unclean")
	})
}

// elsewhere is a control store that might be in another process.
type elsewhere struct{ control.Control }

// A store that does not answer at once is asked again before the step: the command knows then which stores it has.
func TestStoresAreAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		flags, entries, r := control.NewMemory(), journal.NewMemory(), rig.New(t, rig.Options{})
		open := func(failures int32) ctl.Open {
			return func(context.Context) (*dual.Migration, error) {
				var asked atomic.Int32
				m, err := dual.NewMigration(dual.Config{
					Control: elsewhere{flags}, Journal: entries, Logger: slog.New(slog.DiscardHandler),
					Identify: func(_ context.Context, store dual.Store) (control.Identity, error) {
						if asked.Add(1) <= failures {
							return control.Identity{}, errors.New("busy")
						}
						return control.Identity{Store: store.String()}, nil
					},
				})
				if err == nil {
					dual.AddEntity(m, &r.Stores, rig.Entity())
				}
				return m, err
			}
		}
		var stdout, stderr bytes.Buffer
		require.Equal(t, ctl.ExitDone, ctl.Run(t.Context(), []string{"init"}, &stdout, &stderr, open(0)), stderr.String())
		service, err := open(0)(t.Context())
		require.NoError(t, err)
		time.Sleep(time.Minute)
		require.Equal(t, ctl.ExitDone, ctl.Run(t.Context(), []string{"advance"}, &stdout, &stderr, open(6)), stderr.String())
		require.Contains(t, stdout.String(), "OldPrimary")
		require.NoError(t, service.Close(t.Context()))
	})
}
