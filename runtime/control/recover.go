package control

import (
	"context"
	"errors"
	"fmt"
)

// Recover goes on after the journal lost its memory while the fleet was crossing between OldGuarded and NewGuarded, when
// instances refuse all calls with ErrJournalLost: the phase's primary is declared right for every key. Acknowledged
// writes that only the other store holds are lost by that, so that it needs Step.Confirm. A verify pass is owed then.
//
// It also puts a flag record that was put back from a copy where the instances are that follow a later one. Their certificates are
// void, and what was changed since but the phase is to be set anew.
func (c *Coordinator) Recover(ctx context.Context, step Step) (Record, error) {
	incarnation, err := c.journal.Incarnation(ctx)
	if err != nil {
		return Record{}, fmt.Errorf("ask for the journal's incarnation: %w", err)
	}
	instances, err := c.control.Instances(ctx)
	if err != nil {
		return Record{}, fmt.Errorf("list the instances: %w", err)
	}
	return Update(ctx, c.control, func(r *Record) error {
		if last := furthest(instances); last.Acked > r.Epoch {
			return r.follow(last, incarnation, step)
		}
		switch {
		case !r.Phase.Guarded() || !r.Crossed || r.Journal == incarnation:
			return errors.New("dualgen: there is nothing to recover: the journal has not lost its memory during a crossing")
		case !step.Confirm:
			return &Refusal{From: r.Phase, To: r.Phase, Unmet: []Obstacle{{Gate: GateConfirm,
				Problem: fmt.Sprintf("acknowledged writes that only the %v store holds may be lost", r.Phase.Primary().Other()),
				Remedy:  "confirm"}}}
		}
		r.Journal, r.Crossed = incarnation, false
		r.Settings.Canary = 0 // the phase's primary is declared right for every key
		step.sign(r)
		r.Voids++
		r.ParityVoid = true
		r.Epoch++
		return nil
	})
}

// furthest is the living instance that has acknowledged most.
func furthest(instances []Instance) (last Instance) {
	for _, i := range instances {
		if i.Live && i.Acked > last.Acked {
			last = i
		}
	}
	return last
}

// follow puts a record that was put back from a copy where an instance is that follows a later one.
func (r *Record) follow(last Instance, incarnation string, step Step) error {
	if !step.Confirm {
		return &Refusal{From: r.Phase, To: last.Phase, What: "recover the record", Unmet: []Obstacle{{Gate: GateConfirm, Instance: last.ID,
			Problem: fmt.Sprintf("the record of epoch %d, in %v, becomes one of epoch %d, in %v, as instance %s follows it; the journal may have lost keys too, "+
				"so that acknowledged writes which only one store holds must be found by verify", r.Epoch, r.Phase, last.Acked+1, last.Phase, last.ID),
			Remedy: "confirm"}}}
	}
	if !r.Phase.Mirrored() && last.Phase.Mirrored() {
		r.MirroredFrom, r.MirroredSince = r.Phase.Primary(), last.Acked+1
	}
	if last.Phase.Primary() != r.MirroredFrom {
		r.Proved, r.Shapes = last.Kinds, last.Shapes
	}
	if last.Phase.Guarded() {
		r.Journal, r.Crossed = incarnation, false
	}
	r.Phase, r.Epoch, r.Settings.Canary = last.Phase, last.Acked+1, 0
	r.Voids++
	r.ParityVoid = last.Phase.Mirrored()
	step.sign(r)
	return nil
}
