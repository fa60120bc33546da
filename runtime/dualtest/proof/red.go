package proof

import (
	"github.com/dualgen/dualgen/runtime/dualtest/explore"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/phase"
)

// RedControl is a world in which one rule is switched off: the search must find what goes wrong then. With all rules on,
// the same world is one of those that must be clean.
type RedControl struct {
	Rule  string
	World *Scenario
	Off   hooks.Rules
}

// Red is the world with the rule switched off.
func (r RedControl) Red() *Scenario {
	sc := *r.World
	sc.Name += ", without " + r.Rule
	sc.Off = r.Off
	return &sc
}

// RedControls lists the rules, each with a world that needs it.
func RedControls() []RedControl {
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
	fenced.Rows = map[int8]Value{0: {true, 7, 7}, 1: {true, 8, 8}}
	controls := []RedControl{
		{"adopt", &Scenario{Phase: phase.OldGuarded, Walk: crossing, Rows: rows, Stale: stale, Budget: fault, StoreFaults: true,
			Clients: []Client{one(0, put(0, 1))}}, hooks.Rules{NoAdopt: true}},
		{"guard", &Scenario{Instances: 2, Phase: phase.OldGuarded, Walk: crossing, Rows: rows,
			Clients: []Client{one(0, put(0, 1)), one(1, get(0)), one(0, get(0))}}, hooks.Rules{NoGuard: true}},
		{"guard over an asynchronous mirror", &Scenario{Phase: phase.NewGuarded, Walk: []phase.Phase{phase.OldGuarded}, Rows: rows,
			Settings: phase.Settings{Mirror: phase.Async}, Clients: []Client{one(0, put(0, 1), get(0))}}, hooks.Rules{NoGuard: true}},
		{"drain", &Scenario{Phase: phase.OldGuarded, Walk: leaving, Rows: rows, Budget: fault, StoreFaults: true,
			Clients: []Client{one(0, put(0, 1), get(0))}}, hooks.Rules{NoDrain: true}},
		{"gate", &Scenario{Phase: phase.OldGuarded, Walk: leaving, Rows: rows, Budget: fault, StoreFaults: true,
			Clients: []Client{one(0, put(0, 1), get(0))}}, hooks.Rules{NoGate: true}},
		{"serial order in guarded phases", &Scenario{Instances: 2, Phase: phase.OldGuarded, Walk: crossing, Rows: rows,
			Clients: []Client{one(0, put(0, 1)), one(1, get(0), get(0))}}, hooks.Rules{ParallelGuarded: true}},
		{"per-attempt tokens", &Scenario{Phase: phase.OldPrimary, Rows: rows, Budget: fault, StoreFaults: true,
			Clients: []Client{one(0, put(0, 1)), one(0, put(0, 2))}}, hooks.Rules{SharedTokens: true}},
		{"overlap marking", &Scenario{Phase: phase.OldPrimary, Rows: rows,
			Clients: []Client{one(0, put(0, 1)), one(0, put(0, 2))}}, hooks.Rules{NoOverlap: true}},
		{"lease", &Scenario{Instances: 2, Phase: phase.OldGuarded, Walk: leaving, Rows: rows, Leases: true, Idle: []int{1}, Passing: 5,
			Budget: fault, StoreFaults: true, Clients: []Client{one(1, put(0, 1)).in(phase.NewPrimary), one(0, get(0)).in(phase.NewPrimary)},
		}, hooks.Rules{NoLease: true}},
		{"settle window", &Scenario{Phase: phase.OldPrimary, Rows: rows, Budget: fault, StoreFaults: true,
			Clients: []Client{one(0, put(0, 1), put(0, 2))}, Reconcilers: []int{0}, Passes: 2}, hooks.Rules{NoSettle: true}},
		{"settle window at the claim", &Scenario{Instances: 2, Phase: phase.OldPrimary, Rows: rows, Stale: stale, Budget: fault, StoreFaults: true,
			Clients: []Client{one(0, put(0, 1))}, Reconcilers: []int{0, 1}}, hooks.Rules{NoClaimSettle: true}},
		{"claim before copy", &Scenario{Phase: phase.OldPrimary, Rows: rows, Stale: stale, Budget: fault, StoreFaults: true,
			Clients: []Client{one(0, put(0, 1))}, Reconcilers: []int{0}}, hooks.Rules{CopyThenClear: true}},
		{"copy from the entry's primary", &Scenario{Phase: phase.OldGuarded, Walk: crossing, Rows: rows, Stale: stale,
			Clients: []Client{one(0, get(0))}, Reconcilers: []int{0}}, hooks.Rules{CopyFromPhase: true}},
		{"overwriting backfill", &leftovers, hooks.Rules{PutIfAbsent: true}},
		{"s0 check", &put1, hooks.Rules{NoActivity: true}},
		{"resume marks", twice(one(1, del(0))), hooks.Rules{NoResumeMarks: true}},
		{"checkpoint before chunk", twice(one(1, del(0))), hooks.Rules{CheckpointLast: true}},
		{"take-over wait", takeover, hooks.Rules{NoTakeoverWait: true}},
		{"fence", fenced, hooks.Rules{NoFence: true}},
	}
	for i := range controls {
		controls[i].World.Name = "rule: " + controls[i].Rule
	}
	return controls
}
