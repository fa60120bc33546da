package proof

import (
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/phase"
)

// one is a client of an instance.
func one(instance int, inputs ...Input) Client { return Client{Instance: instance, Inputs: inputs} }

// in makes a client begin when the record has a phase.
func (c Client) in(p phase.Phase) Client {
	c.After = func(r control.Record) bool { return r.Phase == p }
	return c
}

// copied makes a client begin when the backfill is complete.
func (c Client) copied() Client {
	c.After = func(r control.Record) bool { return r.Backfills[kind].Complete }
	return c
}

// stale is a key that is dirty at first: the mirror has an older value.
var stale = map[int8]Value{0: {true, 5, 5}}

// Special lists the worlds that the matrix does not contain: reconcilers, backfills, leases, writes on several keys.
func Special() []*Scenario {
	var all []*Scenario
	all = append(all, reconciling()...)
	all = append(all, backfilling()...)
	all = append(all, leased()...)
	all = append(all, several()...)
	all = append(all, refusing()...)
	all = append(all, transactions()...)
	all = append(all, making()...)
	all = append(all, joining()...)
	all = append(all, added()...)
	all = append(all, starting()...)
	all = append(all, rolling()...)
	all = append(all, unkeyed()...)
	all = append(all, checking()...)
	all = append(all, overlapping()...)
	all = append(all, differing()...)
	all = append(all, queued()...)
	all = append(all, canaries()...)
	return append(all, listed()...)
}

// reconciling are worlds in which reconcilers run beside clients.
func reconciling() []*Scenario {
	fault, crash := explore.Budget{Faults: 1}, explore.Budget{Crashes: 1}
	both := explore.Budget{Faults: 1, Crashes: 1}
	return []*Scenario{
		{Name: "reconciler: stale key, put", Phase: phase.OldPrimary, Rows: rows, Stale: stale,
			Clients: []Client{one(0, put(0, 1))}, Reconcilers: []int{0}},
		{Name: "reconciler: stale key, put, store fault", Phase: phase.OldPrimary, Rows: rows, Stale: stale,
			Clients: []Client{one(0, put(0, 1))}, Reconcilers: []int{0}, Budget: fault, StoreFaults: true},
		{Name: "reconciler: stale key, delete, store fault", Phase: phase.NewPrimary, Rows: rows, Stale: stale,
			Clients: []Client{one(0, del(0))}, Reconcilers: []int{0}, Budget: fault, StoreFaults: true},
		{Name: "reconciler: put, put, store fault", Phase: phase.OldPrimary, Rows: rows,
			Clients: []Client{one(0, put(0, 1)), one(0, put(0, 2))}, Reconcilers: []int{0}, Passes: 2, Budget: fault, StoreFaults: true},
		{Name: "reconciler: put put, store fault", Phase: phase.NewPrimary, Rows: rows,
			Clients: []Client{one(0, put(0, 1), put(0, 2))}, Reconcilers: []int{0}, Passes: 2, Budget: fault, StoreFaults: true},
		{Name: "two reconcilers: stale key, put, store fault", Instances: 2, Phase: phase.OldPrimary, Rows: rows, Stale: stale,
			Clients: []Client{one(0, put(0, 1))}, Reconcilers: []int{0, 1}, Budget: fault, StoreFaults: true},
		{Name: "two reconcilers: stale key, crash", Instances: 2, Phase: phase.OldPrimary, Rows: rows, Stale: stale,
			Clients: []Client{one(1, put(0, 1))}, Reconcilers: []int{0, 1}, Budget: crash, Crash: []int{0}},
		{Name: "two reconcilers: stale key, crash and store fault", Instances: 2, Phase: phase.OldPrimary, Rows: rows, Stale: stale,
			Clients: []Client{one(1, put(0, 1))}, Reconcilers: []int{0, 1}, Budget: both, Crash: []int{0}, StoreFaults: true},
		{Name: "reconciler: stale key, put, journal fault", Phase: phase.OldPrimary, Rows: rows, Stale: stale,
			Clients: []Client{one(0, put(0, 1))}, Reconcilers: []int{0}, Budget: fault, JournalFaults: explore.Fails, Loops: true},
		{Name: "reconciler: stale key, crossing, get get", Instances: 2, Phase: phase.OldGuarded, Walk: []phase.Phase{phase.NewGuarded},
			Rows: rows, Stale: stale, Clients: []Client{one(1, get(0), get(0))}, Reconcilers: []int{0}},
		{Name: "reconciler: stale key, crossing, put, get", Instances: 2, Phase: phase.OldGuarded, Walk: []phase.Phase{phase.NewGuarded},
			Rows: rows, Stale: stale, Clients: []Client{one(0, put(0, 1)), one(1, get(0))}, Reconcilers: []int{0}},
		{Name: "reconciler: stale key, leaving the guarded phases, get", Phase: phase.OldGuarded,
			Walk: []phase.Phase{phase.NewGuarded, phase.NewPrimary}, Rows: rows, Stale: stale,
			Clients: []Client{one(0, get(0), get(0))}, Reconcilers: []int{0}},
	}
}

