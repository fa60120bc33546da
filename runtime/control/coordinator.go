package control

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Coordinator moves the fleet, one step at a time. Anybody may run one, several at once: what it changes, it changes by
// compare-and-swap.
//
// Gates are asked before the record is stored. What they asked cannot turn bad in between: an instance that registers
// meanwhile loads the record afterwards, and is at most one step behind; and a write that voids parity changes the
// record, so that the swap fails.
type Coordinator struct {
	control Control
	journal journal.Journal
	off     hooks.Rules
	now     func() time.Time
	self    string
}

// WithSelf names the instance of the coordinator's own process, where that is a command and not one of the service: it does
// not count among those that are expected, and the fleet is empty without another.
func WithSelf(id string) CoordinatorOption { return func(c *Coordinator) { c.self = id } }

// CoordinatorOption changes how a Coordinator works.
type CoordinatorOption func(*Coordinator)

// WithRules switches rules off, for tests that must then see the protocol fail.
func WithRules(off hooks.Rules) CoordinatorOption { return func(c *Coordinator) { c.off = off } }

// WithCoordinatorClock sets the clock that cutoffs are measured by. Defaults to time.Now.
func WithCoordinatorClock(now func() time.Time) CoordinatorOption {
	return func(c *Coordinator) { c.now = now }
}

// NewCoordinator returns a coordinator of the fleet that shares the control store and the journal.
func NewCoordinator(control Control, journal journal.Journal, options ...CoordinatorOption) *Coordinator {
	c := &Coordinator{control: control, journal: journal, now: time.Now}
	for _, option := range options {
		option(c)
	}
	return c
}

// Step is how a step is to be made.
type Step struct {
	// By is who makes it, for people. Defaults to nobody.
	By string
	// Confirm says that an operator accepts what cannot be undone: NewPrimary to NewOnly, after which the old store grows
	// stale and the way back begins with a backfill; what only people know of a cutoff, see Coordinator.Cutoff; and Recover.
	// Defaults to false.
	Confirm bool
	// Abandon names the kinds that nothing can copy and that the operator gives up: what the store that is left holds of them
	// may be lost. Advance remembers them in the record. Defaults to none.
	Abandon []string
	// To, if set, is the phase that the step must lead to: nothing is done in that phase already, and a step elsewhere is an
	// error. So two operators who make the same step make it once.
	To phase.Phase
	// Expect, if above 0, is how many instances the operator knows to run, that of WithSelf left out: the step is refused
	// while another number of them is alive. A process of a build without the wrapper is not counted, and so is found.
	Expect int
}

// Advance moves the fleet one phase forward; from OldOnly with a cutoff that has passed, to NewOnly. It returns a *Refusal
// that lists every gate that is not met, or ErrConflict if somebody else changed the record meanwhile.
func (c *Coordinator) Advance(ctx context.Context, step Step) (Record, error) {
	return c.move(ctx, step, +1)
}

// Back moves the fleet one phase back. Its errors are those of Advance.
func (c *Coordinator) Back(ctx context.Context, step Step) (Record, error) {
	return c.move(ctx, step, -1)
}

// Set changes the settings. It asks no gate, so that a freeze works at once; settings that do not go with the phase are
// an error, and so are another cutoff or lead than the record's: see Cutoff and Lead.
func (c *Coordinator) Set(ctx context.Context, settings phase.Settings, step Step) (Record, error) {
	return Update(ctx, c.control, func(r *Record) error {
		if r.Revision == 0 {
			return &Refusal{Unmet: []Obstacle{noRecord()}}
		}
		if err := settings.Validate(r.Phase); err != nil {
			return fmt.Errorf("dualgen: %w", err)
		}
		if !settings.Cutoff.Equal(r.Settings.Cutoff) || settings.Lead != r.Settings.Lead {
			return errors.New("dualgen: cutoff and lead have gates, and commands of their own: begin with the settings of the present record")
		}
		r.Settings, r.By = settings, step.By
		r.Epoch++
		return nil
	})
}

