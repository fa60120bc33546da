package proof

import (
	"slices"

	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/phase"
)

// RedControl is a world in which one rule is switched off: the search must find what goes wrong then. With all rules on,
// the same world is one of those that must be clean.
type RedControl struct {
	Rule  string
	World *Scenario
	Off   hooks.Rules
	Break func(sc *Scenario) // what a rule is that is not the runtime's; nil: nothing
}

// Red is the world with the rule switched off.
func (r RedControl) Red() *Scenario {
	sc := *r.World
	sc.Name += ", without " + r.Rule
	sc.Off = r.Off
	if r.Break != nil {
		r.Break(&sc)
	}
	return &sc
}

// RedControls lists the rules, each with a world that needs it.
func RedControls() []RedControl {
	controls := slices.Concat(redControls(), redBooks(), redRolling(), redFallback(), redQueued(), redCanary(), redTurns(), redRanges())
	for i := range controls {
		controls[i].World.Name = "rule: " + controls[i].Rule
	}
	return controls
}

// redControls are those of calls on one key that the caller knows.
func redControls() []RedControl {
	fault, crash := explore.Budget{Faults: 1}, explore.Budget{Crashes: 1}
	both := explore.Budget{Faults: 1, Crashes: 1}
	crossing := []phase.Phase{phase.NewGuarded}
	leaving := []phase.Phase{phase.NewGuarded, phase.NewPrimary}
	backfill := func(clients ...Client) Scenario {
		return Scenario{Phase: phase.OldPrimary, Rows: rows, NewEmpty: true, Backfill: true, Clients: clients}
	}
	twice := func(clients ...Client) *Scenario {
		sc := backfill(clients...)
		sc.Instances, sc.BackfillTwice, sc.Budget, sc.Crash = 2, true, crash, []int{0}
		return &sc
	}
	put1 := backfill(one(0, put(0, 1)))
	leftovers := backfill()
	leftovers.Leftovers = stale
	takeover := twice(one(1, put(0, 1)))
	takeover.Budget, takeover.StoreFaults = both, true
	fenced := twice(one(1, put(1, 1)).copied())
	fenced.Budget, fenced.Crash, fenced.Stall, fenced.Chunk = explore.Budget{}, nil, true, 2
	fenced.Rows = two
	return []RedControl{
		{Rule: "adopt", World: &Scenario{Phase: phase.OldGuarded, Walk: crossing, Rows: rows, Stale: stale, Budget: fault, StoreFaults: true,
			Clients: []Client{one(0, put(0, 1))}}, Off: hooks.Rules{NoAdopt: true}},
		{Rule: "guard", World: &Scenario{Instances: 2, Phase: phase.OldGuarded, Walk: crossing, Rows: rows,
			Clients: []Client{one(0, put(0, 1)), one(1, get(0)), one(0, get(0))}}, Off: hooks.Rules{NoGuard: true}},
		{Rule: "guard over an asynchronous mirror", World: &Scenario{Phase: phase.NewGuarded, Walk: []phase.Phase{phase.OldGuarded}, Rows: rows,
			Settings: phase.Settings{Mirror: phase.AsyncGuarded}, Clients: []Client{one(0, put(0, 1), get(0))}}, Off: hooks.Rules{NoGuard: true}},
		{Rule: "drain", World: &Scenario{Phase: phase.OldGuarded, Walk: leaving, Rows: rows, Budget: fault, StoreFaults: true,
			Clients: []Client{one(0, put(0, 1), get(0))}}, Off: hooks.Rules{NoDrain: true}},
		{Rule: "gate", World: &Scenario{Phase: phase.OldGuarded, Walk: leaving, Rows: rows, Budget: fault, StoreFaults: true,
			Clients: []Client{one(0, put(0, 1), get(0))}}, Off: hooks.Rules{NoGate: true}},
		{Rule: "serial order in guarded phases", World: &Scenario{Instances: 2, Phase: phase.OldGuarded, Walk: crossing, Rows: rows,
			Clients: []Client{one(0, put(0, 1)), one(1, get(0), get(0))}}, Off: hooks.Rules{ParallelGuarded: true}},
		{Rule: "per-attempt tokens", World: &Scenario{Phase: phase.OldPrimary, Rows: rows, Budget: fault, StoreFaults: true,
			Clients: []Client{one(0, put(0, 1)), one(0, put(0, 2))}}, Off: hooks.Rules{SharedTokens: true}},
		{Rule: "overlap marking", World: &Scenario{Phase: phase.OldPrimary, Rows: rows,
			Clients: []Client{one(0, put(0, 1)), one(0, put(0, 2))}}, Off: hooks.Rules{NoOverlap: true}},
		{Rule: "lease", World: &Scenario{Instances: 2, Phase: phase.OldGuarded, Walk: leaving, Rows: rows, Leases: true, Idle: []int{1}, Passing: 5,
			Budget: fault, StoreFaults: true, Clients: []Client{one(1, put(0, 1)).in(phase.NewPrimary), one(0, get(0)).in(phase.NewPrimary)},
		}, Off: hooks.Rules{NoLease: true}},
		{Rule: "settle window", World: &Scenario{Phase: phase.OldPrimary, Rows: rows, Budget: fault, StoreFaults: true,
			Clients: []Client{one(0, put(0, 1), put(0, 2))}, Reconcilers: []int{0}, Passes: 2}, Off: hooks.Rules{NoSettle: true}},
		{Rule: "a window for each doubt", World: &Scenario{Phase: phase.OldPrimary, Rows: rows, Stale: stale, Budget: fault, StoreFaults: true,
			Clients: []Client{one(0, put(0, 1), put(0, 2))}, Reconcilers: []int{0}, Passes: 2}, Off: hooks.Rules{NoDoubt: true}},
		{Rule: "settle window at the claim", World: &Scenario{Instances: 2, Phase: phase.OldPrimary, Rows: rows, Stale: stale, Budget: fault, StoreFaults: true,
			Clients: []Client{one(0, put(0, 1))}, Reconcilers: []int{0, 1}}, Off: hooks.Rules{NoClaimSettle: true}},
		{Rule: "claim before copy", World: &Scenario{Phase: phase.OldPrimary, Rows: rows, Stale: stale, Budget: fault, StoreFaults: true,
			Clients: []Client{one(0, put(0, 1))}, Reconcilers: []int{0}}, Off: hooks.Rules{CopyThenClear: true}},
		{Rule: "copy from the entry's primary", World: &Scenario{Phase: phase.OldGuarded, Walk: crossing, Rows: rows, Stale: stale,
			Clients: []Client{one(0, get(0))}, Reconcilers: []int{0}}, Off: hooks.Rules{CopyFromPhase: true}},
		{Rule: "copy of a refused write", World: &Scenario{Phase: phase.OldPrimary, Rows: rows, Budget: fault, StoreFaults: true, Refuses: true,
			Clients: []Client{one(0, put(0, 1))}}, Off: hooks.Rules{NoRefusedCopy: true}},
		{Rule: "doubt beside a refused write", World: &Scenario{Phase: phase.OldPrimary, Rows: rows, Budget: explore.Budget{Faults: 2}, StoreFaults: true,
			Refuses: true, Settings: phase.Settings{Mirror: phase.Parallel}, Clients: []Client{one(0, put(0, 1))}}, Off: hooks.Rules{NoRefusedDoubt: true}},
		{Rule: "overwriting backfill", World: &leftovers, Off: hooks.Rules{PutIfAbsent: true}},
		{Rule: "s0 check", World: &put1, Off: hooks.Rules{NoActivity: true}},
		{Rule: "resume marks", World: twice(one(1, del(0))), Off: hooks.Rules{NoResumeMarks: true}},
		{Rule: "checkpoint before chunk", World: twice(one(1, del(0))), Off: hooks.Rules{CheckpointLast: true}},
		{Rule: "take-over wait", World: takeover, Off: hooks.Rules{NoTakeoverWait: true}},
		{Rule: "fence", World: fenced, Off: hooks.Rules{NoFence: true}},
	}
}
