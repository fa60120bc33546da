package proof

import (
	"context"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/phase"
)

// divided reports whether there is a cutoff.
func divided(r control.Record) bool { return !r.Settings.Cutoff.IsZero() }

// divide makes the cutoff, or is refused. In the worlds, it takes no time: that a swap takes less than control.Skew is what
// the protocol assumes.
func (w *World) divide() {
	ctx := context.Background()
	coordinator := control.NewCoordinator(w.control, w.journal, control.WithRules(w.scenario.Off), control.WithCoordinatorClock(w.now))
	freeze := func(what phase.Freeze) error {
		record, err := w.control.Load(ctx)
		if err == nil {
			record.Settings.Freeze = what
			_, err = coordinator.Set(ctx, record.Settings, control.Step{})
		}
		return err
	}
	if w.scenario.Frozen {
		if freeze(phase.FreezeAll) != nil || !w.s.Wait(w.settled()) {
			return
		}
		w.copyByHand()
	}
	_, err := coordinator.Cutoff(ctx, epoch.Add(w.scenario.Cutoff), control.Step{Confirm: true})
	if w.s.Tracing() {
		w.s.Note("cutoff: %v", err)
	}
	if w.scenario.Frozen {
		_ = freeze(phase.FreezeNone) // whoever asks until then is refused
	}
}

// copyByHand copies k1 to the new store. Worlds in which it is have no faults of the stores.
func (w *World) copyByHand() {
	ctx := context.Background()
	if value, err := w.stores[phase.Old].Get(ctx, 1); err == nil && value.Present {
		_ = w.stores[phase.New].Put(ctx, 1, value)
	}
}

// reach lets the keys' times come, so that their last reads are served.
func (w *World) reach(ctx context.Context) {
	if w.scenario.Cutoff == 0 {
		return
	}
	w.passes(w.scenario.Cutoff + lease)
	for _, i := range w.instances {
		if !gone(w, i.number) {
			_ = i.hooks.Follow(ctx) // closing knows no faults
		}
	}
}

// The times of worlds with a cutoff: just beyond one lead and the skew from the beginning, so that it may be made, and a key
// behind it that is in reach after a quarter of a lease more.
const (
	atCutoff = phase.MinLead + control.Skew + time.Second
	behind   = atCutoff + time.Second
)

// rollingWorld is a world of two instances in which a cutoff is made; k0 is before it, k1 behind it.
func rollingWorld(name string, clients ...Client) *Scenario {
	return &Scenario{Name: "rollover: " + name, Instances: 2, Phase: phase.OldOnly, Settings: phase.Settings{Lead: phase.MinLead},
		Rows: rows, Cutoff: atCutoff, Times: [Keys]time.Duration{1: behind}, Leases: true, Loops: true, Passing: 5, Clients: clients}
}

// frozenWorld is a world in which the cutoff is made in the midst of keys that are in use.
func frozenWorld(name string, clients ...Client) *Scenario {
	sc := rollingWorld(name, clients...)
	sc.Frozen, sc.Cutoff, sc.Times[1], sc.Passing, sc.Leases = true, 1, 1, 0, false
	return sc
}

// rolling are worlds in which a cutoff is made while instances learn of it one after the other.
func rolling() []*Scenario {
	with := func(sc *Scenario, change func(*Scenario)) *Scenario { change(sc); return sc }
	both := []Client{one(0, put(1, 1), get(1)), one(1, put(1, 2), get(1))}
	return []*Scenario{
		rollingWorld("put get, put get", both...),
		rollingWorld("put, get get", one(0, put(1, 1)), one(1, get(1), get(1))),
		rollingWorld("put delete, put before the cutoff", one(0, put(1, 1), del(1)), one(1, put(0, 1), get(0))),
		with(rollingWorld("put get, put get, one never learns of it", both...), func(sc *Scenario) { sc.Idle = []int{1} }),
		with(rollingWorld("put get, put get, store fault", both...), func(sc *Scenario) {
			sc.Budget, sc.StoreFaults = explore.Budget{Faults: 1}, true
		}),
		with(rollingWorld("put get, put get, control fault", both...), func(sc *Scenario) {
			sc.Budget, sc.ControlFaults = explore.Budget{Faults: 1}, explore.Fails
		}),
		frozenWorld("put get, put get, frozen", both...),
		with(rollingWorld("put get, put get, crash", both...), func(sc *Scenario) {
			sc.Budget, sc.Crash = explore.Budget{Crashes: 1}, []int{0}
		}),
	}
}

// redRolling are the red controls of the cutoff.
func redRolling() []RedControl {
	clients := []Client{one(0, put(1, 1), get(1)), one(1, put(1, 2), get(1))}
	near := rollingWorld("", clients...)
	near.Cutoff, near.Times[1], near.Passing = phase.MinLead/2, phase.MinLead/2, 0
	return []RedControl{
		{Rule: "reach of keys that have a time", World: rollingWorld("", clients...), Off: hooks.Rules{NoReach: true}},
		{Rule: "drain of frozen calls", World: frozenWorld("", clients...), Off: hooks.Rules{NoDrain: true}},
		{Rule: "no cutoff within reach", World: near, Off: hooks.Rules{NoGate: true}},
	}
}