// backfilling are worlds in which a backfill copies old into new beside clients.
func backfilling() []*Scenario {
	fault, crash := explore.Budget{Faults: 1}, explore.Budget{Crashes: 1}
	both := explore.Budget{Faults: 1, Crashes: 1}
	base := func(name string, clients ...Client) *Scenario {
		return &Scenario{Name: "backfill: " + name, Phase: phase.OldPrimary, Rows: rows, NewEmpty: true, Backfill: true, Clients: clients}
	}
	with := func(sc *Scenario, change func(*Scenario)) *Scenario { change(sc); return sc }
	twice := func(sc *Scenario) {
		sc.Instances, sc.BackfillTwice, sc.Budget, sc.Crash = 2, true, crash, []int{0}
	}
	faulty := func(sc *Scenario) { sc.Budget.Faults, sc.StoreFaults = 1, true }
	return []*Scenario{
		base("put", one(0, put(0, 1))),
		base("delete", one(0, del(0))),
		base("patch", one(0, patch(0, 1))),
		base("put, put", one(0, put(0, 1)), one(0, put(0, 2))),
		base("put new key", one(0, put(1, 1))),
		base("put delete", one(0, put(0, 1), del(0))),
		with(base("put, async", one(0, put(0, 1))), func(sc *Scenario) { sc.Settings.Mirror = phase.AsyncGuarded }),
		with(base("put, parallel", one(0, put(0, 1))), func(sc *Scenario) { sc.Settings.Mirror = phase.Parallel }),
		with(base("old rows in the mirror"), func(sc *Scenario) { sc.Leftovers = stale }),
		with(base("old rows in the mirror, put", one(0, put(0, 1))), func(sc *Scenario) { sc.Leftovers = stale }),
		with(base("put, store fault", one(0, put(0, 1))), faulty),
		with(base("delete, store fault", one(0, del(0))), faulty),
		with(base("put put, store fault", one(0, put(0, 1), put(0, 2))), faulty),
		with(base("put, control fault", one(0, put(0, 1))), func(sc *Scenario) { sc.Budget, sc.ControlFaults = fault, explore.Fails }),
		with(base("put, journal fault", one(0, put(0, 1))), func(sc *Scenario) {
			sc.Budget, sc.JournalFaults, sc.Loops = fault, explore.Fails, true
		}),
		with(base("taken over after a crash, put", one(1, put(0, 1))), twice),
		with(base("taken over after a crash, delete", one(1, del(0))), twice),
		with(base("taken over after a crash, put, store fault", one(1, put(0, 1))), func(sc *Scenario) {
			twice(sc)
			sc.Budget, sc.StoreFaults = both, true
		}),
		with(base("two rows, put, delete", one(0, put(0, 1)), one(0, del(1))), func(sc *Scenario) {
			sc.Rows = map[int8]Value{0: {true, 7, 7}, 1: {true, 8, 8}}
		}),
		with(base("beside a reconciler, put, store fault", one(0, put(0, 1))), func(sc *Scenario) {
			sc.Reconcilers = []int{0}
			faulty(sc)
		}),
		with(base("two at once, put", one(1, put(0, 1))), func(sc *Scenario) { sc.Instances, sc.BackfillTwice = 2, true }),
		with(base("two at once, time passes, delete", one(1, del(0))), func(sc *Scenario) {
			sc.Instances, sc.BackfillTwice, sc.Clients = 2, true, []Client{one(1, del(0)).copied()}
		}),
	}
}

// leased are worlds in which calls depend on their instance's lease, and an instance may sleep past it.
func leased() []*Scenario {
	base := func(name string, walk []phase.Phase, clients ...Client) *Scenario {
		return &Scenario{Name: "lease: " + name, Instances: 2, Phase: walk[0], Walk: walk[1:], Rows: rows, Clients: clients,
			Leases: true, Idle: []int{0}, Passing: 5, Reconcilers: []int{1}, ReconcileAfter: lease + settle}
	}
	crossing := []phase.Phase{phase.OldGuarded, phase.NewGuarded}
	leaving := []phase.Phase{phase.OldGuarded, phase.NewGuarded, phase.NewPrimary}
	all := []*Scenario{
		base("put in a paused instance", []phase.Phase{phase.OldPrimary}, one(0, put(0, 1)), one(1, put(0, 2))),
		base("get in a paused instance, crossing", crossing, one(0, get(0)), one(1, put(0, 2))),
		base("put in a paused instance, crossing", crossing, one(0, put(0, 1)), one(1, get(0), get(0))),
		base("put put in a paused instance, leaving", leaving, one(0, put(0, 1), put(0, 2)), one(1, put(0, 3), get(0))),
		base("get get in a paused instance, leaving", leaving, one(0, get(0), get(0)), one(1, put(0, 3))),
	}
	for _, sc := range all {
		skewed := *sc
		skewed.Name += ", clocks an hour apart"
		skewed.Skew = [explore.MaxInstances]time.Duration{time.Hour, -time.Hour}
		all = append(all, &skewed)
	}
	return all
}

