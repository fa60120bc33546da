package control

import (
	"fmt"
	"strings"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Obstacle is one gate that is not met.
type Obstacle struct {
	Gate     Gate          // which rule
	Instance string        // the instance it speaks of, if one
	Kind     string        // the entity kind it speaks of, if one
	Keys     []journal.Key // the first keys it speaks of, if any
	Problem  string        // what is wrong
	Remedy   string        // what to do about it
}

// Gate names a rule of the coordinator.
type Gate string

// The gates.
const (
	GateRecord      Gate = "record"      // there is a record
	GateEnd         Gate = "end"         // there is a phase in that direction
	GateStores      Gate = "stores"      // old and new are two stores, the same for every instance
	GateSettings    Gate = "settings"    // the settings go with the next phase
	GateFleet       Gate = "fleet"       // every instance has acknowledged the present epoch
	GateExpected    Gate = "expected"    // as many instances are alive as the operator knows of
	GateKinds       Gate = "kinds"       // it is known what must be copied
	GateCopies      Gate = "copies"      // every kind can be copied, or was given up by name
	GateShapes      Gate = "shapes"      // every instance knows the same fields
	GateBackfill    Gate = "backfill"    // every kind was copied since the fleet entered the mirrored phases
	GateParity      Gate = "parity"      // every kind was proved equal, and nothing voided the proof
	GateQuarantine  Gate = "quarantine"  // no key was given up
	GateDirection   Gate = "direction"   // no unclean key follows the store that is left
	GateJournal     Gate = "journal"     // the journal is the one the fleet writes to, and has forgotten nothing
	GateTimed       Gate = "timed"       // every instance can tell the time of its keys
	GateCutoff      Gate = "cutoff"      // no key that may have been served changes its store
	GateConfirm     Gate = "confirm"     // an operator confirmed what cannot be undone without a copy
	GateJournalRead Gate = "journalRead" // the journal answers
)

// String writes the obstacle and its remedy in one line.
func (o Obstacle) String() string { return fmt.Sprintf("%s: %s (%s)", o.Gate, o.Problem, o.Remedy) }

// Refusal is the error of a step whose gates are not all met. It lists every one that is not.
type Refusal struct {
	From, To phase.Phase
	Cutoff   bool   // no step was asked for, but another cutoff
	What     string // no step was asked for, but this: "forget User"
	Unmet    []Obstacle
}

// Error lists the obstacles, one a line.
func (r *Refusal) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "dualgen: cannot go from %v to %v:", r.From, r.To)
	switch {
	case r.What != "":
		b.Reset()
		fmt.Fprintf(&b, "dualgen: cannot %s:", r.What)
	case r.Cutoff:
		b.Reset()
		b.WriteString("dualgen: cannot change the cutoff:")
	case r.From == r.To:
		b.Reset()
		fmt.Fprintf(&b, "dualgen: the fleet has not settled in %v:", r.From)
	}
	for _, o := range r.Unmet {
		fmt.Fprintf(&b, "\n  %v", o)
	}
	return b.String()
}

// unacknowledged lists the instances that may still run calls of an older epoch.
func unacknowledged(record Record, instances []Instance) []Obstacle {
	var unmet []Obstacle
	for _, i := range instances {
		switch {
		case i.Evicted:
			unmet = append(unmet, Obstacle{Gate: GateFleet, Instance: i.ID,
				Problem: fmt.Sprintf("instance %s was evicted, and may go on in %v until its lease has run out, in %v", i.ID, i.Phase, i.Left.Round(time.Second)),
				Remedy:  "wait until then"})
		case !i.Live && !i.KeepsLast:
		case !i.Live:
			unmet = append(unmet, Obstacle{Gate: GateFleet, Instance: i.ID,
				Problem: fmt.Sprintf("instance %s keeps its last phase and has not been heard of for %v beyond its lease", i.ID, -i.Left),
				Remedy:  "end the process, then evict the instance"})
		case i.Acked > record.Epoch:
			unmet = append(unmet, Obstacle{Gate: GateFleet, Instance: i.ID,
				Problem: fmt.Sprintf("instance %s follows epoch %d, in %v, and the flag record is of epoch %d: it was put back from a copy", i.ID, i.Acked, i.Phase, record.Epoch),
				Remedy:  "recover --confirm puts the record where the instance is; do not evict it, and start none until then"})
		case i.Acked != record.Epoch:
			unmet = append(unmet, Obstacle{Gate: GateFleet, Instance: i.ID,
				Problem: fmt.Sprintf("instance %s has acknowledged epoch %d of %d%s", i.ID, i.Acked, record.Epoch, note(i)),
				Remedy:  "wait until its calls have ended, or evict it after ending the process"})
		}
	}
	return unmet
}

func note(i Instance) string {
	if i.Note == "" {
		return ""
	}
	return ": " + i.Note
}
