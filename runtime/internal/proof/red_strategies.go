package proof

import (
	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/phase"
)

// redFallback are the red controls of fallbacks.
func redFallback() []RedControl {
	world := func(how phase.Fallback, clients ...Client) *Scenario {
		sc := &Scenario{Phase: phase.NewGuarded, Rows: rows, NewEmpty: true, Settings: phase.Settings{Fallback: how}, Clients: clients}
		for _, client := range clients {
			sc.Instances = max(sc.Instances, client.Instance+1)
		}
		return sc
	}
	faulty := func(faults int, sc *Scenario) *Scenario {
		sc.Budget, sc.StoreFaults = explore.Budget{Faults: faults}, true
		return sc
	}
	repairs := world(phase.FallbackLookup)
	repairs.Verify, repairs.Reconcilers = repairing, []int{0}
	whole := world(phase.FallbackLookup, one(0, reap))
	whole.Rows = low
	each := world(phase.FallbackLookup, one(0, tx(many)), one(0, put(1, 2)), one(0, get(0)))
	each.Rows, each.Leftovers = two, brought
	made := world(phase.FallbackLookup, one(0, tx(patch(0, 1))))
	return []RedControl{
		{Rule: "no fallback of an unclean key", World: faulty(1, world(phase.FallbackLookup, one(0, del(0), get(0)))),
			Off: hooks.Rules{NoFallbackGuard: true}},
		{Rule: "no fallback on an error", World: faulty(2, world(phase.FallbackLookup, one(0, del(0), get(0)))),
			Off: hooks.Rules{FallbackOnError: true}},
		{Rule: "an update brings what it updates", World: world(phase.FallbackLookup, one(0, patch(0, 1))), Off: hooks.Rules{NoBring: true}},
		{Rule: "a put brings what it replaces", World: world(phase.FallbackLookup, one(0, put(0, 1)), one(0, get(0), get(0))),
			Off: hooks.Rules{NoBring: true}},
		{Rule: "a token for a save-through, beside a put", World: world(phase.FallbackSave, one(0, get(0)), one(0, put(0, 1))),
			Off: hooks.Rules{SaveUnclaimed: true}},
		{Rule: "a token for a save-through, beside a delete", World: world(phase.FallbackSave, one(0, get(0)), one(0, del(0))),
			Off: hooks.Rules{SaveUnclaimed: true}},
		{Rule: "unknown keys are listed and written in the complete store", World: whole, Off: hooks.Rules{NoComplete: true}},
		{Rule: "transactions run on the complete store", World: made, Off: hooks.Rules{NoComplete: true}},
		{Rule: "tokens for the complete store are taken one by one", World: each, Off: hooks.Rules{NoBeginEach: true}},
		{Rule: "repair from the complete store", World: repairs, Off: hooks.Rules{RepairPrimary: true}},
	}
}

// redQueued is the red control of queued mirrors.
func redQueued() []RedControl {
	return []RedControl{{Rule: "a queued key is marked", World: &Scenario{Phase: phase.OldPrimary, Rows: rows,
		Settings: phase.Settings{Mirror: phase.Queued}, Clients: []Client{one(0, put(0, 1))}}, Off: hooks.Rules{NoQueueMark: true}}}
}
