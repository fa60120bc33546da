package proof

import (
	"fmt"

	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/phase"
)

func put(key, a int8) Input   { return Input{Act: Put, Key: key, Value: Value{A: a}} }
func patch(key, b int8) Input { return Input{Act: Patch, Key: key, Value: Value{B: b}} }
func add(key, b int8) Input   { return Input{Act: Add, Key: key, Value: Value{B: b}} }
func del(key int8) Input      { return Input{Act: Delete, Key: key} }
func get(key int8) Input      { return Input{Act: Get, Key: key} }

// mix is what the clients of a scenario do.
type mix struct {
	name    string
	clients [][]Input
}

// mixes are the sets of clients that are combined with everything else, on key 0, which holds {7 7} at first.
var mixes = []mix{
	{"put", [][]Input{{put(0, 1)}}},
	{"put, put", [][]Input{{put(0, 1)}, {put(0, 2)}}},
	{"put, delete", [][]Input{{put(0, 1)}, {del(0)}}},
	{"put, patch", [][]Input{{put(0, 1)}, {patch(0, 2)}}},
	{"patch, patch", [][]Input{{patch(0, 1)}, {patch(0, 2)}}},
	{"add, add", [][]Input{{add(0, 1)}, {add(0, 2)}}},
	{"patch, delete", [][]Input{{patch(0, 1)}, {del(0)}}},
	{"put, get", [][]Input{{put(0, 1)}, {get(0)}}},
	{"put, get get", [][]Input{{put(0, 1)}, {get(0), get(0)}}},
	{"delete, get get", [][]Input{{del(0)}, {get(0), get(0)}}},
	{"patch, get get", [][]Input{{patch(0, 1)}, {get(0), get(0)}}},
	{"put, put, get", [][]Input{{put(0, 1)}, {put(0, 2)}, {get(0)}}},
	{"put put, get get", [][]Input{{put(0, 1), put(0, 2)}, {get(0), get(0)}}},
	{"put, get, get", [][]Input{{put(0, 1)}, {get(0)}, {get(0)}}},
	{"put get, put get", [][]Input{{put(0, 1), get(0)}, {put(0, 2), get(0)}}},
	{"put, put, get get", [][]Input{{put(0, 1)}, {put(0, 2)}, {get(0), get(0)}}},
	{"put a put b, put b put a", [][]Input{{put(0, 1), put(1, 1)}, {put(1, 2), put(0, 2)}}},
}

// rows is what both stores hold at first.
var rows = map[int8]Value{0: {true, 7, 7}}

// walks are the steps of a fleet that both stores are written in, and the stays.
func walks() (all []([]phase.Phase)) {
	for p := phase.OldPrimary; p <= phase.NewPrimary; p++ {
		all = append(all, []phase.Phase{p})
	}
	for p := phase.OldPrimary; p < phase.NewPrimary; p++ {
		all = append(all, []phase.Phase{p, p + 1}, []phase.Phase{p + 1, p})
	}
	for p := phase.OldPrimary; p < phase.NewPrimary-1; p++ {
		all = append(all, []phase.Phase{p, p + 1, p + 2}, []phase.Phase{p + 2, p + 1, p}, []phase.Phase{p, p + 1, p})
	}
	return all
}

// adverse is what goes wrong in a scenario.
type adverse struct {
	name  string
	apply func(sc *Scenario)
}

var adversaries = []adverse{
	{"", func(*Scenario) {}},
	{"store fault", func(sc *Scenario) { sc.Budget.Faults, sc.StoreFaults = 1, true }},
	{"journal fault", func(sc *Scenario) { sc.Budget.Faults, sc.JournalFaults, sc.Loops = 1, explore.Fails, true }},
	{"control fault", func(sc *Scenario) { sc.Budget.Faults, sc.ControlFaults = 1, explore.Fails }},
	{"crash", func(sc *Scenario) { sc.Budget.Crashes, sc.Crash = 1, []int{0} }},
	{"crash and store fault", func(sc *Scenario) {
		sc.Budget, sc.Crash, sc.StoreFaults = explore.Budget{Faults: 1, Crashes: 1}, []int{0}, true
	}},
}

// Scenarios is the list of all worlds, the small ones first.
func Scenarios() []*Scenario {
	var all []*Scenario
	for _, walk := range walks() {
		for _, m := range mixes {
			for _, instances := range []int{1, 2} {
				for _, a := range adversaries {
					for _, mirror := range []phase.Mirror{phase.Inline, phase.Parallel, phase.AsyncGuarded} {
						if sc := combine(walk, m, instances, a, mirror); sc != nil {
							all = append(all, sc)
						}
					}
				}
			}
		}
	}
	return all
}

// combine makes a scenario of its parts, or nil where they do not go together.
func combine(walk []phase.Phase, m mix, instances int, a adverse, mirror phase.Mirror) *Scenario {
	sc := &Scenario{
		Name:  fmt.Sprintf("%v %v, %d instances, %v", walk, m.name, instances, mirror),
		Phase: walk[0], Walk: walk[1:], Instances: instances, Rows: rows,
		Settings: phase.Settings{Mirror: mirror},
	}
	if a.name != "" {
		sc.Name += ", " + a.name
	}
	a.apply(sc)
	for _, p := range walk {
		if sc.Settings.Validate(p) != nil {
			return nil
		}
	}
	if sc.ControlFaults != 0 && len(walk) == 1 || len(sc.Crash) > 0 && instances == 1 {
		return nil
	}
	if len(sc.Crash) > 0 && len(sc.Walk) > 0 {
		sc.Passing = 1 // so that the fleet goes on without the dead
	}
	for n, inputs := range m.clients {
		sc.Clients = append(sc.Clients, Client{Instance: n % instances, Inputs: inputs})
	}
	return sc
}
