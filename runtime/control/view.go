package control

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// view is what a coordinator decides by. The record is read first: whatever changes it later makes the swap fail.
type view struct {
	record      Record
	instances   []Instance // without those that were evicted
	evicted     []Instance // and whose leases run
	incarnation string
	counts      journal.Counts
	wrong       [2][]journal.Key // the first unclean keys by their primary
	quarantined []journal.Key
	stuck       [2][]journal.Key // the first quarantined keys by their primary
	retried     [2]bool          // some unclean key is not quarantined, by its primary
	whole       map[string]bool  // kinds that are unclean as a whole, of the first thousand keys
	journalErr  error
	lag         time.Duration     // for how long the oldest key has waited for its copy
	owed        journal.Counts    // counts without the kinds that were given up
	orphaned    map[string]int    // unclean keys of the kinds that no live instance has
	neighbours  map[string]Record // of other migrations in the same place
	now         time.Time
	lax         bool // gates are switched off
	anyShape    bool // the rules about shapes are
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
	v.evicted = slices.DeleteFunc(slices.Clone(v.instances), func(i Instance) bool { return !i.Evicted })
	v.instances = slices.DeleteFunc(v.instances, func(i Instance) bool { return i.Evicted })
	if others, ok := c.control.(Neighbours); ok {
		if v.neighbours, err = others.Neighbours(ctx); err != nil {
			return v, fmt.Errorf("look for other migrations: %w", err)
		}
	}
	v.journalErr = v.ask(ctx, c.journal)
	v.now, v.anyShape = c.now(), c.off.NoShapeGate
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
	if err := v.askOrphaned(ctx, j); err != nil {
		return err
	}
	entries, err := j.Unclean(ctx, journal.Query{})
	v.lag = oldest(entries)
	if err == nil && v.record.Settings.Mirror == phase.Queued { // keys that are written all the time come last in that listing
		v.lag, err = lag(ctx, j)
	}
	for _, e := range entries {
		if slices.Contains(v.givenUp(), e.Key.Kind) {
			continue
		}
		if e.Key.Whole {
			if v.whole == nil {
				v.whole = make(map[string]bool)
			}
			v.whole[e.Key.Kind] = true
		}
		if len(v.wrong[e.Primary]) < listed {
			v.wrong[e.Primary] = append(v.wrong[e.Primary], e.Key)
		}
		v.retried[e.Primary] = v.retried[e.Primary] || !e.Quarantined
		if e.Quarantined && len(v.quarantined) < listed {
			v.quarantined = append(v.quarantined, e.Key)
		}
		if e.Quarantined && len(v.stuck[e.Primary]) < listed {
			v.stuck[e.Primary] = append(v.stuck[e.Primary], e.Key)
		}
	}
	return err
}

// askOrphaned counts the unclean keys of the kinds that no live instance has.
func (v *view) askOrphaned(ctx context.Context, j journal.Journal) error {
	givenUp := v.givenUp()
	for _, kind := range v.record.kinds(v.instances) {
		if slices.Contains(givenUp, kind) || slices.ContainsFunc(v.instances, func(i Instance) bool { return i.has(kind) }) {
			continue
		}
		counts, err := j.Counts(ctx, kind)
		if err != nil {
			return err
		}
		if counts.Unclean() == 0 {
			continue
		}
		if v.orphaned == nil {
			v.orphaned = make(map[string]int)
		}
		v.orphaned[kind] = counts.Unclean()
	}
	return nil
}

// away reports whether a step leads away from the store that the fleet came from.
func (r Record) away(from, to phase.Phase) bool {
	return (to > from) == (r.MirroredFrom == phase.Old)
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
	return Obstacle{Gate: GateRecord, Problem: "there is no flag record", Remedy: "make one: the command init, or control.Init"}
}

// enter is the record in its next phase.
func (v *view) enter(to phase.Phase, step Step) Record {
	r := v.record.Clone()
	from := r.Phase
	r.Epoch++
	r.Phase = to
	step.sign(&r)
	r.Settings.Cutoff = time.Time{} // a gate saw to it that all keys that are asked for belong to new
	if !to.Mirrored() {
		r.Settings.Fallback = phase.FallbackOff
	}
	r.Settings.Canary = 0 // set in the guarded phases alone: the step between them moves the other keys too
	r.Kinds = r.kinds(v.instances)
	if !from.Mirrored() && to.Mirrored() {
		r.MirroredSince, r.MirroredFrom = r.Epoch, from.Primary()
		r.Backfills, r.Builds, r.Certificates, r.Proved, r.ParityVoid, r.Abandoned = nil, nil, nil, nil, false, nil
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
	if !r.Phase.Mirrored() || r.MirroredSince == 0 || r.Phase.Primary() == r.MirroredFrom && r.Settings.Canary == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(kinds), func(kind string) bool { return slices.Contains(r.Proved, kind) })
}
