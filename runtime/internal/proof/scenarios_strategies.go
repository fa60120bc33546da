package proof

import (
	"fmt"

	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/phase"
)

// falling are the ways of a fleet that reads a store which is still being filled.
var falling = [][]phase.Phase{{phase.NewGuarded}, {phase.OldGuarded, phase.NewGuarded}, {phase.NewGuarded, phase.OldGuarded}}

// fallbackMixes are what clients do on k0, which old alone holds at first.
var fallbackMixes = []mix{
	{"get, get", [][]Input{{get(0)}, {get(0)}}},
	{"get get, put", [][]Input{{get(0), get(0)}, {put(0, 1)}}},
	{"get get, delete", [][]Input{{get(0), get(0)}, {del(0)}}},
	{"get get, patch", [][]Input{{get(0), get(0)}, {patch(0, 1)}}},
	{"get get, delete put", [][]Input{{get(0), get(0)}, {del(0), put(0, 1)}}},
	{"delete get, get", [][]Input{{del(0), get(0)}, {get(0)}}},
	{"add, add", [][]Input{{add(0, 1)}, {add(0, 2)}}},
	{"put, patch", [][]Input{{put(0, 1)}, {patch(0, 2)}}},
	{"patch, delete", [][]Input{{patch(0, 1)}, {del(0)}}},
	{"put, put, get", [][]Input{{put(0, 1)}, {put(0, 2)}, {get(0)}}},
}

// Fallback lists the worlds of fleets that read a store which lacks what no call has touched yet.
func Fallback() []*Scenario {
	var all []*Scenario
	for _, walk := range falling {
		for _, m := range fallbackMixes {
			for _, instances := range []int{1, 2} {
				for _, a := range adversaries {
					for _, fallback := range []phase.Fallback{phase.FallbackLookup, phase.FallbackSave} {
						if sc := combine(walk, m, instances, a, phase.Inline); sc != nil {
							all = append(all, sc.fallsBack(fallback))
						}
					}
				}
				if sc := combine(walk, m, instances, adversaries[0], phase.AsyncGuarded); sc != nil {
					all = append(all, sc.fallsBack(phase.FallbackSave))
				}
			}
		}
	}
	return append(all, fallbackSpecial()...)
}

// fallsBack makes the new store one that is still being filled.
func (sc *Scenario) fallsBack(how phase.Fallback) *Scenario {
	sc.Name = fmt.Sprintf("fallback %v: %s", how, sc.Name)
	sc.NewEmpty, sc.Settings.Fallback = true, how
	return sc
}

// brought is a k1 that new holds already.
var brought = map[int8]Value{1: {true, 8, 8}}

