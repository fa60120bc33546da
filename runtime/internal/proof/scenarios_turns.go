package proof

import (
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/phase"
)

// settled makes a client begin once the settle window has passed.
func (c Client) settled() Client {
	c.Settled = true
	return c
}

// turning are worlds in which a stale key is written until its copier gets a turn: the writers of each instance that looks wait.
func turning() []*Scenario {
	var all []*Scenario
	add := func(name string, walks [][]phase.Phase, base Scenario) {
		if base.Rows == nil {
			base.Rows = rows
		}
		base.Stale, base.Instances = stale, 2
		if base.Looks == nil {
			base.Looks = []int{0}
		}
		for n := range base.Clients {
			base.Clients[n].Settled = true
		}
		all = append(all, times("turns: "+name, walks, base)...)
	}
	both, copier := []int{0, 1}, []int{1}
	hot := []Client{one(0, put(0, 1), put(0, 2)), one(0, put(0, 3))}
	add("put put, put", walked, Scenario{Clients: hot, Reconcilers: copier, Passes: 2})
	add("put patch, get get", walked, Scenario{Clients: []Client{one(0, put(0, 1), patch(0, 2)), one(1, get(0), get(0))}, Reconcilers: copier})
	add("put delete, put in another instance", walked, Scenario{Looks: both, Clients: []Client{one(0, put(0, 1), del(0)), one(1, put(0, 3))}, Reconcilers: copier})
	add("nobody copies", walked[:2], Scenario{Clients: hot})
	crossing := walked[3:]
	add("put, putMany", walked[:2], Scenario{Rows: two, Clients: []Client{one(0, put(0, 1)), one(0, many)}, Reconcilers: copier})
	add("put, sweep", crossing, Scenario{Rows: low, Clients: []Client{one(0, put(0, 1)), one(0, reap)}, Reconcilers: copier})
	add("put, purge", walked[:2], Scenario{Rows: two, Clients: []Client{one(0, put(0, 1)), one(0, purge)}, Reconcilers: copier})
	add("put, make", crossing, Scenario{Clients: []Client{one(0, put(0, 1)), one(0, make1(2))}, Reconcilers: copier})
	add("put, tx", crossing, Scenario{Rows: two, Clients: []Client{one(0, put(0, 1)), one(0, tx(put(0, 2), put(1, 1)))}, Reconcilers: copier})
	add("put put, joined", walked[:1], Scenario{Joins: [2]bool{true, true}, Clients: hot, Reconcilers: copier})
	add("put put, async", walked[:1], Scenario{Settings: phase.Settings{Mirror: phase.AsyncGuarded}, Clients: hot, Reconcilers: copier})
	add("put put, queued", walked[:1], Scenario{Settings: phase.Settings{Mirror: phase.Queued}, Clients: hot, Reconcilers: copier})
	save := phase.Settings{Fallback: phase.FallbackSave}
	add("put patch, fallback", walked[1:2], Scenario{NewEmpty: true, Settings: save, Clients: hot, Reconcilers: copier})
	slept := Scenario{Name: "turns: put in an instance whose lease runs out", Instances: 2, Phase: phase.OldGuarded,
		Walk: []phase.Phase{phase.NewGuarded, phase.NewPrimary}, Rows: rows, Stale: stale, Looks: []int{1}, Leases: true, Idle: []int{1}, Passing: 5,
		Clients: []Client{one(1, put(0, 1), put(0, 2)).settled(), one(0, get(0)).in(phase.NewPrimary)}, Reconcilers: []int{0}}
	return append(all, &slept)
}

// redTurns are the red controls of turns, and of a build that certifies what it does not know.
func redTurns() []RedControl {
	lesser := lesserCertifies()
	lesser.Phase = phase.OldPrimary
	world := func(copiers ...int) *Scenario {
		return &Scenario{Instances: 2, Phase: phase.OldPrimary, Rows: rows, Stale: stale, Looks: []int{0}, Reconcilers: copiers,
			Clients: []Client{one(0, put(0, 1), put(0, 2)).settled(), one(0, put(0, 3)).settled()}}
	}
	return []RedControl{
		{Rule: "writers wait for a copy's turn", World: world(1), Off: hooks.Rules{NoTurns: true}},
		{Rule: "a turn ends", World: world(), Off: hooks.Rules{NoTurnEnd: true}},
		{Rule: "no certificate of a build that knows other fields", World: &lesser, Off: hooks.Rules{NoShapeGate: true}},
	}
}
