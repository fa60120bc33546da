package proof

import (
	"context"
	"errors"
	"slices"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// follow is the instance's control loop: it makes a pass whenever one has something to do.
func (i *Instance) follow() {
	ctx := context.Background()
	s := i.world.s
	for ok := true; ok; ok = s.Wait(i.somethingToDo()) {
		s.Touch(explore.Footprint{Writes: instanceState(i.number)})
		i.seen, i.followed = i.world.control.revision, s.Now()
		err := i.hooks.Follow(ctx)
		if err != nil && s.Tracing() {
			s.Note("pass: %v", err)
		}
		i.blocked = errors.Is(err, journal.ErrConflict)
		i.hooks.Retry(ctx)
	}
}

// somethingToDo is what the control loop waits for.
func (i *Instance) somethingToDo() explore.Condition {
	reads := explore.Footprint{Reads: 1<<recordBit | instanceState(i.number)}
	if i.world.scenario.Leases || i.blocked {
		reads.Reads |= explore.Clock.Reads
	}
	return explore.Condition{What: "has something to do", Reads: reads, Holds: i.due, Lasting: true}
}

// due reports whether the control loop would make a pass now: the record changed, the lease wants renewal, or something
// is owed. What is owed and blocked by an unclean key waits for its copy, and that for time to pass.
func (i *Instance) due() bool {
	w := i.world
	if i.blocked && w.s.Now() == i.followed {
		return false
	}
	return w.control.revision != i.seen || i.hooks.Due() || w.scenario.Leases && w.s.Now()-i.followed >= lease/4
}

// coordinate walks the scenario's phases. It tries each step as soon as the coordinator's own gates, asked without a
// point in between, would let it pass.
func (w *World) coordinate() {
	ctx := context.Background()
	steps := control.NewCoordinator(w.control, w.journal, control.WithRules(w.scenario.Off))
	for n, to := range w.scenario.Walk {
		share(ctx, w, steps, n)
		for try := 0; w.control.phase != to; try++ {
			if n+try > 0 && !w.s.Wait(w.gatesOpen(to)) {
				return
			}
			step := control.Step{Confirm: true}
			var err error
			if to > w.control.phase {
				_, err = steps.Advance(ctx, step)
			} else {
				_, err = steps.Back(ctx, step)
			}
			if w.s.Tracing() {
				w.s.Note("to %v: %v", to, err)
			}
		}
	}
	share(ctx, w, steps, len(w.scenario.Walk))
}

// share makes the canary that the scenario wants before a step, once the fleet has followed; or goes on without, where a gate is against it
// that nobody opens.
func share(ctx context.Context, w *World, steps *control.Coordinator, before int) {
	share, wanted := w.scenario.Shares[before]
	for try := 0; wanted && try < 3; try++ {
		record, _ := w.record.Load(ctx) // in memory: never fails
		if share > record.Settings.Canary && !w.scenario.Off.NoGate && !w.s.Wait(w.settled()) {
			return
		}
		_, err := steps.Change(ctx, func(s *phase.Settings) { s.Canary = share }, control.Step{})
		if w.s.Tracing() {
			w.s.Note("canary %v: %v", share, err)
		}
		if err == nil {
			return
		}
	}
}

// gatesOpen is what the coordinator waits for before it tries a step.
func (w *World) gatesOpen(to phase.Phase) explore.Condition {
	reads := explore.Footprint{Reads: 1<<recordBit | allFleet}
	w.journal.idle = !w.control.phase.Guarded() || to.Guarded()
	if !w.journal.idle {
		reads.Reads |= allJournal
	}
	leases := len(w.scenario.Crash) > 0 || w.scenario.Leases
	if leases {
		reads.Reads |= explore.Clock.Reads
	}
	late := len(w.scenario.Late) > 0 // a kind that is reported closes the gates again
	return explore.Condition{
		What: "may step", Reads: reads, Holds: func() bool { return w.mayStep(to) }, Lasting: w.journal.idle && !leases && !late,
	}
}

// mayStep asks the gates.
func (w *World) mayStep(to phase.Phase) bool {
	if w.scenario.Off.NoGate {
		return true
	}
	if !w.scenario.Leases && !w.acknowledged() {
		return false // asking costs more than a step
	}
	status, err := w.gates.Status(context.Background())
	if err != nil {
		return false
	}
	if to > w.control.phase {
		return len(status.Forward) == 0
	}
	return len(status.Back) == 0
}

// settled is what an operator waits for before the stores are touched by hand.
func (w *World) settled() explore.Condition {
	return explore.Condition{What: "all are frozen", Reads: explore.Footprint{Reads: 1<<recordBit | allFleet}, Holds: w.acknowledged, Lasting: true}
}

// acknowledged reports whether the living instances have all acknowledged the same epoch.
func (w *World) acknowledged() bool {
	var epoch uint64
	for _, i := range w.instances {
		if w.s.Gone(i.number) || w.control.acked[i.number] == 0 && slices.Contains(w.scenario.Starting, i.number) {
			continue
		}
		if epoch > 0 && w.control.acked[i.number] != epoch {
			return false
		}
		epoch = w.control.acked[i.number]
	}
	return epoch == w.control.epoch
}