// fallbackSpecial are worlds of calls on several keys and on unknown ones, of transactions, reconcilers, verify passes and leases.
func fallbackSpecial() []*Scenario {
	var all []*Scenario
	save := phase.Settings{Fallback: phase.FallbackSave}
	add := func(name string, base Scenario) {
		base.NewEmpty, base.Settings = true, save
		if base.Rows == nil {
			base.Rows, base.Leftovers = two, brought
		}
		all = append(all, times("fallback: "+name, falling, base)...)
	}
	clear := Input{Act: Clear}
	add("putMany, get get", Scenario{Clients: []Client{one(0, many), one(1, get(0), get(1))}})
	add("putMany, put of what is there", Scenario{Clients: []Client{one(0, many), one(1, put(1, 2))}})
	add("move, get", Scenario{Clients: []Client{one(0, move), one(1, get(0))}})
	add("clear, get get", Scenario{Clients: []Client{one(0, clear), one(1, get(0), get(1))}})
	add("clear, put", Scenario{Clients: []Client{one(0, clear), one(1, put(1, 2))}})
	add("purge, get put", Scenario{Clients: []Client{one(0, purge), one(1, get(0), put(0, 2))}})
	add("sweep, put, get", Scenario{Rows: low, Leftovers: brought, Clients: []Client{one(0, reap), one(1, put(0, 2)), one(0, get(0))}})
	add("make, get get", Scenario{Clients: []Client{one(0, make1(1)), one(1, get(0), get(2))}})
	add("roll, put", Scenario{Rows: kinds, Leftovers: brought, Second: true, Clients: []Client{one(0, roll), one(1, put(ofOne, 2))}})
	add("roll, get get", Scenario{Rows: kinds, Second: true, Clients: []Client{one(0, roll), one(1, get(0), get(ofOne))}})
	add("tx, put get", Scenario{Clients: []Client{one(0, tx(patch(0, 1), put(1, 1))), one(1, put(1, 2), get(0))}})
	add("tx get put, get", Scenario{Clients: []Client{one(0, tx(get(0), put(1, 1))), one(1, get(1))}})
	add("stale key, get, patch", Scenario{Rows: rows, Stale: stale, Clients: []Client{one(0, get(0)), one(1, patch(0, 1))}, Reconcilers: []int{0}})
	add("get, delete, reconciler", Scenario{Rows: rows, Clients: []Client{one(0, get(0)), one(1, del(0))}, Reconcilers: []int{1}, Passes: 2})
	add("verify and repair, put", Scenario{Rows: rows, Verify: repairing, Clients: []Client{one(0, put(0, 1))}, Reconcilers: []int{0}})
	add("verify and repair, get get", Scenario{Rows: rows, Verify: repairing, Clients: []Client{one(1, get(0), get(0))}, Reconcilers: []int{0}})
	for _, client := range []Client{one(0, get(0), put(0, 1)), one(0, patch(0, 1))} {
		all = append(all, &Scenario{Name: fmt.Sprintf("fallback: %v in a paused instance", client.Inputs), Instances: 2, Phase: phase.NewGuarded,
			Rows: rows, NewEmpty: true, Settings: save, Clients: []Client{client, one(1, put(0, 3), get(0))}, Leases: true, Idle: []int{0},
			Passing: 5, Reconcilers: []int{1}, ReconcileAfter: lease + settle})
	}
	all = append(all, &Scenario{Name: "fallback: two faults, get get, delete", Instances: 2, Phase: phase.NewGuarded, Rows: rows, NewEmpty: true,
		Settings: save, Budget: explore.Budget{Faults: 2}, StoreFaults: true, Clients: []Client{one(0, get(0), get(0)), one(1, del(0))}})
	return all
}

// queued are worlds whose mirror is left to the reconciler.
func queued() []*Scenario {
	var all []*Scenario
	settings := phase.Settings{Mirror: phase.Queued}
	worlds := func(name string, base Scenario) {
		base.Settings = settings
		all = append(all, times("queued: "+name, walked, base)...)
	}
	worlds("put, get get", Scenario{Rows: rows, Clients: []Client{one(0, put(0, 1)), one(1, get(0), get(0))}})
	worlds("put put, delete", Scenario{Rows: rows, Clients: []Client{one(0, put(0, 1), put(0, 2)), one(1, del(0))}})
	worlds("add, add, reconciler", Scenario{Rows: rows, Clients: []Client{one(0, add(0, 1)), one(1, add(0, 1))}, Reconcilers: []int{0}})
	worlds("put, patch, reconciler", Scenario{Rows: rows, Clients: []Client{one(0, put(0, 1)), one(1, patch(0, 2))}, Reconcilers: []int{1}, Passes: 2})
	worlds("putMany, put", Scenario{Clients: []Client{one(0, many), one(1, put(1, 1))}})
	worlds("make, get", Scenario{Rows: rows, Clients: []Client{one(0, make1(1)), one(1, get(1))}})
	worlds("tx, put", Scenario{Clients: []Client{one(0, tx(put(0, 1), put(1, 1))), one(1, put(1, 2))}})
	worlds("clear, put", Scenario{Clients: []Client{one(0, Input{Act: Clear}), one(1, put(1, 2))}})
	return all
}
