package proof

import (
	"fmt"

	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/phase"
)

// half is a share that k0 is in, and k1 is not.
const half = 0.5

// canaryWalks are ways through a canary: the phases, and the shares before their steps.
var canaryWalks = []struct {
	name   string
	phases []phase.Phase
	first  float64
	shares map[int]float64
}{
	{"stay", []phase.Phase{phase.OldGuarded}, half, nil},
	{"stay on the way back", []phase.Phase{phase.NewGuarded}, half, nil},
	{"raised", []phase.Phase{phase.OldGuarded}, 0, map[int]float64{0: half}},
	{"taken back", []phase.Phase{phase.OldGuarded}, half, map[int]float64{0: 0}},
	{"raised and gone on", []phase.Phase{phase.OldGuarded, phase.NewGuarded}, 0, map[int]float64{0: half}},
	{"taken back and gone back", []phase.Phase{phase.OldGuarded, phase.OldPrimary}, half, map[int]float64{0: 0}},
	{"raised after a step", []phase.Phase{phase.OldPrimary, phase.OldGuarded}, 0, map[int]float64{1: half}},
	{"taken back and gone on, on the way back", []phase.Phase{phase.NewGuarded, phase.NewPrimary}, half, map[int]float64{0: 0}},
}

// Canaries lists the worlds of fleets in which a share of the keys is in the next phase.
func Canaries() []*Scenario { return append(canaryMatrix(), canaries()...) }

// canaryMatrix are those of calls on one key.
func canaryMatrix() []*Scenario {
	var all []*Scenario
	for _, walk := range canaryWalks {
		for _, m := range mixes {
			for _, instances := range []int{1, 2} {
				for _, a := range adversaries {
					for _, mirror := range []phase.Mirror{phase.Inline, phase.AsyncGuarded} {
						if sc := combine(walk.phases, m, instances, a, mirror); sc != nil {
							sc.Name = fmt.Sprintf("canary %s: %s", walk.name, sc.Name)
							sc.Settings.Canary, sc.Shares, sc.OnePhase = walk.first, walk.shares, walk.shares == nil
							if len(sc.Crash) > 0 && len(sc.Shares) > 0 {
								sc.Passing = 1
							}
							all = append(all, sc)
						}
					}
				}
			}
		}
	}
	return all
}

// canaries are worlds of calls that name no single key, and of reconcilers and leases.
func canaries() []*Scenario {
	var all []*Scenario
	stays := [][]phase.Phase{{phase.OldGuarded}, {phase.NewGuarded}, {phase.OldGuarded, phase.NewGuarded}}
	add := func(name string, base Scenario) {
		base.Settings = phase.Settings{Canary: half}
		all = append(all, times("canary: "+name, stays, base)...)
	}
	clear := Input{Act: Clear}
	add("putMany, get get", Scenario{Clients: []Client{one(0, many), one(1, get(0), get(1))}})
	add("putMany, put", Scenario{Clients: []Client{one(0, many), one(1, put(0, 2))}})
	add("move, get", Scenario{Clients: []Client{one(0, move), one(1, get(0))}})
	add("clear, put get", Scenario{Clients: []Client{one(0, clear), one(1, put(0, 2), get(0))}})
	add("sweep, put, get", Scenario{Rows: low, Clients: []Client{one(0, reap), one(1, put(0, 2)), one(0, get(0))}})
	add("make, get get", Scenario{Clients: []Client{one(0, make1(1)), one(1, get(0), get(2))}})
	add("tx, put get", Scenario{Clients: []Client{one(0, tx(patch(0, 1), put(1, 1))), one(1, put(0, 2), get(0))}})
	add("stale key, patch, get", Scenario{Rows: rows, Stale: stale, Clients: []Client{one(0, patch(0, 1)), one(1, get(0))}, Reconcilers: []int{0}})
	add("put, delete, reconciler", Scenario{Rows: rows, Clients: []Client{one(0, put(0, 1)), one(1, del(0))}, Reconcilers: []int{1}, Passes: 2})
	all = append(all, &Scenario{Name: "canary: put get in a paused instance, canary taken back", Instances: 2, Phase: phase.OldGuarded, Rows: rows,
		Settings: phase.Settings{Canary: half}, Shares: map[int]float64{0: 0}, Walk: []phase.Phase{phase.OldPrimary}, Leases: true, Idle: []int{0},
		Passing: 5, Clients: []Client{one(0, put(0, 1), get(0)), one(1, put(0, 3), get(0))}})
	return all
}

// redCanary are the red controls of the canary.
func redCanary() []RedControl {
	world := func(first float64, walk []phase.Phase, shares map[int]float64, clients ...Client) *Scenario {
		return &Scenario{Instances: clients[len(clients)-1].Instance + 1, Phase: walk[0], Walk: walk[1:], Shares: shares, Rows: rows, Settings: phase.Settings{Canary: first},
			Budget: explore.Budget{Faults: 1}, StoreFaults: true, Clients: clients}
	}
	raised := map[int]float64{1: half}
	back := map[int]float64{0: 0}
	enters, leaves := []phase.Phase{phase.OldPrimary, phase.OldGuarded}, []phase.Phase{phase.OldGuarded, phase.OldPrimary}
	steady := world(half, []phase.Phase{phase.OldGuarded}, nil, one(0, put(0, 1)), one(1, get(0), put(0, 2)))
	steady.OnePhase = true
	stale := world(half, []phase.Phase{phase.OldGuarded}, nil, one(0, many, get(0)))
	stale.Rows = two
	return []RedControl{
		{Rule: "the gates of the step before a canary is raised", World: world(0, enters, raised, one(0, put(0, 1)), one(1, get(0))),
			Off: hooks.Rules{NoGate: true}},
		{Rule: "a canary is taken back once its calls have ended", World: world(half, leaves, back, one(0, put(0, 1), get(0))),
			Off: hooks.Rules{NoDrain: true}},
		{Rule: "a canary's unclean key keeps the fleet", World: world(half, leaves, back, one(0, put(0, 1), get(0))),
			Off: hooks.Rules{NoGate: true}},
		{Rule: "every instance takes the same keys for the canary's", World: steady, Off: hooks.Rules{CanaryUnstable: true}},
		{Rule: "a canary between the guarded phases alone", World: stale, Off: hooks.Rules{CanaryAnywhere: true},
			Break: func(sc *Scenario) { sc.Phase = phase.OldPrimary }},
	}
}
