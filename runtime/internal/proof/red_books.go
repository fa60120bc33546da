package proof

import (
	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/phase"
)

// redBooks are the red controls of transactions, keys that the primary makes, writes of several and of unknown keys, and
// journals that join.
func redBooks() []RedControl {
	fault := explore.Budget{Faults: 1}
	crossing := []phase.Phase{phase.NewGuarded}
	crash := func(sc Scenario) *Scenario {
		sc.Instances, sc.Budget, sc.Crash = 2, explore.Budget{Crashes: 1}, []int{0}
		return &sc
	}
	filling := Scenario{Phase: phase.OldPrimary, Rows: rows, NewEmpty: true, Backfill: true, Verify: repairing, Clients: []Client{one(0, purge)}}
	cleared := filling
	ahead := crash(Scenario{Phase: phase.OldPrimary, Rows: two, NewEmpty: true, Backfill: true, Overlap: true, Clients: []Client{one(1, del(1))}})
	both := tx(put(0, 1), put(1, 1))
	return append(append(redMade(), redBuilds()...), []RedControl{
		{Rule: "tokens of a transaction", World: &Scenario{Phase: phase.OldPrimary, Rows: two,
			Clients: []Client{one(0, both), one(0, put(1, 2))}}, Off: hooks.Rules{NoTxTokens: true}},
		{Rule: "tokens of a transaction before its commit", World: crash(Scenario{Phase: phase.OldPrimary, Rows: two,
			Clients: []Client{one(0, both)}}), Off: hooks.Rules{NoTxTokens: true}},
		{Rule: "guard in a transaction", World: &Scenario{Instances: 2, Phase: phase.OldGuarded, Walk: crossing, Rows: two,
			Clients: []Client{one(0, put(0, 1)), one(1, tx(get(0))), one(0, get(0))}}, Off: hooks.Rules{NoGuard: true}},
		{Rule: "no transaction on keys of the other direction", World: &Scenario{Phase: phase.OldGuarded, Walk: crossing, Rows: two,
			Stale: stale, Clients: []Client{one(0, tx(patch(0, 2)))}}, Off: hooks.Rules{NoTxClash: true}},
		{Rule: "a commit that failed is in doubt", World: &Scenario{Phase: phase.OldPrimary, Rows: two, Budget: fault, StoreFaults: true,
			Clients: []Client{one(0, both)}}, Off: hooks.Rules{NoTxDoubt: true}},
		{Rule: "unknown keys leave their kind unclean", World: &Scenario{Phase: phase.OldPrimary, Rows: two,
			Clients: []Client{one(0, purge)}}, Off: hooks.Rules{NoKindMark: true}},
		{Rule: "listed keys are marked", World: &Scenario{Phase: phase.OldPrimary, Rows: low,
			Clients: []Client{one(0, reap)}}, Off: hooks.Rules{NoListedMarks: true}},
		{Rule: "token of the kind before keys are listed", World: &Scenario{Phase: phase.OldPrimary, Rows: low,
			Clients: []Client{one(0, reap), one(0, put(1, 2))}}, Off: hooks.Rules{NoListedToken: true}},
		{Rule: "keys that cannot be listed leave their kind unclean", World: &Scenario{Phase: phase.OldPrimary, Rows: low, Budget: fault,
			StoreFaults: true, Clients: []Client{one(0, reap)}}, Off: hooks.Rules{NoKindMark: true}},
		{Rule: "overlap with a kind whose keys are listed", World: &Scenario{Phase: phase.OldPrimary, Rows: low,
			Clients: []Client{one(0, reap), one(0, put(1, 2))}}, Off: hooks.Rules{NoOverlap: true}},
		{Rule: "overlap with the whole kind", World: &Scenario{Phase: phase.OldPrimary, Rows: two,
			Clients: []Client{one(0, Input{Act: Clear}), one(0, put(1, 1))}}, Off: hooks.Rules{NoOverlap: true, NoKindMark: true}},
		{Rule: "overlap of several keys", World: &Scenario{Phase: phase.OldPrimary, Rows: two,
			Clients: []Client{one(0, many), one(0, put(1, 1))}}, Off: hooks.Rules{NoOverlap: true}},
		{Rule: "writes of unknown keys are asked for", World: &filling, Off: hooks.Rules{NoUnnamed: true}},
		{Rule: "a pass that cleared a kind is news to a backfill", World: &cleared, Off: hooks.Rules{NoPassTrace: true}},
		{Rule: "a checkpoint's sequence is older than what was read ahead", World: ahead, Off: hooks.Rules{YoungSeq: true}},
		{Rule: "a kind is claimed before it is compared", World: &Scenario{Phase: phase.OldPrimary, Rows: two, Whole: true, Verify: repairing,
			Clients: []Client{one(0, purge)}}, Off: hooks.Rules{CopyThenClear: true}},
		{Rule: "a key that is dropped counts as one that cannot be copied", World: &Scenario{Phase: phase.OldPrimary, Rows: two, Stuck: stuck,
			Drop: true, Verify: certifies}, Off: hooks.Rules{NoDropDoubt: true}},
		{Rule: "unknown keys of one of several kinds leave it unclean", World: &Scenario{Phase: phase.OldPrimary, Rows: kinds, Second: true,
			Clients: []Client{one(0, roll)}}, Off: hooks.Rules{NoKindMark: true}},
		{Rule: "no instance with the stores swapped", World: &Scenario{Instances: 2, Phase: phase.OldPrimary, Rows: rows, Swapped: []int{1},
			Budget: fault, StoreFaults: true, Clients: []Client{one(0, put(0, 1)), one(1, get(0))}}, Off: hooks.Rules{NoStoreCheck: true}},
		{Rule: "no kind that nobody has proved", World: &Scenario{Phase: phase.OldGuarded, Walk: crossing, Rows: rows, NewEmpty: true,
			Late: []int{0}, Clients: []Client{one(0, get(0), get(0))}}, Off: hooks.Rules{NoKindCheck: true}},
		{Rule: "the joined token is the data's", World: crash(Scenario{Phase: phase.OldPrimary, Rows: rows, Joins: [2]bool{true, false},
			Clients: []Client{one(0, put(0, 1))}}), Break: func(sc *Scenario) { sc.Later = true }},
	}...)
}

