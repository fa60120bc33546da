package control_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// whatSince are the trail's entries after the first so many.
func (f *fleet) whatSince(n int) (what []string) {
	for _, change := range f.record().Trail[n:] {
		what = append(what, change.What)
	}
	return what
}

// The trail tells of copies, proofs, settings and kinds in the words of the command, and keeps the newest entries.
func TestTrailTellsWhatWasDone(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	f.to(phase.OldPrimary)
	from := len(f.record().Trail)
	since := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, b := range []control.Backfill{{Fence: 1, Holder: "x"}, {Fence: 1, Copied: 3}, {Fence: 2, Holder: "y", Since: since, Copied: 3}, {Fence: 2, Complete: true, Copied: 7}} {
		f.change(func(r *control.Record) { r.Backfills = map[string]control.Backfill{"Order": b} })
	}
	for _, c := range []control.Certificate{{Compared: 5, Recounted: 0.1}, {Compared: 5, Recounted: 1}, {Compared: 6, Differed: 2}, {Compared: 6, Differed: 2, Refuted: "a"}} {
		f.change(func(r *control.Record) { r.Certificates = map[string]control.Certificate{"Order": c} })
	}
	f.change(func(r *control.Record) { r.Forgotten = []string{"Order"} })
	f.change(func(r *control.Record) { r.Settings.Compare, r.Settings.Freeze = 0.5, phase.FreezeAll })
	require.Equal(t, []string{
		"began the backfill of Order from old", "stopped the backfill of Order: 3 copied",
		"began the backfill of Order from old, of what was stored since 2026-01-02T03:04:05Z", "completed the backfill of Order: 7 copied",
		"compared Order, and issued no certificate that counts: 5 compared, 0 differed",
		"certified Order: 5 compared, 0 differed", "found differences in Order: 6 compared, 2 differed", "refuted the certificate of Order",
		"forgot Order", fmt.Sprintf("compare 0 to 0.5, freeze %v to %v", phase.Settings{}.Freeze, phase.FreezeAll),
	}, f.whatSince(from))
	for n := range control.Trailed + 10 {
		require.NoError(t, control.Note(ctx, f.control, "me", fmt.Sprint("note ", n), ""))
	}
	require.Len(t, f.record().Trail, control.Trailed)
	require.Equal(t, fmt.Sprint("note ", control.Trailed+9), f.record().Trail[control.Trailed-1].What)
}

// A copy of a record shares nothing with it, whatever it holds.
func TestCloneSharesNothing(t *testing.T) {
	full := control.Record{
		Backfills: map[string]control.Backfill{"a": {}}, Builds: map[string]control.Build{"a": {}}, Certificates: map[string]control.Certificate{"a": {}}, Shapes: map[string]string{"a": "b"},
		Kinds: []string{"a"}, Proved: []string{"a"}, Abandoned: []string{"a"}, Forgotten: []string{"a"}, Trail: []control.Change{{What: "a"}},
	}
	of, copied := reflect.ValueOf(full), reflect.ValueOf(full.Clone())
	for i := range of.NumField() {
		if kind := of.Field(i).Kind(); kind == reflect.Map || kind == reflect.Slice {
			require.Equal(t, of.Field(i).Interface(), copied.Field(i).Interface())
			require.NotZero(t, of.Field(i).Len(), "%s: fill it here", of.Type().Field(i).Name)
			require.NotEqual(t, of.Field(i).Pointer(), copied.Field(i).Pointer(), of.Type().Field(i).Name)
		}
	}
}

// occupied is a control store in which somebody else always comes first.
type occupied struct {
	control.Control
	stop func()
}

func (o occupied) Swap(context.Context, uint64, control.Record) error {
	o.stop()
	return control.ErrConflict
}

// A change that others always come before ends with its caller.
func TestUpdateEndsWithItsCaller(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	_, err := control.Update(ctx, occupied{control.NewMemory(), stop}, func(*control.Record) error { return nil })
	require.ErrorIs(t, err, context.Canceled)
}

// A pass that began in another stay in the mirrored phases certifies nothing in this one.
func TestCertificateOfAnEarlierStay(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	require.NoError(t, f.step(+1))
	began := f.record()
	require.NoError(t, f.step(-1))
	require.NoError(t, f.step(+1))
	require.ErrorIs(t, control.Certify(ctx, f.control, "User", began, control.Certificate{Shape: userShape}), control.ErrConflict)
	require.Empty(t, f.record().Certificates)
}

// Nothing is left of a crossing once it is over, and a canary has keys, and no whole kind.
func TestRecordBesideTheGuardedPhases(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	f.to(phase.NewGuarded)
	require.True(t, f.record().Crossed)
	require.NotEmpty(t, f.record().Journal)
	require.NoError(t, f.step(+1))
	require.False(t, f.record().Crossed)
	require.Empty(t, f.record().Journal)

	record := control.Record{Phase: phase.OldGuarded, MirroredSince: 2, Settings: phase.Settings{Canary: 1}}
	require.Equal(t, phase.New, record.PrimaryOf(journal.Key{Kind: "User", ID: "1"}))
	require.Equal(t, phase.Old, record.PrimaryOf(journal.Key{Kind: "User", Whole: true}))
}

// A fallback that nobody needs yet is set off without proofs.
func TestFallbackIsSetOffBeforeItIsUsed(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	require.NoError(t, f.step(+1))
	require.NoError(t, f.fallsBack(phase.FallbackSave))
	require.NoError(t, f.fallsBack(phase.FallbackOff))
}