// several are worlds of writes on several keys, and on keys that nobody knows.
func several() []*Scenario {
	clear := Input{Act: Clear}
	fault := explore.Budget{Faults: 1}
	crossing := []phase.Phase{phase.NewGuarded}
	return []*Scenario{
		{Name: "many: putMany, put", Phase: phase.OldPrimary, Rows: two, Clients: []Client{one(0, many), one(0, put(1, 1))}},
		{Name: "many: putMany, putMany", Phase: phase.NewGuarded, Rows: two, Clients: []Client{one(0, many), one(0, many)}},
		{Name: "many: putMany, get get, store fault", Phase: phase.NewGuarded, Rows: two, Budget: fault, StoreFaults: true,
			Clients: []Client{one(0, many), one(0, get(1), get(1))}},
		{Name: "many: putMany, put, crossing", Instances: 2, Phase: phase.OldGuarded, Walk: crossing, Rows: two,
			Clients: []Client{one(0, many), one(1, put(1, 1))}},
		{Name: "many: putMany, get, crossing, store fault", Instances: 2, Phase: phase.OldGuarded, Walk: crossing, Rows: two,
			Budget: fault, StoreFaults: true, Clients: []Client{one(0, many), one(1, get(1))}},
		{Name: "whole: clear, put", Phase: phase.OldPrimary, Rows: two, Clients: []Client{one(0, clear), one(0, put(1, 1))}},
		{Name: "whole: clear, get get", Phase: phase.NewGuarded, Rows: two, Clients: []Client{one(0, clear), one(0, get(1), get(1))}},
		{Name: "whole: clear, put, store fault", Phase: phase.OldPrimary, Rows: two, Budget: fault, StoreFaults: true,
			Clients: []Client{one(0, clear), one(0, put(1, 1))}},
		{Name: "whole: clear, get get, crossing", Instances: 2, Phase: phase.OldGuarded, Walk: crossing, Rows: two,
			Clients: []Client{one(0, clear), one(1, get(1), get(1))}},
		{Name: "whole: clear, put, crossing", Instances: 2, Phase: phase.OldGuarded, Walk: crossing, Rows: two,
			Clients: []Client{one(0, clear), one(1, put(1, 1))}},
		{Name: "whole: clear, clear, crossing", Instances: 2, Phase: phase.OldGuarded, Walk: crossing, Rows: two,
			Clients: []Client{one(0, clear), one(1, clear, get(0))}},
	}
}

// refusing are worlds in which a store refuses a write, before or after a part of its effect.
func refusing() []*Scenario {
	fault, two := explore.Budget{Faults: 1}, explore.Budget{Faults: 2}
	worlds := []*Scenario{
		{Name: "refused: put, get get", Phase: phase.OldGuarded, Walk: []phase.Phase{phase.NewGuarded}, Budget: fault,
			Clients: []Client{one(0, put(0, 1)), one(0, get(0), get(0))}},
		{Name: "refused: put, put, two faults", Phase: phase.NewPrimary, Budget: two,
			Clients: []Client{one(0, put(0, 1)), one(0, put(0, 2))}},
		{Name: "refused: delete, put, asynchronous", Phase: phase.OldPrimary, Budget: fault, Settings: phase.Settings{Mirror: phase.Async},
			Clients: []Client{one(0, del(0)), one(0, put(0, 2))}},
		{Name: "refused: put many, patch", Phase: phase.OldGuarded, Budget: fault,
			Clients: []Client{one(0, many), one(0, patch(0, 2))}},
		{Name: "refused: put, reconciler, stale key", Phase: phase.OldPrimary, Stale: stale, Budget: fault,
			Clients: []Client{one(0, put(0, 1))}, Reconcilers: []int{0}},
		{Name: "refused: put, parallel, two faults, get", Phase: phase.NewPrimary, Budget: two, Settings: phase.Settings{Mirror: phase.Parallel},
			Clients: []Client{one(0, put(0, 1), get(0))}},
		{Name: "refused: put, crash", Instances: 2, Phase: phase.OldGuarded, Walk: []phase.Phase{phase.NewGuarded}, Crash: []int{0}, Passing: 1,
			Budget: explore.Budget{Faults: 1, Crashes: 1}, Clients: []Client{one(0, put(0, 1)), one(1, get(0), get(0))}},
	}
	worlds = append(worlds, []*Scenario{ // of keys that nobody knows, a refusal says nothing
		{Name: "refused: make, get", Phase: phase.OldPrimary, Budget: fault, Clients: []Client{one(0, make1(1)), one(0, get(1))}},
		{Name: "refused: sweep, put", Phase: phase.NewGuarded, Budget: fault, Clients: []Client{one(0, reap), one(0, put(0, 2))}},
		{Name: "refused: tx put make", Phase: phase.OldPrimary, Budget: fault, Clients: []Client{one(0, tx(put(0, 1), make1(1)))}},
		{Name: "refused: make, verify", Instances: 2, Phase: phase.OldPrimary, Budget: fault, Verify: repairing, Clients: []Client{one(1, make1(1))}},
	}...)
	for _, sc := range worlds {
		sc.Rows, sc.StoreFaults, sc.Refuses = rows, true, true
	}
	return worlds
}