// Recover goes on after the journal lost its memory while the fleet was crossing between OldGuarded and NewGuarded, when
// instances refuse all calls with ErrJournalLost: the phase's primary is declared right for every key. Acknowledged
// writes that only the other store holds are lost by that, so that it needs Step.Confirm. A verify pass is owed then.
func (c *Coordinator) Recover(ctx context.Context, step Step) (Record, error) {
	incarnation, err := c.journal.Incarnation(ctx)
	if err != nil {
		return Record{}, fmt.Errorf("ask for the journal's incarnation: %w", err)
	}
	return Update(ctx, c.control, func(r *Record) error {
		switch {
		case !r.Phase.Guarded() || !r.Crossed || r.Journal == incarnation:
			return errors.New("dualgen: there is nothing to recover: the journal has not lost its memory during a crossing")
		case !step.Confirm:
			return &Refusal{From: r.Phase, To: r.Phase, Unmet: []Obstacle{{Gate: GateConfirm,
				Problem: fmt.Sprintf("acknowledged writes that only the %v store holds may be lost", r.Phase.Primary().Other()),
				Remedy:  "confirm"}}}
		}
		r.Journal, r.Crossed, r.By = incarnation, false, step.By
		r.Voids++
		r.ParityVoid = true
		r.Epoch++
		return nil
	})
}

func (c *Coordinator) move(ctx context.Context, step Step, by int) (Record, error) {
	view, err := c.look(ctx)
	if err != nil {
		return Record{}, err
	}
	if c.off.NoGate {
		view.instances, view.lax = nil, true
	}
	if err := view.checkAbandon(step); err != nil {
		return view.record, err
	}
	if done, err := view.heading(step, by); done || err != nil {
		return view.record, err
	}
	next, refusal := view.next(step, by)
	if refusal != nil {
		return view.record, refusal
	}
	if err := c.control.Swap(ctx, view.record.Revision, next); err != nil {
		return view.record, err
	}
	next.Revision = view.record.Revision + 1
	return next, nil
}

// Status is the fleet's state, and what stands in the way of either step.
type Status struct {
	Record    Record
	Instances []Instance
	Unclean   journal.Counts
	// Kinds is what is known of each kind, by name.
	Kinds []KindState
	// Warnings are what stands in no step's way and is likely to be a mistake.
	Warnings []string
	// Forward and Back are the gates that are not met. The confirmation is left out: whoever makes the step gives it.
	Forward, Back []Obstacle
}

// Status returns the state of the fleet. If the journal does not answer, the obstacles say so.
func (c *Coordinator) Status(ctx context.Context) (Status, error) {
	view, err := c.look(ctx)
	if err != nil {
		return Status{}, err
	}
	status := Status{Record: view.record, Instances: view.instances, Unclean: view.counts}
	confirmed := Step{Confirm: true}
	status.Kinds, status.Warnings = view.kindStates(confirmed), view.warnings()
	if _, refusal := view.next(confirmed, +1); refusal != nil {
		status.Forward = refusal.(*Refusal).Unmet
	}
	if _, refusal := view.next(confirmed, -1); refusal != nil {
		status.Back = refusal.(*Refusal).Unmet
	}
	return status, nil
}

// view is what a coordinator decides by. The record is read first: whatever changes it later makes the swap fail.
type view struct {
	record      Record
	instances   []Instance
	incarnation string
	counts      journal.Counts
	wrong       [2][]journal.Key // the first unclean keys by their primary
	quarantined []journal.Key
	journalErr  error
	owed        journal.Counts // counts without the kinds that were given up
	now         time.Time
	self        string
	lax         bool // gates are switched off
}

// listed is how many keys an obstacle names.
const listed = 10

func (c *Coordinator) look(ctx context.Context) (view, error) {
	var v view
	var err error
	if v.record, err = c.control.Load(ctx); err != nil {
		return v, fmt.Errorf("load the flag record: %w", err)
	}
	if v.instances, err = c.control.Instances(ctx); err != nil {
		return v, fmt.Errorf("list the instances: %w", err)
	}
	v.journalErr = v.ask(ctx, c.journal)
	v.now, v.self = c.now(), c.self
	return v, nil
}

