package dual

import (
	"context"
	"fmt"
	"strings"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/phase"
)

// admit refuses every call where the record does not go with this instance: its stores are not the fleet's, it has a kind
// that was not proved before reads moved, or it knows other fields of one; and until the record says that another build came after a
// certificate.
func (st *state) admit(stores [2]control.Identity) {
	m := st.migration
	if st.record == nil {
		return
	}
	off := m.hooks.Off
	switch {
	case !off.NoStoreCheck && st.record.OtherStores(stores) != "":
		st.refuseAll(ErrOtherStores)
	case !off.NoKindCheck && len(st.record.Unproved(m.kinds())) > 0:
		st.refuseAll(ErrKindUnproved)
	case !off.NoShapeCheck && len(st.record.Reshaped(m.shapes())) > 0:
		st.refuseAll(ErrOtherShape)
	case !off.NoOutgrown && len(st.record.Outgrown(m.kinds(), m.shapes())) > 0:
		st.refuseAll(ErrNotReady)
	}
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
	if other := r.OtherStores(m.follower.identities()); other != "" && !off.NoStoreCheck {
		return fmt.Errorf("this instance %s; correct its configuration: %w", other, ErrOtherStores)
	}
	if kinds := r.Reshaped(m.shapes()); len(kinds) > 0 && !off.NoShapeCheck {
		return fmt.Errorf("this build differs from the one that was verified: %s; run that build, or go back to %v, deploy, and verify again: %w",
			strings.Join(kinds, ", "), primaryBefore(r), ErrOtherShape)
	}
	if kinds := r.Outgrown(m.kinds(), m.shapes()); len(kinds) > 0 && !off.NoOutgrown {
		return fmt.Errorf("this build differs from the one that was verified, and that is not noted in the flag record yet: %s: %w", strings.Join(kinds, ", "), ErrNotReady)
	}
	return nil
}

// outgrow has the fleet know, before a call is let in, that this build knows other fields than a certificate.
func (f *follower) outgrow(ctx context.Context) error {
	m := f.m
	if m.hooks.Off.NoOutgrown || len(f.record.Outgrown(m.kinds(), m.shapes())) == 0 {
		return nil
	}
	if err := control.Outgrow(ctx, m.config.Control, m.kinds(), m.shapes(), m.config.Instance); err != nil {
		return fmt.Errorf("this build differs from the one that was verified, and that cannot be noted in the flag record: %w", err)
	}
	return f.load(ctx)
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
