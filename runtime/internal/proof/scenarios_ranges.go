package proof

import (
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/phase"
)

// shared is a backfill of two ranges: k0, and what comes after it. Instance 0 and the last one share them.
func shared(instances int, clients ...Client) Scenario {
	return Scenario{Phase: phase.OldPrimary, Rows: three, NewEmpty: true, Backfill: true, BackfillTwice: instances > 1, Shared: true,
		Instances: instances, Chunk: 2, Clients: clients}
}

// taken makes a client begin once the first range was taken that often.
func (c Client) taken(times uint64) Client {
	c.After = func(r control.Record) bool {
		b := r.Backfills[kind]
		return len(b.Ranges) > 0 && b.Ranges[0].Fence >= times
	}
	return c
}

// small has one row: what a range does with a row shows in fewer steps.
func (sc Scenario) small() Scenario {
	sc.Rows = rows
	return sc
}

// dies has instance 0 die on the way.
func (sc Scenario) dies() Scenario {
	sc.Budget.Crashes, sc.Crash = 1, []int{0}
	return sc
}

// fails has a store fail once.
func (sc Scenario) fails() Scenario {
	sc.Budget.Faults, sc.StoreFaults = 1, true
	return sc
}

// stalls has the write of k0 by instance 0 outlast its lease.
func (sc Scenario) stalls() Scenario {
	sc.Stall = true
	return sc
}

// sharing are worlds in which instances copy ranges of a kind beside one another.
func sharing() []*Scenario {
	var all []*Scenario
	add := func(name string, sc Scenario) {
		sc.Name = "backfill, ranges: " + name
		all = append(all, &sc)
	}
	add("one process, put", shared(1, one(0, put(1, 1))))
	add("one process, the key that divides goes", shared(1, one(0, del(0))))
	add("two, put", shared(2, one(0, put(0, 1))))
	add("two, delete", shared(2, one(1, del(2))))
	add("two, the key that divides goes and comes", shared(2, one(1, del(0), put(0, 1))))
	add("two, purge", shared(2, one(1, purge)))
	add("two, put, store fault", shared(2, one(0, put(0, 1))).fails())
	add("one dies, put", shared(2, one(1, put(0, 1))).dies())
	add("one dies, delete", shared(2, one(1, del(1))).dies())
	add("one dies, put, store fault", shared(2, one(1, put(0, 1))).dies().fails())
	add("one stalls past its lease, put", shared(2, one(1, put(1, 1)).copied()).stalls())
	control := shared(2, one(0, put(0, 1)))
	control.Budget.Faults, control.ControlFaults = 1, explore.Fails
	add("two, put, control fault", control)
	again := shared(2, one(1, put(0, 1)))
	again.Verify = certifies
	add("two, put, certificate", again)
	return all
}

// redRanges are the rules of ranges.
func redRanges() []RedControl {
	world := func(sc Scenario) *Scenario { return &sc }
	return []RedControl{
		{Rule: "complete when all ranges are", World: world(shared(2, one(1, put(0, 1)).copied())), Off: hooks.Rules{AnyRangeCompletes: true}},
		{Rule: "take-over wait of a range", World: world(shared(2, one(1, put(0, 1)).taken(2)).small().dies().fails()), Off: hooks.Rules{NoTakeoverWait: true}},
		{Rule: "resume marks of a range", World: world(shared(2, one(1, del(0)).taken(1)).small().dies()), Off: hooks.Rules{NoResumeMarks: true}},
		{Rule: "fence of a range", World: world(shared(2, one(1, put(1, 1)).copied()).stalls()), Off: hooks.Rules{NoFence: true}},
	}
}
