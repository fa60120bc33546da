package control

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// A gate lists what keeps a step from being made.
type gate func(v *view, from, to phase.Phase, step Step) []Obstacle

// The steps, each with its gates. Forward and back are mirror images of one another.
//
// Entering the guarded phases, from either side, needs the stores to be equal but for the keys in the journal: every kind
// was copied since the fleet entered the mirrored phases (MirroredSince), and proved equal, under the journal that is
// still there. A fleet that walked forward to NewPrimary and wants to go back has that proof already: writes were
// mirrored and journaled all the time, so that neither a reverse backfill nor a new certificate is owed. A fleet that
// comes from NewOnly has not, because its MirroredSince is new.
//
// The crossing asks for the proof again: a journal in memory that was lost in a guarded phase has forgotten which keys
// differ, and its new incarnation voids the certificate. On the crossing itself, and on leaving the guarded phases after
// it, unclean keys may have either store for their primary. A journal that was lost there cannot be made good by any
// gate: instances refuse calls, and Coordinator.Recover leaves the decision to an operator.
//
// Leaving the guarded phases for a store's own side asks that no unclean key follows the other store, since from there
// on reads no longer look at the journal. Giving the other store up asks the same: an instance that was evicted, and was not gone, may have
// written by an older phase, and nobody looks at that key again.
var gates = map[[2]phase.Phase][]gate{
	{phase.OldOnly, phase.OldPrimary}:    {fleet, twoStores, alone, journalReached, emptied},
	{phase.OldPrimary, phase.OldGuarded}: {fleet, twoStores, alone, sameJournal, copyable, sameShapes, oneName, orphans, copied, noQuarantine},
	{phase.OldGuarded, phase.NewGuarded}: {fleet, sameJournal, remembered, copyable, sameShapes, orphans, stillProved},
	{phase.NewGuarded, phase.NewPrimary}: {fleet, sameJournal, remembered, noneFollows, noneUnproved},
	{phase.NewPrimary, phase.NewOnly}:    {fleet, noneUnproved, noneFollows, confirmed},

	{phase.OldOnly, phase.NewOnly}: {fleet, twoStores, timed, cutoffPassed, nothingOlder},

	{phase.NewOnly, phase.NewPrimary}:    {fleet, twoStores, alone, journalReached, emptied},
	{phase.NewPrimary, phase.NewGuarded}: {fleet, twoStores, alone, sameJournal, copyable, sameShapes, oneName, orphans, copied, noQuarantine},
	{phase.NewGuarded, phase.OldGuarded}: {fleet, sameJournal, remembered, copyable, sameShapes, orphans, stillProved},
	{phase.OldGuarded, phase.OldPrimary}: {fleet, sameJournal, remembered, noneFollows, noneUnproved},
	{phase.OldPrimary, phase.OldOnly}:    {fleet, noneUnproved, noneFollows},
}

func (v *view) unmet(from, to phase.Phase, step Step) []Obstacle {
	var unmet []Obstacle
	settings := v.record.Settings
	if to == phase.NewOnly {
		settings.Cutoff = time.Time{}
	}
	if !to.Mirrored() {
		settings.Fallback = phase.FallbackOff
	}
	if from.Crossing() == to {
		settings.Canary = 0
	}
	if err := settings.Validate(to); err != nil {
		remedy := "change the settings first"
		if settings.Canary = 0; settings.Validate(to) == nil {
			remedy = "set --canary 0"
		}
		unmet = append(unmet, Obstacle{Gate: GateSettings, Problem: err.Error(), Remedy: remedy})
	}
	unmet = append(append(unmet, v.expected(step)...), v.noFallback(to)...)
	for _, gate := range gates[[2]phase.Phase{from, to}] {
		unmet = append(unmet, gate(v, from, to, step)...)
	}
	return unmet
}

// fleet: no call of an older epoch is in flight anywhere, so that at most two phases are ever live.
func fleet(v *view, _, _ phase.Phase, _ Step) []Obstacle {
	return unacknowledged(v.record, slices.Concat(v.instances, v.evicted))
}