func (v *view) ask(ctx context.Context, j journal.Journal) (err error) {
	if v.incarnation, err = j.Incarnation(ctx); err != nil {
		return err
	}
	if v.counts, err = j.Counts(ctx, ""); err != nil {
		return err
	}
	if v.owed = v.counts; v.counts.Unclean() == 0 {
		return nil
	}
	for _, kind := range v.givenUp() {
		counts, err := j.Counts(ctx, kind)
		if err != nil {
			return err
		}
		v.owed.Quarantined -= counts.Quarantined
		v.owed.Primary[phase.Old] -= counts.Primary[phase.Old]
		v.owed.Primary[phase.New] -= counts.Primary[phase.New]
	}
	entries, err := j.Unclean(ctx, journal.Query{})
	for _, e := range entries {
		if slices.Contains(v.givenUp(), e.Key.Kind) {
			continue
		}
		if len(v.wrong[e.Primary]) < listed {
			v.wrong[e.Primary] = append(v.wrong[e.Primary], e.Key)
		}
		if e.Quarantined && len(v.quarantined) < listed {
			v.quarantined = append(v.quarantined, e.Key)
		}
	}
	return err
}

// heading reports whether the fleet is where the step is to lead already, and refuses one that leads elsewhere.
func (v *view) heading(step Step, by int) (done bool, err error) {
	from := v.record.Phase
	to := phase.Phase(int(from) + by)
	if by > 0 {
		to = v.record.Forward()
	}
	switch {
	case step.To == 0 || v.record.Revision == 0 || step.To == to:
		return false, nil
	case step.To == from:
		return true, nil
	}
	return false, fmt.Errorf("dualgen: the fleet is in %v, and one step leads to %v, not to %v: somebody may have moved it; look at the status", from, to, step.To)
}

// next is the record after a step of one phase forward (+1) or back (-1), or the *Refusal of it.
func (v *view) next(step Step, by int) (Record, error) {
	r := v.record
	if r.Revision == 0 {
		return r, &Refusal{Unmet: []Obstacle{noRecord()}}
	}
	from, to := r.Phase, phase.Phase(int(r.Phase)+by)
	if by > 0 {
		to = r.Forward()
	}
	if !to.Valid() {
		return r, &Refusal{From: from, To: from, Unmet: []Obstacle{{Gate: GateEnd,
			Problem: fmt.Sprintf("%v is at the end of the chain", from), Remedy: "there is nothing to do"}}}
	}
	if unmet := v.unmet(from, to, step); len(unmet) > 0 && !v.lax {
		return r, &Refusal{From: from, To: to, Unmet: unmet}
	}
	return v.enter(to, step), nil
}

func noRecord() Obstacle {
	return Obstacle{Gate: GateRecord, Problem: "there is no flag record", Remedy: "make one with control.Init"}
}

// enter is the record in its next phase.
func (v *view) enter(to phase.Phase, step Step) Record {
	r := v.record.Clone()
	from := r.Phase
	r.Epoch++
	r.Phase, r.By, r.Updated = to, step.By, time.Now().UTC()
	r.Settings.Cutoff = time.Time{} // a gate saw to it that all keys that are asked for belong to new
	r.Kinds = r.kinds(v.instances)
	if !from.Mirrored() && to.Mirrored() {
		r.MirroredSince, r.MirroredFrom = r.Epoch, from.Primary()
		r.Backfills, r.Certificates, r.Proved, r.ParityVoid, r.Abandoned = nil, nil, nil, false, nil
		r.Stores = v.stores()
	}
	r.remember(v.instances)
	r.Abandoned = union(r.Abandoned, step.Abandon)
	switch {
	case !from.Guarded() && to.Guarded() && from.Primary() == r.MirroredFrom:
		r.Shapes = v.shapes(step) // the same everywhere, by the gate
	case !to.Mirrored() || !to.Guarded() && to.Primary() == r.MirroredFrom:
		r.Shapes = nil
	}
	switch {
	case from.Guarded() && to.Guarded():
		r.Crossed = true
		if to.Primary() != r.MirroredFrom {
			r.Proved = r.Kinds // by the gate
		}
	case to.Guarded():
		r.Journal, r.Crossed = v.incarnation, false
	default:
		r.Journal, r.Crossed = "", false
	}
	r.Kinds = slices.Clip(r.Kinds)
	return r
}

// Unproved returns those of an instance's kinds that reads must not ask the phase's primary for: the fleet moved there
// without knowing of them.
func (r Record) Unproved(kinds []string) []string {
	if !r.Phase.Mirrored() || r.MirroredSince == 0 || r.Phase.Primary() == r.MirroredFrom {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(kinds), func(kind string) bool { return slices.Contains(r.Proved, kind) })
}