// Certificates go by what was known of the schemas: one that is not known has not changed, one that is and differs has.
func TestSchemasThatAreNotKnown(t *testing.T) {
	for was, changed := range map[string]bool{"": false, "1": true, "2": false} {
		f := newFleet(t, hooks.Rules{})
		f.to(phase.OldPrimary)
		f.certificate(func(c *control.Certificate) { c.Schemas[phase.New] = was })
		f.reports("a", func(i *control.Instance) { i.Stores[phase.New].Schema = "2" })
		doubt, err := f.coordinator.Doubt(ctx, "User")
		require.NoError(t, err)
		require.Equal(t, changed, doubt != "", "%q: %s", was, doubt)
	}
}

// What is given up by a directive needs no proof, and is not in doubt. On the way back nobody asks for the methods of a kind whose calls
// were refused.
func TestKindsThatNobodyAsksFor(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	f.to(phase.OldPrimary)
	f.reports("a", func(i *control.Instance) { i.Kinds, i.Abandoned = []string{"Cache", "User"}, []string{"Cache"} })
	status, err := f.coordinator.Status(ctx)
	require.NoError(t, err)
	require.Equal(t, control.KindState{Kind: "Cache", Abandoned: true}, status.Kinds[0])

	f = newFleet(t, hooks.Rules{})
	f.to(phase.NewGuarded)
	f.reports("b", func(i *control.Instance) { i.Kinds, i.Loose = []string{"Order", "User"}, []string{"Order"} })
	require.NoError(t, f.step(-1))
}

// unsettled is a journal that cannot tell how long keys have waited.
type unsettled struct{ journal.Journal }

func (u unsettled) Unclean(ctx context.Context, q journal.Query) ([]journal.Entry, error) {
	if q.SettledFor > 0 {
		return nil, errAway
	}
	return u.Journal.Unclean(ctx, q)
}

// The lag of a queued mirror that the journal cannot tell is an obstacle, and not 0.
func TestLagThatIsNotKnown(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	f.to(phase.OldPrimary)
	require.NoError(t, f.journal.MarkDirty(ctx, []journal.Key{{Kind: "User", ID: "1"}}, phase.Old))
	for _, mirror := range []phase.Mirror{phase.Inline, phase.Queued} {
		f.change(func(r *control.Record) { r.Settings.Mirror = mirror })
		status, err := control.NewCoordinator(f.control, unsettled{f.journal}).Status(ctx)
		require.NoError(t, err)
		var gates []control.Gate
		for _, o := range status.Forward {
			gates = append(gates, o.Gate)
		}
		require.Equal(t, mirror == phase.Queued, len(gates) > 0 && gates[len(gates)-1] == control.GateJournalRead || len(gates) > 0 && gates[0] == control.GateJournalRead, "%v", gates)
	}
}

// Neither store may be left out of a pin.
func TestPinOfOneStore(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	for _, stores := range [][2]control.Identity{{{}, {Store: "new"}}, {{Store: "old"}, {}}, {}} {
		_, err := f.coordinator.Pin(ctx, stores, control.Step{Confirm: true})
		require.ErrorContains(t, err, "does not know which they are")
	}
	require.Empty(t, f.record().Stores)
}

// Two reports of an instance are the same only if they are so in every field, but those that the control store sets.
func TestReportsAreComparedWhole(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	one := f.instance("a")
	require.True(t, one.Same(one.Clone()))
	typ := reflect.TypeOf(one)
	for n := range typ.NumField() {
		other := one.Clone()
		field := reflect.ValueOf(&other).Elem().Field(n)
		switch field.Kind() {
		case reflect.String:
			field.SetString("another")
		case reflect.Bool:
			field.SetBool(!field.Bool())
		case reflect.Slice:
			field.Set(reflect.ValueOf([]string{"another"}))
		case reflect.Map:
			field.Set(reflect.ValueOf(map[string]string{"another": "1"}))
		case reflect.Array:
			field.Index(0).FieldByName("Schema").SetString("another")
		case reflect.Int, reflect.Int8, reflect.Int64:
			field.SetInt(field.Int() + 1)
		default:
			field.SetUint(field.Uint() + 1)
		}
		set := slices.Contains([]string{"Live", "Left", "Evicted"}, typ.Field(n).Name) // by the control store
		require.Equal(t, set, one.Same(other), typ.Field(n).Name)
	}
}

// Builds that differ are told apart by their fields, on either side or on both.
func TestShapesAreToldApart(t *testing.T) {
	for own, want := range map[string]string{
		"ID,Name 2": "the same fields, with other types, or another key", "ID 2": "the first alone has Name",
		"Email,ID,Name 2": "the second alone has Email", "Email,ID 2": "the first alone has Name; the second alone has Email", "": "the second does not say its fields",
	} {
		require.Contains(t, control.Record{Shapes: map[string]string{"User": userShape}}.Reshaped(map[string]string{"User": own})[0], "User ("+want)
	}
	require.Empty(t, control.Record{Shapes: map[string]string{"User": userShape}}.Reshaped(map[string]string{"User": userShape, "Order": "ID 1"}))
}

// A step that a canary stands in the way of says the command that takes it away.
func TestCanaryStandsInTheWay(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	f.to(phase.OldGuarded)
	f.change(func(r *control.Record) { r.Settings.Canary = 0.1 })
	var refusal *control.Refusal
	require.ErrorAs(t, f.step(-1), &refusal)
	require.Equal(t, "set --canary 0", refusal.Unmet[0].Remedy)
}
