package control_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A certificate that was issued while another build was there does not count, also once that build is gone: what it copied lacks fields.
func TestCertificateOfTwoBuilds(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	require.NoError(t, f.step(+1))
	f.reports("other", func(i *control.Instance) { i.Shapes = map[string]string{"User": "ID 9"} })
	f.prove("User")
	require.NoError(t, f.control.Renew(ctx, f.instance("other"), -time.Hour)) // it is gone
	f.refuses(+1, control.GateParity)
	f.prove("User")
	require.NoError(t, f.step(+1))
}

// A build that comes after a certificate, copies and ends, has joined. One that is refused calls has not, and one that knows the same need not.
func TestBuildAfterCertificate(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	require.NoError(t, f.step(+1))
	f.prove("User")
	same, lesser := map[string]string{"User": userShape}, map[string]string{"User": "ID 9"}
	assert.Empty(t, f.record().Newcomer([]string{"User"}, same))
	assert.Empty(t, f.record().Newcomer([]string{"Order"}, nil), "nobody says its fields")
	require.Equal(t, []string{"User"}, f.record().Newcomer([]string{"User"}, lesser))
	require.Equal(t, []string{"User"}, f.record().Newcomer([]string{"User"}, nil), "generated code that does not say its fields")
	for range 2 {
		require.NoError(t, control.Join(ctx, f.control, []string{"User"}, lesser, "b"))
	}
	f.refuses(+1, control.GateParity)
	_, err := f.coordinator.Advance(ctx, control.Step{})
	require.ErrorContains(t, err, "another build came to write and copy: instance b, the first alone has Name")
	trail := f.record().Trail
	assert.Contains(t, trail[len(trail)-1].What, "came with another build of User")
	require.NoError(t, control.Join(ctx, f.control, []string{"User"}, same, "c"))
	f.refuses(+1, control.GateParity)
	f.prove("User")
	f.to(phase.OldGuarded)
	assert.Empty(t, f.record().Newcomer([]string{"User"}, lesser), "its calls are refused")
}

// A build that is there beside a pass, at its beginning or in its midst, has spoiled it, though it is gone at the end.
func TestBuildWithinPass(t *testing.T) {
	same, lesser := map[string]string{"User": userShape}, map[string]string{"User": "ID 9"}
	gone := func(f *fleet) { require.NoError(t, f.control.Leave(ctx, "b")) }
	for name, c := range map[string]struct {
		before, within func(f *fleet)
		want           string
	}{
		"nobody":           {func(*fleet) {}, func(*fleet) {}, ""},
		"at its beginning": {func(f *fleet) { f.reports("b", func(i *control.Instance) { i.Shapes = lesser }) }, gone, "while another build wrote and copied: instance b"},
		"in its midst":     {func(*fleet) {}, func(f *fleet) { require.NoError(t, control.Join(ctx, f.control, []string{"User"}, lesser, "b")) }, "instance b, the first alone has Name"},
		"and then the same": {func(*fleet) {}, func(f *fleet) {
			require.NoError(t, control.Join(ctx, f.control, []string{"User"}, lesser, "b"))
			require.NoError(t, control.Join(ctx, f.control, []string{"User"}, same, "c"))
		}, "instance c, one that knows other fields, and after it one that knows the same"},
		"before, and long gone": {func(f *fleet) { require.NoError(t, control.Join(ctx, f.control, []string{"User"}, lesser, "b")) }, func(*fleet) {}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFleet(t, hooks.Rules{})
			require.NoError(t, f.step(+1))
			f.prove("User") // for the backfill
			certificate := f.record().Certificates["User"]
			require.NoError(t, control.Join(ctx, f.control, []string{"User"}, same, "a"))
			c.before(f)
			began, mixed, err := control.Begin(ctx, f.control, "User", userShape, "a")
			require.NoError(t, err)
			c.within(f)
			certificate.Mixed = mixed
			require.NoError(t, control.Certify(ctx, f.control, "User", began, certificate))
			doubt, err := f.coordinator.Doubt(ctx, "User")
			require.NoError(t, err)
			if c.want == "" {
				require.Empty(t, doubt)
			} else {
				require.Contains(t, doubt, c.want)
			}
		})
	}
}

