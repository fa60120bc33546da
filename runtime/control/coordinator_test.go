package control_test

import (
	"context"
	"errors"
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

var ctx = context.Background()

// fleet is a control store and a journal with one instance that does as it is told.
type fleet struct {
	t           *testing.T
	control     control.Control
	journal     journal.Journal
	coordinator *control.Coordinator
	confirm     bool
}

func newFleet(t *testing.T, off hooks.Rules) *fleet {
	f := &fleet{t: t, control: control.NewMemory(), journal: journal.NewMemory(), confirm: true}
	require.NoError(t, control.Init(ctx, f.control, "test"))
	f.coordinator = control.NewCoordinator(f.control, f.journal, control.WithRules(off))
	f.ack("a")
	return f
}

func (f *fleet) record() control.Record {
	f.t.Helper()
	r, err := f.control.Load(ctx)
	require.NoError(f.t, err)
	return r
}

// ack has an instance acknowledge the present epoch.
func (f *fleet) ack(id string) {
	f.t.Helper()
	f.report(id, f.record().Epoch, time.Hour)
}

func (f *fleet) report(id string, epoch uint64, lease time.Duration) {
	f.t.Helper()
	i := f.instance(id)
	i.Acked = epoch
	require.NoError(f.t, f.control.Renew(ctx, i, lease))
}

// userShape is the shape of the kind that every instance has.
const userShape = "ID,Name 1"

// instance is what a sound instance reports.
func (f *fleet) instance(id string) control.Instance {
	f.t.Helper()
	incarnation, err := f.journal.Incarnation(ctx)
	require.NoError(f.t, err)
	return control.Instance{
		ID: id, Acked: f.record().Epoch, Phase: f.record().Phase, Kinds: []string{"User"}, Journal: incarnation,
		Shapes: map[string]string{"User": userShape}, Stores: [2]control.Identity{{Store: "shop"}, {Store: "new"}},
	}
}

// reports has an instance report what alter makes of a sound report.
func (f *fleet) reports(id string, alter func(*control.Instance)) {
	f.t.Helper()
	i := f.instance(id)
	alter(&i)
	require.NoError(f.t, f.control.Renew(ctx, i, time.Hour))
}

// prove backfills and certifies every kind.
func (f *fleet) prove(kinds ...string) {
	f.t.Helper()
	incarnation, err := f.journal.Incarnation(ctx)
	require.NoError(f.t, err)
	for _, kind := range kinds {
		_, err := control.Update(ctx, f.control, func(r *control.Record) error {
			if r.Backfills == nil {
				r.Backfills = make(map[string]control.Backfill)
			}
			r.Backfills[kind] = control.Backfill{Epoch: r.MirroredSince, From: r.MirroredFrom, Complete: true}
			return nil
		})
		require.NoError(f.t, err)
		began, err := control.Settled(ctx, f.control)
		require.NoError(f.t, err)
		require.NoError(f.t, control.Certify(ctx, f.control, kind, began, control.Certificate{
			Incarnation: incarnation, Compared: 1, Issued: time.Now(), Recounted: 1, Shape: userShape,
		}))
	}
}

// step moves by +1 or -1, and has the instance follow.
func (f *fleet) step(by int) error {
	f.t.Helper()
	move := f.coordinator.Advance
	if by < 0 {
		move = f.coordinator.Back
	}
	_, err := move(ctx, control.Step{By: "test", Confirm: f.confirm})
	if err == nil {
		f.ack("a")
	}
	return err
}

// to walks to a phase, with the proofs that the way needs.
func (f *fleet) to(p phase.Phase) {
	f.t.Helper()
	for f.record().Phase != p {
		by := 1
		if f.record().Phase > p {
			by = -1
		}
		f.proveOnce()
		require.NoError(f.t, f.step(by))
	}
	f.proveOnce()
}

// proveOnce proves what the fleet's stay in the mirrored phases needs.
func (f *fleet) proveOnce() {
	f.t.Helper()
	if r := f.record(); r.Phase.Mirrored() && len(r.Certificates) == 0 {
		f.prove("User")
	}
}

func (f *fleet) refuses(by int, want ...control.Gate) {
	f.t.Helper()
	before := f.record()
	err := f.step(by)
	refusal, ok := errors.AsType[*control.Refusal](err)
	if !assert.True(f.t, ok, "a step of %+d from %v: got %v, want a refusal", by, before.Phase, err) {
		return
	}
	var got []control.Gate
	for _, o := range refusal.Unmet {
		got = append(got, o.Gate)
		assert.NotEmpty(f.t, o.Remedy)
		assert.NotEmpty(f.t, o.Problem)
		assert.Contains(f.t, err.Error(), o.Remedy)
	}
	assert.Equal(f.t, want, got, "%v", err)
	assert.Equal(f.t, before.Revision, f.record().Revision, "a refusal changes nothing")
}

func TestForthAndBack(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	for _, p := range []phase.Phase{phase.NewOnly, phase.OldOnly, phase.NewPrimary, phase.OldPrimary, phase.NewOnly} {
		f.to(p)
	}
	f.refuses(+1, control.GateEnd)
	f.to(phase.OldOnly)
	f.refuses(-1, control.GateEnd)
}

// A fleet that came forward without leaving the mirrored phases owes no new proof to go back.
func TestBackOwesNothingNew(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	f.to(phase.NewPrimary)
	for range 3 {
		require.NoError(t, f.step(-1))
	}
	assert.Equal(t, phase.OldPrimary, f.record().Phase)
	for range 3 {
		require.NoError(t, f.step(+1))
	}
	f.to(phase.NewOnly)
	require.NoError(t, f.step(-1))
	f.refuses(-1, control.GateBackfill, control.GateParity)
	f.prove("User")
	require.NoError(t, f.step(-1))
	assert.Equal(t, phase.NewGuarded, f.record().Phase)
}

// every edge of the chain, as a phase and a direction.
type edge struct {
	from phase.Phase
	by   int
}

func (e edge) String() string { return fmt.Sprintf("%v %+d", e.from, e.by) }

func edges() (all []edge) {
	for p := phase.OldOnly; p < phase.NewOnly; p++ {
		all = append(all, edge{p, +1}, edge{p + 1, -1})
	}
	return all
}

// gated lists the edges on which each gate stands, and what makes the gate unmet. On every other edge, the same thing
// stands in nobody's way.
func TestGates(t *testing.T) {
	enter := []edge{{phase.OldPrimary, +1}, {phase.NewPrimary, -1}}
	cross := []edge{{phase.OldGuarded, +1}, {phase.NewGuarded, -1}}
	leave := []edge{{phase.NewGuarded, +1}, {phase.OldGuarded, -1}}
	proofs := append(append([]edge{}, enter...), cross...)
	both := append([]edge{{phase.OldOnly, +1}, {phase.NewOnly, -1}}, enter...)
	for _, test := range []struct {
		name string
		on   []edge
		gate control.Gate
		do   func(t *testing.T, f *fleet)
	}{
		{"an instance has not acknowledged", edges(), control.GateFleet, func(t *testing.T, f *fleet) { f.report("b", f.record().Epoch-1, time.Hour) }},
		{"an instance has only registered", edges(), control.GateFleet, func(t *testing.T, f *fleet) { f.report("b", 0, time.Hour) }},
		{"an instance keeps its last phase and is not heard of", edges(), control.GateFleet, func(t *testing.T, f *fleet) {
			i := f.instance("b")
			i.KeepsLast = true
			require.NoError(t, f.control.Renew(ctx, i, -time.Second))
		}},
		{"an instance's lease ran out", nil, "", func(t *testing.T, f *fleet) { f.report("b", 1, -time.Second) }},
		{"a kind is not copied", enter[:1], control.GateBackfill, func(t *testing.T, f *fleet) { f.change(func(r *control.Record) { delete(r.Backfills, "User") }) }},
		{"a kind is copied in part", enter[:1], control.GateBackfill, func(t *testing.T, f *fleet) {
			f.backfill(func(b *control.Backfill) { b.Complete = false })
		}},
		{"a kind was copied too early", enter[:1], control.GateBackfill, func(t *testing.T, f *fleet) { f.backfill(func(b *control.Backfill) { b.Epoch-- }) }},
		{"a kind was copied the wrong way", enter[:1], control.GateBackfill, func(t *testing.T, f *fleet) {
			f.backfill(func(b *control.Backfill) { b.From = b.From.Other() })
		}},
		{"a kind is not proved", proofs, control.GateParity, func(t *testing.T, f *fleet) { f.change(func(r *control.Record) { delete(r.Certificates, "User") }) }},
		{"a kind was proved too early", proofs, control.GateParity, func(t *testing.T, f *fleet) { f.certificate(func(c *control.Certificate) { c.Epoch-- }) }},
		{"a kind differed", proofs, control.GateParity, func(t *testing.T, f *fleet) { f.certificate(func(c *control.Certificate) { c.Differed = 1 }) }},
		{"the journal's memory was lost since", proofs, control.GateParity, func(t *testing.T, f *fleet) {
			f.certificate(func(c *control.Certificate) { c.Incarnation = "before" })
		}},
		{"parity was voided", proofs, control.GateParity, func(t *testing.T, f *fleet) { require.NoError(t, control.VoidParity(ctx, f.control, "a")) }},
		{"a key is quarantined", enter, control.GateQuarantine, func(t *testing.T, f *fleet) { f.quarantine() }},
		{"an unclean key follows old", []edge{leave[0], {phase.NewPrimary, +1}}, control.GateDirection, func(t *testing.T, f *fleet) {
			require.NoError(t, f.journal.MarkDirty(ctx, []journal.Key{{Kind: "User", ID: "1"}}, phase.Old))
		}},
		{"an unclean key follows new", []edge{leave[1], {phase.OldPrimary, -1}}, control.GateDirection, func(t *testing.T, f *fleet) {
			require.NoError(t, f.journal.MarkDirty(ctx, []journal.Key{{Kind: "User", ID: "1"}}, phase.New))
		}},
		{"an instance writes to another journal", append(append([]edge{}, proofs...), leave...), control.GateJournal, func(t *testing.T, f *fleet) {
			f.reports("b", func(i *control.Instance) { i.Journal = "own" })
		}},
		{"an instance holds no lease in the journal", append([]edge{{phase.OldOnly, +1}, {phase.NewOnly, -1}}, append(append([]edge{}, proofs...), leave...)...), control.GateJournal, func(t *testing.T, f *fleet) {
			require.NoError(t, f.control.Renew(ctx, control.Instance{ID: "b", Acked: f.record().Epoch, Note: "permission denied", Alone: true}, time.Hour))
		}},
		{"the journal's memory was lost during the crossing", append(append([]edge{}, cross...), leave...), control.GateJournal, func(t *testing.T, f *fleet) {
			if f.record().Phase.Guarded() {
				f.change(func(r *control.Record) { r.Crossed, r.Journal = true, "before" })
			}
		}},
		{"the schema changed since", proofs, control.GateParity, func(t *testing.T, f *fleet) {
			f.certificate(func(c *control.Certificate) { c.Schemas[phase.New] = "before" })
			f.reports("a", func(i *control.Instance) { i.Stores[phase.New].Schema = "after" })
		}},
		{"old and new are one store", both, control.GateStores, func(t *testing.T, f *fleet) {
			f.sees("a", [2]control.Identity{{Store: "shop"}, {Store: "shop"}})
		}},
		{"instances have different stores", both, control.GateStores, func(t *testing.T, f *fleet) {
			f.sees("a", [2]control.Identity{{Store: "shop"}, {Store: "new"}})
			f.sees("b", [2]control.Identity{{Store: "spare"}, {Store: "new"}})
		}},
		{"an instance does not say which stores it has", both, control.GateStores, func(t *testing.T, f *fleet) {
			f.reports("b", func(i *control.Instance) { i.Stores = [2]control.Identity{} })
		}},
		{"an instance has the stores swapped", both, control.GateStores, func(t *testing.T, f *fleet) {
			f.reports("b", func(i *control.Instance) { i.Stores[0], i.Stores[1] = i.Stores[1], i.Stores[0] })
		}},
		{"the fleet's stores were others", both, control.GateStores, func(t *testing.T, f *fleet) {
			f.change(func(r *control.Record) { r.Stores = [2]string{"shop", "older"} })
		}},
		{"a kind cannot be copied", proofs, control.GateCopies, func(t *testing.T, f *fleet) {
			f.reports("a", func(i *control.Instance) {
				i.Kinds, i.Loose = []string{"Session", "User"}, []string{"Session"}
			})
			f.change(func(r *control.Record) { r.Proved = []string{"Session", "User"} })
		}},
		{"a kind cannot be copied, and the source gives it up", nil, "", func(t *testing.T, f *fleet) {
			f.reports("a", func(i *control.Instance) {
				i.Kinds, i.Loose, i.Abandoned = []string{"Session", "User"}, []string{"Session"}, []string{"Session"}
			})
			f.change(func(r *control.Record) { r.Proved = []string{"Session", "User"} })
			require.NoError(t, f.journal.MarkDirty(ctx, []journal.Key{{Kind: "Session", ID: "1"}}, phase.Old))
			require.NoError(t, f.journal.MarkDirty(ctx, []journal.Key{{Kind: "Session", ID: "2"}}, phase.New))
		}},
		{"a certificate is old", []edge{{phase.OldPrimary, +1}, {phase.OldGuarded, +1}}, control.GateParity, func(t *testing.T, f *fleet) {
			f.change(func(r *control.Record) { r.MirroredFrom = phase.Old })
			f.backfill(func(b *control.Backfill) { b.From = phase.Old })
			f.certificate(func(c *control.Certificate) { c.Issued = time.Now().Add(-25 * time.Hour) })
		}},
		{"hardly anything was counted again", proofs, control.GateParity, func(t *testing.T, f *fleet) {
			f.certificate(func(c *control.Certificate) { c.Recounted = 0.49 })
		}},
		{"a key was found to differ since", proofs, control.GateParity, func(t *testing.T, f *fleet) {
			require.NoError(t, control.Refute(ctx, f.control, "User", "b"))
		}},
		{"another build verified", proofs, control.GateParity, func(t *testing.T, f *fleet) {
			f.certificate(func(c *control.Certificate) { c.Shape = "ID 2" })
		}},
		{"a mirror is parallel", enter, control.GateSettings, func(t *testing.T, f *fleet) {
			if p := f.record().Phase; !p.Guarded() {
				f.change(func(r *control.Record) { r.Settings.Mirror = phase.Parallel })
			}
		}},
		{"nobody confirms", []edge{{phase.NewPrimary, +1}}, control.GateConfirm, func(t *testing.T, f *fleet) { f.confirm = false }},
	} {
		on := make(map[edge]bool)
		for _, e := range test.on {
			on[e] = true
		}
		for _, e := range edges() {
			t.Run(test.name+"/"+e.String(), func(t *testing.T) {
				f := newFleet(t, hooks.Rules{})
				f.to(e.from)
				test.do(t, f)
				if on[e] {
					f.refuses(e.by, test.gate)
				} else {
					assert.NoError(t, f.step(e.by))
				}
				if on[e] && test.gate != control.GateConfirm {
					off := newFleet(t, hooks.Rules{NoGate: true})
					off.to(e.from)
					test.do(t, off)
					assert.NoError(t, off.step(e.by), "with the gates switched off")
				}
			})
		}
	}
}

// sees has an instance report its stores.
func (f *fleet) sees(id string, stores [2]control.Identity) {
	f.t.Helper()
	f.reports(id, func(i *control.Instance) {
		for position, store := range stores {
			if store != (control.Identity{}) {
				i.Stores[position] = store
			}
		}
	})
}

func (f *fleet) change(alter func(*control.Record)) {
	f.t.Helper()
	_, err := control.Update(ctx, f.control, func(r *control.Record) error { alter(r); return nil })
	require.NoError(f.t, err)
}

func (f *fleet) backfill(alter func(*control.Backfill)) {
	f.change(func(r *control.Record) {
		if b, ok := r.Backfills["User"]; ok {
			alter(&b)
			r.Backfills["User"] = b
		}
	})
}

func (f *fleet) certificate(alter func(*control.Certificate)) {
	f.change(func(r *control.Record) {
		if c, ok := r.Certificates["User"]; ok {
			alter(&c)
			r.Certificates["User"] = c
		}
	})
}

// quarantine gives up a key that follows the present primary.
func (f *fleet) quarantine() {
	f.t.Helper()
	key := journal.Key{Kind: "User", ID: "poison"}
	require.NoError(f.t, f.journal.MarkDirty(ctx, []journal.Key{key}, f.record().Phase.Primary()))
	token, ok, err := f.journal.BeginCopy(ctx, "reconciler", key, 0)
	require.NoError(f.t, err)
	require.True(f.t, ok)
	require.NoError(f.t, f.journal.Fail(ctx, key, token, "no", 1))
}

// A kind that any instance ever reported needs its proof, even if nobody reports it now.
func TestKinds(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	f.reports("b", func(i *control.Instance) {
		i.Kinds, i.Shapes = []string{"Order"}, map[string]string{"Order": userShape}
	})
	require.NoError(t, f.step(+1))
	require.NoError(t, f.control.Leave(ctx, "b"))
	f.prove("User")
	f.refuses(+1, control.GateBackfill, control.GateParity)
	f.prove("Order")
	require.NoError(t, f.step(+1))

	g := newFleet(t, hooks.Rules{})
	require.NoError(t, g.control.Leave(ctx, "a"))
	_, err := g.coordinator.Advance(ctx, control.Step{})
	require.NoError(t, err)
	_, err = g.coordinator.Advance(ctx, control.Step{})
	refusal, ok := errors.AsType[*control.Refusal](err)
	require.True(t, ok)
	assert.Equal(t, control.GateKinds, refusal.Unmet[0].Gate, "nobody knows what must be copied")
}

// A kind that nobody knew of when reads moved stands in the way of leaving the guarded phases, and of giving the other store up.
func TestUnprovedKinds(t *testing.T) {
	for _, from := range []phase.Phase{phase.NewGuarded, phase.NewPrimary} {
		f := newFleet(t, hooks.Rules{})
		f.to(from)
		assert.Equal(t, []string{"User"}, f.record().Proved)
		f.reports("b", func(i *control.Instance) { i.Kinds = []string{"Order", "User"} })
		f.refuses(+1, control.GateKinds)
		require.NoError(t, f.control.Leave(ctx, "b"))
		require.NoError(t, f.step(+1))
	}
	// Where its instance runs is the way back, which asks no certificate of a kind whose calls were refused, and does of the others.
	f := newFleet(t, hooks.Rules{})
	f.to(phase.NewGuarded)
	f.reports("b", func(i *control.Instance) { i.Kinds = []string{"Order", "User"} })
	require.NoError(t, control.VoidParity(ctx, f.control, "a"))
	f.refuses(-1, control.GateParity)
	f.prove("User")
	require.NoError(t, f.step(-1))
	record := control.Record{Phase: phase.NewGuarded, MirroredSince: 2, MirroredFrom: phase.Old, Proved: []string{"User"}}
	assert.Equal(t, []string{"Order"}, record.Unproved([]string{"Order", "User"}))
	record.Phase = phase.OldGuarded
	assert.Empty(t, record.Unproved([]string{"Order"}), "reads ask the store that the fleet came from")
	record.MirroredFrom = phase.New
	assert.Equal(t, []string{"Order"}, record.Unproved([]string{"Order"}))
	record.Phase = phase.OldOnly
	assert.Empty(t, record.Unproved([]string{"Order"}))
}

// A certificate of a pass that began before a void does not count, however late it is issued.
func TestCertifyAfterVoid(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	f.to(phase.OldPrimary)
	f.prove("User")
	began, err := control.Settled(ctx, f.control)
	require.NoError(t, err)
	require.NoError(t, control.VoidParity(ctx, f.control, "a"))
	incarnation, err := f.journal.Incarnation(ctx)
	require.NoError(t, err)
	require.NoError(t, control.Certify(ctx, f.control, "User", began, control.Certificate{Incarnation: incarnation}))
	assert.True(t, f.record().ParityVoid)
	f.refuses(+1, control.GateParity)
	f.prove("User")
	assert.False(t, f.record().ParityVoid)
	require.NoError(t, f.step(+1))

	require.NoError(t, f.step(-1))
	require.NoError(t, f.step(-1))
	require.ErrorIs(t, control.Certify(ctx, f.control, "User", began, control.Certificate{}), control.ErrConflict)
}

func TestSettled(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	_, err := control.Settled(ctx, f.control)
	require.NoError(t, err)
	f.report("b", 0, time.Hour)
	_, err = control.Settled(ctx, f.control)
	refusal, ok := errors.AsType[*control.Refusal](err)
	require.True(t, ok)
	assert.Equal(t, "b", refusal.Unmet[0].Instance)
	assert.Contains(t, err.Error(), "has not settled")
}

func TestSetAndStatus(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	before := f.record()
	_, err := f.coordinator.Set(ctx, phase.Settings{Compare: 2}, control.Step{})
	require.Error(t, err)
	r, err := f.coordinator.Set(ctx, phase.Settings{Compare: 0.5}, control.Step{By: "me"})
	require.NoError(t, err)
	assert.Equal(t, before.Epoch+1, r.Epoch)
	assert.Equal(t, f.record(), r)
	status, err := f.coordinator.Status(ctx)
	require.NoError(t, err)
	require.Len(t, status.Forward, 1, "the settings are a new epoch")
	assert.Equal(t, control.GateFleet, status.Forward[0].Gate)
	f.ack("a")
	f.to(phase.NewPrimary)
	status, err = f.coordinator.Status(ctx)
	require.NoError(t, err)
	assert.Empty(t, status.Forward, "the confirmation is not an obstacle")
	assert.Empty(t, status.Back)
	assert.Len(t, status.Instances, 1)

	none := control.NewCoordinator(control.NewMemory(), f.journal)
	_, err = none.Advance(ctx, control.Step{})
	assert.ErrorContains(t, err, "no flag record")
	_, err = none.Set(ctx, phase.Settings{}, control.Step{})
	assert.ErrorContains(t, err, "no flag record")
}

// Of two coordinators that move at once, one moves.
func TestTwoCoordinators(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	racing := &racer{Control: f.control, before: func() {
		_, err := f.coordinator.Advance(ctx, control.Step{})
		require.NoError(t, err)
	}}
	_, err := control.NewCoordinator(racing, f.journal).Advance(ctx, control.Step{})
	require.ErrorIs(t, err, control.ErrConflict)
	assert.Equal(t, phase.OldPrimary, f.record().Phase)
}

// racer lets somebody else come before its swap.
type racer struct {
	control.Control
	before func()
}

func (r *racer) Swap(ctx context.Context, expected uint64, next control.Record) error {
	r.before()
	return r.Control.Swap(ctx, expected, next)
}

func TestRecover(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	f.to(phase.NewGuarded)
	_, err := f.coordinator.Recover(ctx, control.Step{Confirm: true})
	require.Error(t, err, "nothing was lost")
	f.journal = journal.NewMemory()
	f.coordinator = control.NewCoordinator(f.control, f.journal)
	f.ack("a")
	f.refuses(-1, control.GateJournal, control.GateParity)
	f.refuses(+1, control.GateJournal)
	_, err = f.coordinator.Recover(ctx, control.Step{})
	require.Error(t, err, "without confirmation")
	_, err = f.coordinator.Recover(ctx, control.Step{Confirm: true})
	require.NoError(t, err)
	f.ack("a")
	f.refuses(-1, control.GateParity)
	f.prove("User")
	require.NoError(t, f.step(-1))
}

// mute is a journal that does not answer.
type mute struct{ journal.Journal }

func (mute) Incarnation(context.Context) (string, error) { return "", errors.New("no route to host") }

// No fleet begins to write both stores while the journal does not answer.
func TestJournalDoesNotAnswer(t *testing.T) {
	c := control.NewMemory()
	require.NoError(t, control.Init(ctx, c, "test"))
	for _, j := range []journal.Journal{mute{journal.NewMemory()}, journal.NewMemory()} {
		_, err := control.NewCoordinator(c, j).Advance(ctx, control.Step{})
		if _, ok := j.(mute); !ok {
			require.NoError(t, err)
			continue
		}
		var refusal *control.Refusal
		require.ErrorAs(t, err, &refusal)
		require.Equal(t, control.GateJournalRead, refusal.Unmet[0].Gate)
		require.Contains(t, refusal.Unmet[0].Problem, "no route to host")
	}
}
