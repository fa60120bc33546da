package proof

import (
	"fmt"

	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/phase"
)

// make1 is a Make.
func make1(a int8) Input { return Input{Act: Make, Value: Value{A: a}} }

// tx is a transaction that commits.
func tx(steps ...Input) Input { return Input{Act: Tx, Steps: steps} }

// ends gives a transaction another ending.
func (i Input) ends(how Ending) Input { i.Ends = how; return i }

var (
	purge = Input{Act: Purge}
	reap  = Input{Act: Sweep}
	move  = Input{Act: Move, Value: Value{A: 4}}
	many  = Input{Act: PutMany, Value: Value{A: 3}}
)

// two is what both stores hold at first where a call needs two keys.
var two = map[int8]Value{0: {true, 7, 7}, 1: {true, 8, 8}}

// high is what both stores hold at first where k0 is free, and the next key is k2.
var high = map[int8]Value{1: {true, 8, 8}}

// low is what both stores hold at first where a call sweeps: k0 is low.
var low = map[int8]Value{0: {true, 1, 7}, 1: {true, 8, 8}}

// trouble is what goes wrong in a world.
type trouble struct {
	name  string
	apply func(sc *Scenario)
}

// troubles are single faults, and single crashes.
var troubles = []trouble{
	{"", func(*Scenario) {}},
	{", store fault", func(sc *Scenario) { sc.Budget.Faults, sc.StoreFaults = 1, true }},
	{", journal fault", func(sc *Scenario) { sc.Budget.Faults, sc.JournalFaults, sc.Loops = 1, explore.Fails, true }},
	{", crash", func(sc *Scenario) { sc.Instances, sc.Budget.Crashes, sc.Crash = 2, 1, []int{0} }},
}

// walked are the ways of a fleet that a group of worlds takes.
var walked = [][]phase.Phase{
	{phase.OldPrimary}, {phase.NewGuarded}, {phase.NewPrimary}, {phase.OldGuarded, phase.NewGuarded}, {phase.NewGuarded, phase.OldGuarded},
}

// times combines a base with all ways and troubles.
func times(name string, walks [][]phase.Phase, base Scenario) []*Scenario {
	var all []*Scenario
	for _, walk := range walks {
		for _, t := range troubles {
			sc := base
			sc.Name = fmt.Sprintf("%s, %v%s", name, walk, t.name)
			sc.Phase, sc.Walk = walk[0], walk[1:]
			if sc.Rows == nil {
				sc.Rows = two
			}
			for _, client := range sc.Clients {
				sc.Instances = max(sc.Instances, client.Instance+1)
			}
			t.apply(&sc)
			if len(sc.Crash) > 0 && len(sc.Walk) > 0 {
				sc.Passing = 1 // so that the fleet goes on without the dead
			}
			all = append(all, &sc)
		}
	}
	return all
}

// transactions are worlds whose clients make transactions.
func transactions() []*Scenario {
	var all []*Scenario
	add := func(name string, clients ...Client) {
		all = append(all, times("tx: "+name, walked, Scenario{Clients: clients})...)
	}
	add("put a get b, get a get b", one(0, tx(get(1), put(0, 1))), one(1, get(0), get(0)))
	add("put a put b, put b", one(0, tx(put(0, 1), put(1, 1))), one(1, put(1, 2)))
	add("put many, tx put", one(0, tx(many)), one(1, tx(put(1, 2))))
	add("patch delete, aborted put", one(0, tx(patch(0, 1), del(1))), one(1, tx(put(0, 3)).ends(Aborts)))
	add("make, get", one(0, tx(make1(5), put(0, 1))), one(1, get(2)))
	add("purge, put", one(0, tx(purge)), one(1, put(1, 2)))
	add("put sweep, put", one(0, tx(put(0, 1), reap)), one(1, put(1, 2)))
	crossing := [][]phase.Phase{{phase.OldGuarded, phase.NewGuarded}, {phase.NewGuarded, phase.OldGuarded}}
	over := Scenario{Stale: stale, Clients: []Client{one(0, tx(put(0, 1), put(1, 1)).ends(Passes)), one(1, get(0), get(1))}}
	return append(all, times("tx: passes over refusals, stale key", crossing, over)...)
}

// making are worlds in which the primary makes keys.
func making() []*Scenario {
	var all []*Scenario
	for _, apart := range []bool{false, true} {
		name := "made: "
		if apart {
			name = "made, without handover: "
		}
		add := func(what string, clients ...Client) {
			all = append(all, times(name+what, walked, Scenario{Rows: rows, Apart: apart, Clients: clients})...)
		}
		add("make, make", one(0, make1(1)), one(1, make1(2)))
		add("make, get get", one(0, make1(1)), one(1, get(1), get(1)))
		add("make, put, get", one(0, make1(1)), one(1, put(0, 1), get(0)))
		add("make, delete", one(0, make1(1)), one(1, del(1)))
	}
	mute := func(what string, base Scenario) {
		base.Rows, base.Mute = high, true
		all = append(all, times("made, and not told: "+what, walked, base)...)
	}
	mute("make, get", Scenario{Clients: []Client{one(0, make1(1)), one(1, get(2))}})
	mute("make, put", Scenario{Clients: []Client{one(0, make1(1)), one(1, put(1, 1))}})
	mute("tx make, put", Scenario{Clients: []Client{one(0, tx(make1(1), put(1, 2)))}})
	return all
}

