// Package doctor looks for what is wrong with a migration before it hurts: its stores, their schema, clocks, time limits, and whether all
// instances are of one fleet.
package doctor

import (
	"context"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
)

// Level is how bad a finding is.
type Level string

// The levels.
const (
	OK      Level = "ok"
	Warning Level = "warning" // it may be right, or cannot be told
	Problem Level = "problem" // it will lose something, or stand in the way
)

// Finding is one thing that was looked at.
type Finding struct {
	Check  string `json:"check"`
	Level  Level  `json:"level"`
	What   string `json:"what"`
	Why    string `json:"why,omitempty"`    // it matters
	Remedy string `json:"remedy,omitempty"` // a command to paste, where there is one
}

// Patient is what is looked at.
type Patient struct {
	Migration *dual.Migration
	Control   control.Control
	Probe     bool // write, read and delete an entity of each kind in the store that is not in use
}

// timeout bounds one question to a store.
const timeout = 30 * time.Second

// examination is one run.
type examination struct {
	Patient
	record   control.Record
	own      [2]control.Identity
	findings []Finding
}

func (e *examination) ok(check, format string, args ...any) {
	e.add(Finding{Check: check, Level: OK, What: fmt.Sprintf(format, args...)})
}

func (e *examination) add(f Finding) { e.findings = append(e.findings, f) }

// Examine looks at everything, and goes on after a finding.
func Examine(ctx context.Context, p Patient) []Finding {
	e := &examination{Patient: p}
	if !e.lookAtRecord(ctx) {
		return e.findings
	}
	e.lookAtJournal(ctx)
	e.lookAtStores(ctx)
	e.lookAtKinds(ctx)
	e.lookAtTimeouts()
	e.lookAtClock(ctx)
	e.lookAtFleet(ctx)
	if p.Probe {
		e.probe(ctx)
	}
	return e.findings
}

// lookAtRecord reports whether the control store answers, so that there is more to look at.
func (e *examination) lookAtRecord(ctx context.Context) bool {
	var err error
	e.record, err = e.Control.Load(ctx)
	switch {
	case err != nil:
		e.add(Finding{"record", Problem, fmt.Sprintf("the control store does not answer: %v", err),
			"instances keep their phase until their lease ends, then they refuse calls", "mend the database that holds the control store; then: doctor"})
		return false
	case e.record.Revision == 0:
		e.add(Finding{"record", Problem, "there is no flag record", "an instance never makes up a phase: it refuses every call", "init"})
	default:
		e.ok("record", "%v, epoch %d", e.record.Phase, e.record.Epoch)
	}
	return true
}

func (e *examination) lookAtJournal(ctx context.Context) {
	counts, err := e.Migration.Journal().Counts(ctx, "")
	switch {
	case err != nil:
		e.add(Finding{"journal", Problem, fmt.Sprintf("the journal does not answer: %v", err),
			"in the guarded phases calls are refused without it; in the other mirrored ones every write costs a new proof", "mend the database that holds the journal; then: doctor"})
	case counts.Quarantined > 0:
		e.add(Finding{"journal", Warning, counts.Text(counts.Quarantined) + " keys are quarantined", "nobody copies them any more, and they block the next step", "quarantine list"})
	default:
		e.ok("journal", "it answers; %s unclean keys", counts.Text(counts.Unclean()))
	}
}

// skew is how far the clocks of a process and of the control store's database may be apart before anybody is told.
const skew = time.Second

func (e *examination) lookAtClock(ctx context.Context) {
	clock, ok := e.Control.(control.Clock)
	if !ok {
		e.ok("clock", "the control store goes by this machine's clock")
		return
	}
	before := time.Now()
	there, err := clock.Now(ctx)
	if err != nil {
		e.add(Finding{"clock", Warning, fmt.Sprintf("the control store does not tell its time: %v", err), "leases go by its clock", "doctor"})
		return
	}
	here := before.Add(time.Since(before) / 2)
	if off := there.Sub(here).Abs(); off > skew+time.Since(before) {
		e.add(Finding{"clock", Problem, fmt.Sprintf("this machine's clock and that of the control store's database are %v apart", off.Round(time.Millisecond)),
			"a cutoff, and the age of certificates, go by the clocks of the processes; leases by the database's", "timedatectl set-ntp true"})
		return
	}
	e.ok("clock", "as the control store's, within %v", skew)
}