// redMade are the red controls of keys that the primary makes.
func redMade() []RedControl {
	return []RedControl{
		{Rule: "token of the kind before a key is made", World: &Scenario{Instances: 2, Phase: phase.OldPrimary, Rows: rows,
			Budget: explore.Budget{Crashes: 1}, Crash: []int{0}, Clients: []Client{one(0, make1(1))}}, Off: hooks.Rules{NoMadeToken: true}},
		{Rule: "a key that is not told leaves the kind unclean", World: &Scenario{Phase: phase.OldPrimary, Rows: high, Mute: true,
			Clients: []Client{one(0, make1(1))}}, Off: hooks.Rules{NoUntold: true}},
		{Rule: "a key that is not told in a transaction", World: &Scenario{Phase: phase.OldPrimary, Rows: high, Mute: true,
			Clients: []Client{one(0, tx(make1(1)))}}, Off: hooks.Rules{NoUntold: true}},
	}
}

// redBuilds are the red controls of builds that know other fields.
func redBuilds() []RedControl {
	after := afterCertificate()
	after.Phase, after.Walk, after.Passing = phase.OldPrimary, []phase.Phase{phase.OldGuarded, phase.NewGuarded}, 1
	within := after
	within.Verify = []Check{{}}
	return []RedControl{
		{Rule: "no build that knows other fields", World: &Scenario{Instances: 2, Phase: phase.OldGuarded, Rows: rows, Lossy: []int{1},
			Clients: []Client{one(1, patch(0, 1))}}, Off: hooks.Rules{NoShapeCheck: true}},
		{Rule: "a build that comes within a pass voids its certificate", World: &within, Off: hooks.Rules{NoJoin: true}},
		{Rule: "a build that comes after a certificate voids it", World: &after, Off: hooks.Rules{NoJoin: true}},
		{Rule: "no copy by a build that knows other fields", World: &Scenario{Instances: 2, Phase: phase.OldGuarded, Rows: rows, Stale: stale,
			Lossy: []int{1}, Reconcilers: []int{1}}, Off: hooks.Rules{NoShapeCheck: true}},
	}
}
