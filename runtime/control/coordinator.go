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
}

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
	// Why is the reason, in the operator's words, of at most 500 characters. The trail keeps it. Defaults to none.
	Why string
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
	// Expect, if above 0, is how many instances of the service the operator knows to run: the step is refused while another number
	// of them is alive. A process of a build without the wrapper is not counted, and so is found.
	Expect int
}

// sign puts into a record who made it, when and why.
func (s Step) sign(r *Record) { r.By, r.Why, r.Updated = s.By, s.Why, time.Now().UTC() }

// swap stores next if the record is still the one that the step was decided by.
func (c *Coordinator) swap(ctx context.Context, present, next Record) (Record, error) {
	next, err := present.audited(next)
	if err != nil {
		return present, err
	}
	if err := c.control.Swap(ctx, present.Revision, next); err != nil {
		return present, err
	}
	next.Revision = present.Revision + 1
	return next, nil
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

// Set changes the settings. It asks no gate, so that a freeze works at once, but before a fallback is set off and before a canary is raised; settings that
// do not go with the phase are an error, and so are another cutoff or lead than the record's: see Cutoff and Lead.
func (c *Coordinator) Set(ctx context.Context, settings phase.Settings, step Step) (Record, error) {
	return c.Change(ctx, func(s *phase.Settings) { *s = settings }, step)
}

// Change is Set for those who change some settings and leave the others as they are: change is called with the present ones, once more
// if somebody else changes the record meanwhile, so that nothing is taken back that another operator has set.
func (c *Coordinator) Change(ctx context.Context, change func(*phase.Settings), step Step) (Record, error) {
	return Update(ctx, c.control, func(r *Record) error {
		if r.Revision == 0 {
			return &Refusal{Unmet: []Obstacle{noRecord()}}
		}
		settings := r.Settings
		change(&settings)
		if err := settings.Validate(r.Phase); err != nil {
			return fmt.Errorf("dualgen: %w", err)
		}
		if !settings.Cutoff.Equal(r.Settings.Cutoff) || settings.Lead != r.Settings.Lead {
			return errors.New("dualgen: cutoff and lead have gates, and commands of their own: begin with the settings of the present record")
		}
		if err := c.mayFallBack(ctx, settings, step); err != nil {
			return err
		}
		if err := c.mayCanary(ctx, r, settings, step); err != nil {
			return err
		}
		r.Settings = settings
		step.sign(r)
		r.Epoch++
		return nil
	})
}

// mayCanary says why the canary cannot be raised as the settings want it, and notes in the record what a step to the other guarded phase
// notes: a share of the keys makes that step. Its gates are the step's. Taking a canary back asks for nothing: the keys go back to the
// phase that all others are in, and both phases are ones in which an unclean key follows its entry.
func (c *Coordinator) mayCanary(ctx context.Context, r *Record, settings phase.Settings, step Step) error {
	if settings.Canary <= r.Settings.Canary {
		return nil
	}
	v, err := c.look(ctx)
	if err != nil {
		return err
	}
	from, to := r.Phase, r.Phase.Crossing()
	var unmet []Obstacle
	for _, gate := range append([]gate{func(v *view, _, _ phase.Phase, step Step) []Obstacle { return v.expected(step) }}, gates[[2]phase.Phase{from, to}]...) {
		unmet = append(unmet, gate(&v, from, to, step)...)
	}
	if len(unmet) > 0 && !c.off.NoGate {
		return &Refusal{From: from, To: from, What: "raise the canary", Unmet: unmet}
	}
	r.Crossed = true
	if to.Primary() != r.MirroredFrom {
		r.Kinds = r.kinds(v.instances)
		r.Proved = r.Kinds // by the gate
	}
	return nil
}

func (c *Coordinator) move(ctx context.Context, step Step, by int) (Record, error) {
	view, err := c.look(ctx)
	if err != nil {
		return Record{}, err
	}
	if c.off.NoGate {
		view.instances, view.evicted, view.lax = nil, nil, true
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
	return c.swap(ctx, view.record, next)
}

// Status is the fleet's state, and what stands in the way of either step.
type Status struct {
	Record    Record
	Instances []Instance
	Unclean   journal.Counts
	// Lag is for how long the oldest key has waited for its copy, those that are quarantined left out.
	Lag time.Duration
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
	status := Status{Record: view.record, Instances: slices.Concat(view.instances, view.evicted), Unclean: view.counts, Lag: view.lag}
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