// joining are worlds in which a store takes the journal's token in its own transaction.
func joining() []*Scenario {
	var all []*Scenario
	for _, joins := range [][2]bool{{true, false}, {true, true}} {
		walks := [][]phase.Phase{
			{phase.OldPrimary}, {phase.NewPrimary}, {phase.OldPrimary, phase.OldGuarded}, {phase.NewPrimary, phase.NewGuarded},
			{phase.OldGuarded, phase.OldPrimary},
		}
		add := func(what string, clients ...Client) {
			all = append(all, times(fmt.Sprintf("joined %v: %s", joins, what), walks, Scenario{Rows: rows, Joins: joins, Clients: clients})...)
		}
		add("put, put", one(0, put(0, 1)), one(1, put(0, 2)))
		add("put, patch", one(0, put(0, 1)), one(1, patch(0, 2)))
		add("put put, get", one(0, put(0, 1), put(0, 2)), one(1, get(0)))
	}
	async := Scenario{Rows: rows, Joins: [2]bool{true, true}, Settings: phase.Settings{Mirror: phase.AsyncGuarded},
		Clients: []Client{one(0, put(0, 1)), one(1, put(0, 2))}, Reconcilers: []int{1}}
	return append(all, times("joined, async: put, put, reconciler", walked[:1], async)...)
}

// added are worlds in which an instance constructs its wrapper at run time, when the fleet has gone on without knowing of
// its kind: nobody has copied it.
func added() []*Scenario {
	var all []*Scenario
	for _, walk := range [][]phase.Phase{
		{phase.OldGuarded, phase.NewGuarded}, {phase.OldGuarded, phase.NewGuarded, phase.NewPrimary},
		{phase.OldGuarded, phase.NewGuarded, phase.OldGuarded},
	} {
		base := Scenario{Rows: rows, NewEmpty: true, Late: []int{0}, Clients: []Client{one(0, get(0), put(0, 1), get(0))}}
		all = append(all, times("added late: get put get", [][]phase.Phase{walk}, base)...)
	}
	return all
}

// starting are worlds in which an instance starts while the fleet walks, or is about to: what it reports first is of an epoch that it
// has looked up, and what it serves is of the one that it loads then.
func starting() []*Scenario {
	base := Scenario{Instances: 2, Rows: rows, Starting: []int{1}, Clients: []Client{one(0, put(0, 1)), one(1, get(0), put(0, 2), get(0))}}
	return times("starting: put, get put get", append(walked[3:], []phase.Phase{phase.OldGuarded, phase.NewGuarded, phase.NewPrimary}), base)
}

// unkeyed are worlds of writes on several keys, and on keys that nobody knows, with faults and crashes.
func unkeyed() []*Scenario {
	var all []*Scenario
	add := func(name string, clients ...Client) {
		all = append(all, times(name, walked, Scenario{Clients: clients})...)
	}
	add("many: put many, put get", one(0, many), one(1, put(1, 2), get(0)))
	add("moved: move, put", one(0, move), one(1, put(0, 2)))
	add("moved: move, get get", one(0, move), one(1, get(1), get(0)))
	add("whole: purge, put", one(0, purge), one(1, put(1, 2)))
	add("whole: purge, get get", one(0, purge), one(1, get(1), get(1)))
	return all
}

// listed are worlds of writes whose keys the repository lists: of a key that is low when they are listed, of one that turns low
// or high meanwhile, and of one that is made.
func listed() []*Scenario {
	var all []*Scenario
	add := func(name string, base Scenario) {
		base.Rows = low
		all = append(all, times("listed: "+name, walked, base)...)
	}
	add("sweep, put", Scenario{Clients: []Client{one(0, reap), one(1, put(1, 2))}})
	add("sweep, put high", Scenario{Clients: []Client{one(0, reap), one(1, put(0, 9))}})
	add("sweep, get get", Scenario{Clients: []Client{one(0, reap), one(1, get(0), get(0))}})
	add("sweep, put sweep", Scenario{Clients: []Client{one(0, reap), one(1, put(1, 2), reap)}})
	add("sweep, make", Scenario{Clients: []Client{one(0, reap), one(1, make1(1))}})
	add("sweep, tx put", Scenario{Clients: []Client{one(0, reap), one(1, tx(put(1, 2)))}})
	add("sweep, put, reconciler", Scenario{Clients: []Client{one(0, reap), one(1, put(1, 2))}, Reconcilers: []int{1}, Passes: 2})
	add("sweep, put, joined", Scenario{Clients: []Client{one(0, reap), one(1, put(1, 2))}, Joins: [2]bool{true, true}})
	add("sweep, put, async", Scenario{Clients: []Client{one(0, reap), one(1, put(1, 2))}, Settings: phase.Settings{Mirror: phase.AsyncGuarded}})
	filling := Scenario{Rows: low, NewEmpty: true, Backfill: true, Clients: []Client{one(0, reap), one(0, put(1, 2))}}
	return append(all, times("listed: sweep, put, backfill", walked[:1], filling)...)
}