// A kind that was renamed is one kind under two names, each with unclean keys of its own: the step waits for the deploy to end, or is told
// that these are two.
func TestRenamedKind(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	f.confirm = false
	require.NoError(t, f.step(+1))
	renamed := func(shape string) func(*control.Instance) {
		return func(i *control.Instance) { i.Kinds, i.Shapes = []string{"Member"}, map[string]string{"Member": shape} }
	}
	f.reports("b", renamed(userShape))
	f.prove("User", "Member")
	f.refuses(+1, control.GateConfirm)
	_, err := f.coordinator.Advance(ctx, control.Step{})
	require.ErrorContains(t, err, "instance b has Member, instance a has User, with the same fields, and none has both")
	state, err := f.coordinator.Status(ctx)
	require.NoError(t, err)
	require.NotEmpty(t, state.Warnings)
	assert.Contains(t, state.Warnings[len(state.Warnings)-1], "one kind under two names")

	f.reports("b", renamed("ID,Title 9"))
	f.change(func(r *control.Record) {
		certificate := r.Certificates["Member"]
		certificate.Shape = "ID,Title 9"
		r.Certificates["Member"] = certificate
	})
	require.NoError(t, f.step(+1), "other fields: another kind")
	f.reports("b", renamed("ID,Title 9"))
	require.NoError(t, f.step(-1))
	f.reports("c", func(i *control.Instance) {
		i.Kinds, i.Shapes = []string{"Member", "User"}, map[string]string{"User": userShape, "Member": userShape}
	})
	f.reports("b", renamed(userShape))
	f.prove("User", "Member")
	require.NoError(t, f.step(+1), "an instance has both: two kinds")
}

// On the way back, a build that has a kind under another name, which was not proved when reads moved, stands in nobody's way: its calls
// were refused.
func TestRenamedKindOnTheWayBack(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	f.to(phase.NewPrimary)
	f.confirm = false
	f.reports("b", func(i *control.Instance) {
		i.Kinds, i.Shapes = []string{"Member"}, map[string]string{"Member": userShape}
	})
	require.NoError(t, f.step(-1))
}

// Unclean keys of a kind that no live instance has are copied by nobody, and a build that has it under another name does not look at them.
func TestOrphanedKeys(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	require.NoError(t, f.step(+1))
	both := func(i *control.Instance) {
		i.Kinds, i.Shapes = []string{"Old", "User"}, map[string]string{"User": userShape, "Old": userShape}
	}
	f.reports("b", both)
	f.prove("User", "Old")
	dead := f.instance("b")
	both(&dead)
	require.NoError(t, f.control.Renew(ctx, dead, -time.Hour))
	require.NoError(t, f.journal.MarkDirty(ctx, []journal.Key{{Kind: "Old", ID: "1"}}, phase.Old))
	f.refuses(+1, control.GateKinds)
	_, err := f.coordinator.Advance(ctx, control.Step{})
	require.ErrorContains(t, err, "1 keys of Old are unclean, and no live instance has that kind")

	_, err = f.coordinator.Forget(ctx, "Old", control.Step{})
	require.ErrorContains(t, err, "the certificates become void")
	_, err = f.coordinator.Forget(ctx, "Old", control.Step{Confirm: true})
	require.NoError(t, err)
	f.refuses(+1, control.GateParity)
	f.prove("User")
	f.to(phase.NewGuarded)
}

// The remedy of a kind that is unclean as a whole names the repair, however many other keys are unclean: a pass without it is refused.
func TestWholeKindWantsRepair(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	require.NoError(t, f.step(+1))
	var keys []journal.Key
	for n := range 30 {
		keys = append(keys, journal.Key{Kind: "User", ID: fmt.Sprint(n)})
	}
	require.NoError(t, f.journal.MarkDirty(ctx, append(keys, journal.Key{Kind: "User", Whole: true}), phase.Old))
	_, err := f.coordinator.Advance(ctx, control.Step{Confirm: true})
	require.ErrorContains(t, err, "run a verify pass with repair: the whole kind is unclean")
}