// expected: as many instances are alive as the operator knows to run.
func (v *view) expected(step Step) []Obstacle {
	var alive []string
	for _, i := range v.instances {
		if i.serves() {
			alive = append(alive, i.ID)
		}
	}
	if step.Expect == 0 || len(alive) == step.Expect {
		return nil
	}
	return []Obstacle{{Gate: GateExpected,
		Problem: fmt.Sprintf("%d instances are expected, and %d are alive: %s", step.Expect, len(alive), orNobody(alive)),
		Remedy:  "find the others: a build without the wrapper, or with another control store or migration's name, writes where the fleet does not see it"}}
}

// confirmed: an operator knows what the step means.
func confirmed(_ *view, from, _ phase.Phase, step Step) []Obstacle {
	if step.Confirm {
		return nil
	}
	return []Obstacle{{Gate: GateConfirm,
		Problem: fmt.Sprintf("from here on the %v store grows stale, and the way back begins with a backfill", from.Primary().Other()),
		Remedy:  "confirm"}}
}

// sameJournal: the journal answers, and it is the one that every instance writes to. Two journals in the memories of two
// processes are not.
func sameJournal(v *view, _, _ phase.Phase, _ Step) []Obstacle {
	if v.journalErr != nil {
		return []Obstacle{{Gate: GateJournalRead, Problem: v.journalErr.Error(), Remedy: "bring the journal back"}}
	}
	var unmet []Obstacle
	for _, i := range v.instances {
		if i.Live && i.Journal != v.incarnation {
			unmet = append(unmet, Obstacle{Gate: GateJournal, Instance: i.ID,
				Problem: fmt.Sprintf("instance %s writes to journal %q, and this is %q", i.ID, i.Journal, v.incarnation),
				Remedy:  "let all instances and the coordinator share one journal"})
		}
	}
	return unmet
}

// journalReached: the journal answers, and every instance holds a lease in it. Writes would run without the journal else, from
// the first one on.
func journalReached(v *view, _, _ phase.Phase, _ Step) []Obstacle {
	if v.journalErr != nil {
		return []Obstacle{{Gate: GateJournalRead, Problem: v.journalErr.Error(), Remedy: "bring the journal back"}}
	}
	var unmet []Obstacle
	for _, i := range v.instances {
		if i.Live && i.Journal == "" {
			problem := "instance " + i.ID + " holds no lease in the journal"
			if i.Note != "" {
				problem += ": " + i.Note
			}
			unmet = append(unmet, Obstacle{Gate: GateJournal, Instance: i.ID, Problem: problem, Remedy: "mend what it says, or give it time to start"})
		}
	}
	return unmet
}

// remembered: if unclean keys may have either store for their primary, the journal still knows them.
func remembered(v *view, _, _ phase.Phase, _ Step) []Obstacle {
	if v.journalErr != nil || !v.record.Crossed || v.record.Journal == v.incarnation {
		return nil
	}
	return []Obstacle{{Gate: GateJournal,
		Problem: "the journal lost its memory during the crossing: nobody knows which store is right for the keys that differ",
		Remedy:  "declare the phase's primary right with Coordinator.Recover, then verify with repair"}}
}

// backfilled: every kind was copied since the fleet entered the mirrored phases.
func backfilled(v *view, _, _ phase.Phase, step Step) []Obstacle {
	r := v.record
	if len(r.kinds(v.instances)) == 0 {
		return []Obstacle{{Gate: GateKinds, Problem: "no instance has reported what it copies", Remedy: "start an instance with the generated wrapper"}}
	}
	var unmet []Obstacle
	for _, kind := range v.asked(step) {
		b, ok := r.Backfills[kind]
		problem := ""
		switch {
		case !ok:
			problem = "was not copied"
		case b.Epoch != r.MirroredSince:
			problem = "was copied before the fleet last entered the mirrored phases"
		case b.From != r.MirroredFrom:
			problem = fmt.Sprintf("was copied from the %v store", b.From)
		case len(b.Ranges) > 0 && (!b.Complete || b.done() < len(b.Ranges)):
			problem = fmt.Sprintf("is copied in part, %d of %d ranges so far", b.done(), len(b.Ranges))
		case !b.Complete:
			problem = "is copied in part"
		}
		if problem != "" {
			unmet = append(unmet, Obstacle{Gate: GateBackfill, Kind: kind, Problem: kind + " " + problem,
				Remedy: fmt.Sprintf("run a backfill from the %v store", r.MirroredFrom)})
		}
	}
	return unmet
}

