package control_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// problems are what a step is refused for.
func (f *fleet) problems(by int) (all []string) {
	f.t.Helper()
	refusal, ok := errors.AsType[*control.Refusal](f.step(by))
	require.True(f.t, ok)
	for _, o := range refusal.Unmet {
		all = append(all, o.Problem)
	}
	return all
}

// An instance that knows one of its stores does not know both, and says why where it can. A command that can ask no store passes for what
// the fleet has pinned, and not where nothing is.
func TestStoresThatAreNotKnown(t *testing.T) {
	for name, test := range map[string]struct {
		stores  [2]control.Identity
		note    string
		command bool
		want    string
	}{
		"the old alone": {stores: [2]control.Identity{{Store: "shop"}, {}}, want: "instance b does not say which stores it has"},
		"the new alone": {stores: [2]control.Identity{{}, {Store: "new"}}, want: "instance b does not say which stores it has"},
		"with the cause": {stores: [2]control.Identity{{Store: "shop"}, {}}, note: "bad connection",
			want: "instance b does not know which stores it has: bad connection"},
		"a command": {stores: [2]control.Identity{{Store: "shop"}, {}}, note: "bad connection", command: true,
			want: "instance b does not know which stores it has: bad connection"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFleet(t, hooks.Rules{})
			f.reports("b", func(i *control.Instance) { i.Stores, i.Note, i.Command = test.stores, test.note, test.command })
			require.Equal(t, []string{test.want}, f.problems(+1))
		})
	}
	f := newFleet(t, hooks.Rules{})
	f.to(phase.NewPrimary)
	f.reports("b", func(i *control.Instance) { i.Stores, i.Command = [2]control.Identity{{Store: "shop"}, {}}, true })
	require.Equal(t, []string{"instance b does not say which stores it has"}, f.problems(-1), "a command without Identify")
}

// Who pinned the stores, and what a recovery declared right, stand in the trail, as do pauses.
func TestTrailOfWhatPeopleDecide(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	me := control.Step{By: "me", Why: "moved", Confirm: true}
	_, err := f.coordinator.Pin(ctx, [2]control.Identity{{Store: "shop"}, {Store: "new"}}, me)
	require.NoError(t, err)
	for _, paused := range []bool{true, false} {
		_, err = f.coordinator.Change(ctx, func(s *phase.Settings) { s.Paused = paused }, me)
		require.NoError(t, err)
	}
	f.ack("a")
	f.to(phase.NewGuarded)
	f.journal = journal.NewMemory()
	f.coordinator = control.NewCoordinator(f.control, f.journal)
	_, err = f.coordinator.Recover(ctx, me)
	require.NoError(t, err)
	said := map[string]bool{}
	for _, change := range f.record().Trail {
		if change.By == "me" && change.Why == "moved" {
			said[change.What] = true
		}
	}
	require.Equal(t, map[string]bool{
		"pinned the stores: old shop, new new": true, "paused copies": true, "resumed copies": true,
		"declared the new store right after the journal was lost, voided the certificates": true,
	}, said)
}

// There is something to recover only where the journal was lost during a crossing.
func TestNothingToRecover(t *testing.T) {
	for _, at := range []phase.Phase{phase.OldPrimary, phase.OldGuarded, phase.NewPrimary} {
		f := newFleet(t, hooks.Rules{})
		f.to(at)
		_, err := control.NewCoordinator(f.control, journal.NewMemory()).Recover(ctx, control.Step{Confirm: true})
		require.ErrorContains(t, err, "nothing to recover", "%v", at)
	}
}

// A kind that was given up, and can be copied since, may be named again.
func TestAbandonAgain(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	f.to(phase.OldPrimary)
	f.change(func(r *control.Record) { r.Abandoned = []string{"User"} })
	_, err := f.coordinator.Advance(ctx, control.Step{Abandon: []string{"User"}})
	require.NoError(t, err)
}

// What the fleet proved when reads moved is what it had then: the way back adds nothing to it.
func TestWayBackProvesNothing(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	f.to(phase.NewGuarded)
	f.reports("b", func(i *control.Instance) { i.Kinds = []string{"Order", "User"} })
	f.prove("User")
	require.NoError(t, f.step(-1))
	require.Equal(t, []string{"User"}, f.record().Proved)
}

// While a canary reads from the other store already, a kind that came since needs its proof, and its methods, all the same.
func TestKindThatComesDuringACanary(t *testing.T) {
	for _, loose := range []bool{false, true} {
		f := newFleet(t, hooks.Rules{})
		f.to(phase.OldGuarded)
		f.change(func(r *control.Record) { r.Settings.Canary, r.Proved = 0.5, []string{"User"} })
		f.reports("b", func(i *control.Instance) {
			i.Kinds = []string{"Order", "User"}
			if loose {
				i.Loose = []string{"Order"}
			}
		})
		problems := f.problems(+1)
		if loose {
			require.Contains(t, problems, "Order cannot be copied and listed: what the old store alone holds of it will not be found once reads ask the other")
		} else {
			require.Contains(t, problems, "Order was not verified")
		}
	}
}

// What was not copied is said so, and the state of the fleet has what keeps it from going back as well as forward.
func TestStatusSaysWhatIsInTheWay(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	require.NoError(t, f.step(+1))
	require.Equal(t, []string{"User was not copied", "User was not verified"}, f.problems(+1))
	doubt, err := f.coordinator.Doubt(ctx, "User")
	require.NoError(t, err)
	require.Equal(t, "was not verified", doubt)
	f.report("b", 0, 1<<40)
	status, err := f.coordinator.Status(ctx)
	require.NoError(t, err)
	require.Equal(t, control.GateFleet, status.Forward[0].Gate)
	require.Len(t, status.Back, 1)
	require.Equal(t, control.GateFleet, status.Back[0].Gate)
}

// Reads may begin to fall back where both stores are asked, and not once all was copied into the one that is.
func TestFallbackBeginsInTheGuardedPhases(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	f.to(phase.NewPrimary)
	require.ErrorContains(t, f.fallsBack(phase.FallbackSave), "there is nothing to fall back for")
	f = newFleet(t, hooks.Rules{})
	f.to(phase.NewGuarded)
	require.NoError(t, f.fallsBack(phase.FallbackSave))
	refusal, ok := errors.AsType[*control.Refusal](f.step(+1))
	require.True(t, ok)
	require.Equal(t, "run the backfill and a verify pass, then set the fallback off", refusal.Unmet[0].Remedy)
}
