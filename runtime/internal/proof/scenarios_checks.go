package proof

import (
	"github.com/dualgen/dualgen/runtime/phase"
)

var (
	repairing = []Check{{Repair: true}}
	certifies = []Check{{}}
)

// stuck is a key that is quarantined at first: the mirror has an older value.
var stuck = map[int8]Value{0: {true, 5, 5}}

// three is what both stores hold at first where a backfill has pages to overlap.
var three = map[int8]Value{0: {true, 7, 7}, 1: {true, 8, 8}, 2: {true, 9, 9}}

// overlapping are worlds in which a backfill reads and writes the next page while it looks what became of one.
func overlapping() []*Scenario {
	var all []*Scenario
	add := func(name string, base Scenario) {
		base.Rows, base.NewEmpty, base.Backfill, base.Overlap = three, true, true, true
		all = append(all, times("backfill, pages overlap: "+name, walked[:1], base)...)
	}
	add("put", Scenario{Clients: []Client{one(1, put(1, 1))}})
	add("delete", Scenario{Clients: []Client{one(1, del(1))}})
	add("put, delete", Scenario{Clients: []Client{one(1, put(2, 1)), one(1, del(0))}})
	add("purge", Scenario{Clients: []Client{one(1, purge)}})
	add("taken over, put, delete", Scenario{BackfillTwice: true, Clients: []Client{one(1, put(0, 1)), one(1, del(1))}})
	add("stalled, taken over, put", Scenario{BackfillTwice: true, Stall: true, Instances: 2, Clients: []Client{one(1, put(2, 1)).copied()}})
	add("purge, verify", Scenario{Verify: repairing, Clients: []Client{one(1, purge)}})
	return all
}

// checking are worlds with verify passes: over a kind that is unclean as a whole, beside a backfill, and beside an operator who drops
// keys.
func checking() []*Scenario {
	var all []*Scenario
	add := func(name string, walks [][]phase.Phase, base Scenario) {
		all = append(all, times("verify: "+name, walks, base)...)
	}
	stays := [][]phase.Phase{{phase.OldPrimary}, {phase.NewGuarded}}
	for _, input := range []Input{put(0, 1), del(0), purge, reap, make1(1)} {
		name := input.Act.String()
		add("kind unclean, "+name, stays, Scenario{Rows: low, Whole: true, Leftovers: stale, Verify: repairing, Clients: []Client{one(1, input)}})
		add("backfill, "+name, walked[:1], Scenario{Rows: low, NewEmpty: true, Backfill: true, Verify: repairing, Clients: []Client{one(1, input)}})
	}
	add("kind unclean, put, reconciler", stays, Scenario{Whole: true, Leftovers: stale, Verify: repairing,
		Clients: []Client{one(1, put(0, 1))}, Reconcilers: []int{1}, Passes: 2})
	add("kind unclean, purge, two passes", stays, Scenario{Whole: true, Leftovers: stale, Verify: []Check{{Repair: true}, {Instance: 1, Repair: true}},
		Clients: []Client{one(1, purge)}})
	add("certificate, backfill, put", walked[:1], Scenario{NewEmpty: true, Backfill: true, Verify: certifies, Clients: []Client{one(1, put(0, 1))}})
	add("certificate, backfill, purge", walked[:1], Scenario{NewEmpty: true, Backfill: true, Verify: certifies, Clients: []Client{one(1, purge)}})
	add("certificate, backfill, make", walked[:1], Scenario{Rows: rows, NewEmpty: true, Backfill: true, Verify: certifies, Clients: []Client{one(1, make1(1))}})
	add("certificate, old value in the mirror, put", stays, Scenario{Leftovers: stale, Verify: certifies, Clients: []Client{one(1, put(1, 1))}})
	add("certificate, make, put", stays, Scenario{Rows: rows, Verify: certifies, Clients: []Client{one(1, make1(1)), one(1, put(0, 1))}})
	for _, at := range []struct {
		name    string
		clients []Client
	}{{"", nil}, {", put", []Client{one(1, put(0, 1))}}, {", delete", []Client{one(1, del(0))}}} {
		add("drop"+at.name, stays, Scenario{Stuck: stuck, Drop: true, Verify: certifies, Clients: at.clients})
		add("drop, repair"+at.name, stays, Scenario{Stuck: stuck, Drop: true, Verify: repairing, Clients: at.clients, Reconcilers: []int{0}})
		add("drop, backfill"+at.name, walked[:1], Scenario{Stuck: stuck, Drop: true, NewEmpty: true, Backfill: true, Verify: certifies, Clients: at.clients})
	}
	return all
}
