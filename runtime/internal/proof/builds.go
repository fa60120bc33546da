package proof

import (
	"context"
	"slices"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/phase"
)

// storeNames are what the stores say they are, by position, in worlds where somebody has them the other way round.
var storeNames = [2]string{"store A", "store B"}

// The shapes of builds, in worlds that have two.
const (
	whole  = "A B"
	lesser = "A"
)

// shape is that of the fleet's build.
func (sc *Scenario) shape() string {
	if len(sc.Lossy) > 0 {
		return whole
	}
	return ""
}

// differs reports whether an instance is not as the fleet.
func (sc *Scenario) differs(instance int) bool {
	return slices.Contains(sc.Swapped, instance) || slices.Contains(sc.Lossy, instance)
}

// kinds are those of the wrappers.
func (sc *Scenario) kinds() []string {
	if sc.Second {
		return []string{kind, other}
	}
	return []string{kind}
}

// build is what an instance's program has.
func (sc *Scenario) build(instance int) Build {
	b := Build{Acts: sc.methods(), Times: sc.times(), Second: sc.Second, Shape: sc.shape(), Ranged: sc.Shared, Mute: sc.Mute}
	if slices.Contains(sc.Lossy, instance) {
		b.Lossy, b.Shape = true, lesser
	}
	return b
}

// firstMade is the first key that the stores make.
func (sc *Scenario) firstMade() int8 {
	made := int8(len(sc.Rows))
	if _, both := sc.Rows[ofOne]; both {
		made--
	}
	if sc.Mute { // k0 is free
		made++
	}
	return made
}

// identify says what an instance's stores are; nil in worlds where nobody asks.
func (sc *Scenario) identify(instance int) func(context.Context, phase.Store) (control.Identity, error) {
	if len(sc.Swapped) == 0 {
		return nil
	}
	return func(_ context.Context, store phase.Store) (control.Identity, error) {
		if slices.Contains(sc.Swapped, instance) {
			store = store.Other()
		}
		return control.Identity{Store: storeNames[store]}, nil
	}
}

// differing are worlds of an instance whose stores or build are not the fleet's, and of writes on two kinds.
func differing() []*Scenario {
	var all []*Scenario
	add := func(name string, walks [][]phase.Phase, base Scenario) {
		all = append(all, times(name, walks, base)...)
	}
	add("stores swapped: put get, put get", walked, Scenario{Rows: rows, Swapped: []int{1}, Clients: []Client{one(0, put(0, 1), get(0)), one(1, put(0, 2), get(0))}})
	add("stores swapped: put, stale key, reconciler", walked[:1], Scenario{Rows: rows, Stale: stale, Instances: 2, Swapped: []int{1},
		Clients: []Client{one(0, put(0, 1))}, Reconcilers: []int{1}})
	guarded := walked[3:]
	add("other build: patch, get get", guarded, Scenario{Rows: rows, Lossy: []int{1}, Clients: []Client{one(1, patch(0, 1)), one(0, get(0), get(0))}})
	add("other build: stale key, put, reconciler", guarded, Scenario{Rows: rows, Stale: stale, Instances: 2, Lossy: []int{1},
		Clients: []Client{one(0, put(0, 1))}, Reconcilers: []int{1}})
	add("other build: backfill and certificate, get get", outgrown, lesserCertifies(one(1, get(0), get(0))))
	add("other build: backfill and certificate, patch", outgrown[:1], lesserCertifies(one(1, patch(0, 1))))
	add("other build that comes after a certificate, and dies", outgrown[1:], afterCertificate())
	within := afterCertificate()
	within.Verify = []Check{{}}
	add("other build that comes within a pass, and dies", outgrown[1:], within)
	add("two kinds: roll, put", walked, Scenario{Rows: kinds, Second: true, Clients: []Client{one(0, roll), one(1, put(1, 2))}})
	add("two kinds: roll, put of the other", walked, Scenario{Rows: kinds, Second: true, Clients: []Client{one(0, roll), one(1, put(ofOne, 2))}})
	add("two kinds: roll, get get", walked, Scenario{Rows: kinds, Second: true, Clients: []Client{one(0, roll), one(1, get(0), get(ofOne))}})
	add("two kinds: purge, put of the other", walked, Scenario{Rows: kinds, Second: true, Clients: []Client{one(0, purge), one(1, put(ofOne, 2))}})
	add("two kinds: roll, make", walked[:1], Scenario{Rows: kinds, Second: true, Clients: []Client{one(0, roll), one(1, make1(2))}})
	return all
}

// outgrown are the ways of a fleet in which a build that knows fewer fields copies and certifies.
var outgrown = [][]phase.Phase{{phase.OldPrimary}, {phase.OldPrimary, phase.OldGuarded, phase.NewGuarded}}

// lesserCertifies is a rolling deploy: instance 0 has the build that knows fewer fields, and makes the backfill and the verify pass.
func lesserCertifies(clients ...Client) Scenario {
	complete := Client{}.copied().After
	return Scenario{Instances: 2, Rows: rows, NewEmpty: true, Backfill: true, Lossy: []int{0}, Verify: []Check{{After: complete}}, Clients: clients}
}

// afterCertificate is a build that knows fewer fields: it starts once the stores were proved equal, writes, and dies.
func afterCertificate() Scenario {
	return Scenario{Instances: 2, Rows: rows, Lossy: []int{1}, Starting: []int{1}, Loops: true, Budget: explore.Budget{Crashes: 1}, Crash: []int{1},
		Clients: []Client{one(1, patch(0, 1)), one(0, get(0))}}
}

var roll = Input{Act: Roll, Value: Value{A: 4}}

// kinds is what both stores hold at first where there are two kinds: k0 is low.
var kinds = map[int8]Value{0: {true, 1, 7}, 1: {true, 8, 8}, ofOne: {true, 6, 6}}