// noneUnproved: no instance has a kind that the fleet did not know of when reads moved. Such an instance refuses calls; in
// a phase with one store it would let them in, and the other store alone has the kind's entities.
func noneUnproved(v *view, _, _ phase.Phase, _ Step) []Obstacle {
	var unmet []Obstacle
	for _, i := range v.instances {
		for _, kind := range v.record.Unproved(i.Kinds) {
			if !i.counts() && slices.Contains(v.record.Forgotten, kind) {
				continue
			}
			unmet = append(unmet, Obstacle{Gate: GateKinds, Kind: kind, Instance: i.ID,
				Problem: fmt.Sprintf("instance %s has %s, which was not copied and verified before reads moved to the %v store", i.ID, kind, v.record.Phase.Primary()),
				Remedy:  "go back until reads ask the other store, then backfill and verify; or run without that kind"})
		}
	}
	return unmet
}

// noQuarantine: no key was given up.
func noQuarantine(v *view, _, _ phase.Phase, _ Step) []Obstacle {
	if v.journalErr != nil || v.owed.Quarantined == 0 {
		return nil
	}
	return []Obstacle{{Gate: GateQuarantine, Keys: v.quarantined,
		Problem: fmt.Sprintf("%s keys cannot be copied, such as %v", v.owed.Text(v.owed.Quarantined), first(v.quarantined)),
		Remedy:  remedyQuarantine}}
}

const remedyQuarantine = "mend what their cause says, then quarantine retry; quarantine drop takes out keys that one store can never hold"

// noneFollows: no unclean key has the store for its primary that the step leaves behind. No reconciler copies those that are quarantined.
func noneFollows(v *view, _, to phase.Phase, _ Step) []Obstacle {
	left := to.Primary().Other()
	if v.journalErr != nil || v.owed.Primary[left] == 0 {
		return nil
	}
	var unmet []Obstacle
	stuck := v.stuck[left]
	if len(stuck) == 0 || v.retried[left] {
		unmet = append(unmet, Obstacle{Gate: GateDirection, Keys: v.wrong[left],
			Problem: fmt.Sprintf("%s unclean keys still follow the %v store, such as %v", v.owed.Text(v.owed.Primary[left]), left, first(v.wrong[left])),
			Remedy:  remedyOf(v.wrong[left])})
	}
	if len(stuck) > 0 {
		unmet = append(unmet, Obstacle{Gate: GateQuarantine, Keys: stuck,
			Problem: fmt.Sprintf("keys that follow the %v store are quarantined, such as %v: nobody copies them", left, stuck[0]), Remedy: remedyQuarantine})
	}
	return unmet
}

// remedyOf says who makes keys clean. The reconciler does, but for a whole kind: nobody knows what to copy of it.
func remedyOf(keys []journal.Key) string {
	var kinds []string
	for _, key := range keys {
		if key.Whole {
			kinds = append(kinds, key.Kind)
		}
	}
	switch {
	case len(kinds) == 0:
		return "wait for the reconciler"
	case len(kinds) == len(keys):
		return "verify with repair: " + strings.Join(kinds, ", ")
	}
	return "wait for the reconciler, and verify with repair: " + strings.Join(kinds, ", ")
}

func first(keys []journal.Key) string {
	if len(keys) == 0 {
		return "some beyond the first thousand"
	}
	return keys[0].String()
}
