package dual

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/phase"
)

// admit refuses every call where the record does not go with this instance: its stores are not the fleet's, it has a kind
// that was not proved before reads moved, or it knows other fields of one; and until it has joined.
func (st *state) admit(stores [2]control.Identity) {
	m := st.migration
	if st.record == nil {
		return
	}
	off := m.hooks.Off
	switch {
	case !off.NoStoreCheck && otherStores(m, *st.record, stores) != "":
		st.refuseAll(ErrOtherStores)
	case !off.NoKindCheck && len(st.record.Unproved(m.kinds())) > 0:
		st.refuseAll(ErrKindUnproved)
	case !off.NoShapeCheck && len(st.record.Reshaped(m.shapes())) > 0:
		st.refuseAll(ErrOtherShape)
	case !off.NoJoin && !m.follower.joined.Load().covers(m, *st.record, st.lease):
		st.refuseAll(ErrNotReady)
	}
}

// otherStores says how this instance's stores are not the fleet's, or nothing. The step out of OldOnly has asked every instance which stores it
// has; one that comes later and is not made to say so may have the two swapped, and its writes would be copied over.
func otherStores(m *Migration, r control.Record, stores [2]control.Identity) string {
	if m.config.Identify == nil && r.Phase != phase.OldOnly && r.Stores != [2]string{} {
		return "does not say which stores it has, and the fleet's are pinned: set Identify in dual.Config"
	}
	return r.OtherStores(stores)
}

// Admitted returns nil if this instance is counted on by the fleet and its stores and build are the fleet's, else why its calls are
// refused. Who copies or compares asks before each copy: one by another build would leave fields out, one by swapped stores would go
// the wrong way, and an instance without a lease does not know what the fleet is now.
func (m *Migration) Admitted() error {
	st := m.state.Load()
	switch {
	case st.record == nil:
		return st.refusals[classRead]
	case !st.lease.valid(m.hooks.Now()) && !m.hooks.Off.NoCopierLease:
		return ErrLeaseLost
	}
	return m.differs(st)
}

// Paused reports whether an operator has paused the fleet's reconcilers, backfills and verify passes (phase.Settings.Paused).
func (m *Migration) Paused() bool {
	st := m.state.Load()
	return st.record != nil && st.record.Settings.Paused
}

// differs says what sets this instance apart from the fleet.
func (m *Migration) differs(st *state) error {
	r, off := *st.record, m.hooks.Off
	if other := otherStores(m, r, m.follower.identities()); other != "" && !off.NoStoreCheck {
		return fmt.Errorf("this instance %s; correct its configuration: %w", other, ErrOtherStores)
	}
	if kinds := r.Reshaped(m.shapes()); len(kinds) > 0 && !off.NoShapeCheck {
		return fmt.Errorf("this build differs from the one that was verified: %s; run that build, or go back to %v, deploy, and verify again: %w",
			strings.Join(kinds, ", "), primaryBefore(r), ErrOtherShape)
	}
	if !off.NoJoin && !m.follower.joined.Load().covers(m, r, st.lease) {
		return fmt.Errorf("the flag record does not say yet that this build came: %w", ErrNotReady)
	}
	return nil
}

// joined says for which kinds, and fields of them, the flag record knows that this build came. It lasts as long as the instance's lease, and
// the fleet's stay in the mirrored phases.
type joined struct {
	lease  *lease
	since  uint64
	shapes map[string]string
}

// covers reports whether an instance may let calls in: of each kind the record names the instance's build as the last one, or did so when the
// instance joined.
func (j *joined) covers(m *Migration, r control.Record, l *lease) bool {
	shapes := m.shapes()
	newcomer := r.Newcomer(m.kinds(), shapes)
	if len(newcomer) == 0 {
		return true
	}
	return j != nil && j.lease == l && j.since == r.MirroredSince && !slices.ContainsFunc(newcomer, func(kind string) bool {
		shape, ok := j.shapes[kind]
		return !ok || shape != shapes[kind]
	})
}

// join has the fleet know, before a call is let in, that a build came which knows other fields than the last one. Of many instances of one
// build the first one says so.
func (f *follower) join(ctx context.Context) error {
	m := f.m
	kinds, shapes := m.kinds(), m.shapes()
	if !m.hooks.Off.NoJoin && !f.joined.Load().covers(m, f.record, f.lease) {
		if err := control.Join(ctx, m.config.Control, kinds, shapes, m.config.Instance); err != nil {
			return fmt.Errorf("note in the flag record that another build came: %w", err)
		}
		if err := f.load(ctx); err != nil { // the fleet may have made a step that refuses this build
			return err
		}
	}
	next := &joined{lease: f.lease, since: f.record.MirroredSince, shapes: make(map[string]string, len(kinds))}
	for _, kind := range kinds {
		next.shapes[kind] = shapes[kind]
	}
	f.joined.Store(next)
	return nil
}

// awaitJoin returns once the instance may let in calls of the kinds that were added, as far as that is a matter of its build, or a lease has
// passed: who constructs a wrapper calls it, or copies, as soon as the constructor returns.
func (f *follower) awaitJoin() {
	m := f.m
	ctx, cancel := context.WithTimeout(f.ctx, min(startTimeout, m.config.Lease))
	defer cancel()
	for !m.hooks.Manual && !m.hooks.Off.NoJoin {
		st := m.state.Load()
		if st.record == nil || f.joined.Load().covers(m, *st.record, st.lease) || m.hooks.Sleep(ctx, time.Millisecond) != nil {
			return
		}
	}
}

// objection says why calls are not let in, and what to do about it.
func (m *Migration) objection() error {
	st := m.state.Load()
	if st.record == nil {
		return nil
	}
	if err := m.differs(st); err != nil || m.hooks.Off.NoKindCheck {
		return err
	}
	r := *st.record
	if kinds := r.Unproved(m.kinds()); len(kinds) > 0 {
		reads := r.Phase.Primary()
		if r.Settings.Canary > 0 {
			reads = r.MirroredFrom.Other() // of the canary's keys at least
		}
		return fmt.Errorf("%v reads the %v store, and %s was not copied there and verified before; go back to %v, or run without that kind: %w",
			r.Phase, reads, strings.Join(kinds, ", "), phaseBefore(r), ErrKindUnproved)
	}
	return nil
}

// phaseBefore is the last phase in which reads ask the store that the fleet came from.
func phaseBefore(r control.Record) Phase {
	if r.MirroredFrom == New {
		return phase.NewGuarded
	}
	return phase.OldGuarded
}

// primaryBefore is the mirrored phase before the guarded ones, where builds may differ.
func primaryBefore(r control.Record) Phase {
	if r.MirroredFrom == New {
		return phase.NewPrimary
	}
	return phase.OldPrimary
}
