// Package audit holds what the stores have against what the ledgers say.
package audit

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/dualgen/dualgen/test/crash/internal/ledger"
)

// Round is one stretch of traffic between two moments in which nothing was written.
type Round struct {
	Before, After map[string]ledger.State // what the primary had; absent keys may be left out
	Calls         []ledger.Call
	// ByField holds each field's history apart, for a store that keeps an order of writes for each column only.
	ByField bool
}

// Report is what an audit found.
type Report struct {
	Lost         []string // acknowledged writes that are gone, or states that nobody wrote
	Illegal      []string // keys whose history is not linearizable
	Acknowledged int      // writes
	Operations   int      // in histories that were decided
	Undecided    int      // keys whose histories took too long
	Refused      int
	Unknown      int
}

// patience bounds the search of one round.
const patience = 20 * time.Second

// Check audits a round.
func Check(r Round) Report {
	var report Report
	byKey := make(map[string][]ledger.Call)
	for _, call := range r.Calls {
		switch {
		case call.Outcome == ledger.Refused:
			report.Refused++
			continue
		case call.Op == ledger.Get && call.Outcome == ledger.Unknown:
			continue
		case call.Op != ledger.Get && call.Outcome == ledger.Done:
			report.Acknowledged++
		case call.Op != ledger.Get:
			report.Unknown++
		}
		byKey[call.Key] = append(byKey[call.Key], call)
	}
	for _, all := range []map[string]ledger.State{r.Before, r.After} {
		for key := range all {
			byKey[key] = append(byKey[key], nil...)
		}
	}
	seen := seenIn(r)
	deadline := time.Now().Add(patience)
	for key, calls := range byKey {
		for _, field := range fields {
			if problem := field.lost(r.Before[key], calls, r.After[key]); problem != "" {
				report.Lost = append(report.Lost, key+": "+problem)
			}
		}
		report.decide(key, r, slices.DeleteFunc(calls, seen.without), time.Until(deadline))
	}
	slices.Sort(report.Lost)
	slices.Sort(report.Illegal)
	return report
}

// sightings are the values and notes that anybody read.
type sightings map[int64]bool

func seenIn(r Round) sightings {
	seen := make(sightings)
	for _, call := range r.Calls {
		seen[call.Read.Value], seen[call.Read.Note] = true, true
	}
	for _, state := range r.After {
		seen[state.Value], seen[state.Note] = true, true
	}
	return seen
}

// without reports whether a call can be left out of its history without a change of the verdict: a write without an
// answer whose value and note nobody ever read. It may come after everything; and wherever else it came, another write
// had replaced it before the next read.
func (seen sightings) without(call ledger.Call) bool {
	switch {
	case call.Outcome != ledger.Unknown:
		return false
	case call.Op == ledger.Put:
		return !seen[call.Wrote.Value]
	}
	return call.Op == ledger.SetNote && !seen[call.Wrote.Note]
}

// decide looks for an order of a key's calls that explains every answer.
func (report *Report) decide(key string, r Round, calls []ledger.Call, left time.Duration) {
	views := []func(ledger.State) ledger.State{func(s ledger.State) ledger.State { return s }}
	if r.ByField {
		views = []func(ledger.State) ledger.State{
			func(s ledger.State) ledger.State { return ledger.State{Value: s.Value} },
			func(s ledger.State) ledger.State { return ledger.State{Note: s.Note} },
		}
	}
	for _, view := range views {
		history := history(r.Before[key], calls, r.After[key])
		result := porcupine.CheckOperationsTimeout(model(view), history, max(left, time.Millisecond))
		switch result {
		case porcupine.Ok:
			report.Operations += len(history)
		case porcupine.Illegal:
			report.Illegal = append(report.Illegal, fmt.Sprintf("%s: no order explains these calls:\n%s", key, describe(calls, r.After[key])))
		default:
			report.Undecided++
		}
	}
}

// history makes porcupine's operations. A write without an answer may happen at any time later, or never: it has no end.
func history(before ledger.State, calls []ledger.Call, after ledger.State) []porcupine.Operation {
	var end time.Duration
	begin := time.Duration(math.MaxInt64)
	for _, call := range calls {
		begin, end = min(begin, call.Began), max(end, call.Began, call.Ended)
	}
	if len(calls) == 0 {
		begin, end = 3, 3
	}
	history := []porcupine.Operation{
		{Input: ledger.Call{Op: ledger.Get}, Output: before, Call: int64(begin) - 2, Return: int64(begin) - 1},
		{Input: ledger.Call{Op: ledger.Get}, Output: after, Call: int64(end) + 1, Return: int64(end) + 2},
	}
	for i, call := range calls {
		ended := int64(call.Ended)
		if call.Outcome == ledger.Unknown {
			ended = math.MaxInt64
		}
		history = append(history, porcupine.Operation{ClientId: i + 1, Input: call, Output: call.Read, Call: int64(call.Began), Return: ended})
	}
	return history
}

// unset is the state before the first read, which tells what it is.
type unset struct{}

// model is one entity, as seen by view.
func model(view func(ledger.State) ledger.State) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return unset{} },
		Step: func(state, input, output any) (bool, any) {
			call := input.(ledger.Call)
			if _, first := state.(unset); first {
				return call.Op == ledger.Get, output
			}
			now := state.(ledger.State)
			if call.Op == ledger.Get {
				return view(now) == view(output.(ledger.State)), now
			}
			return true, apply(now, call)
		},
	}
}

// apply is the state after a write.
func apply(now ledger.State, call ledger.Call) ledger.State {
	switch call.Op {
	case ledger.Put:
		return call.Wrote
	case ledger.Delete:
		return ledger.State{}
	case ledger.Sweep:
		if now.Value%16 == call.Wrote.Value { // it is not 0, which is no value
			return ledger.State{}
		}
	case ledger.SetNote:
		now.Present, now.Note = true, call.Wrote.Note
	}
	return now
}

// field is a part of the state that some of the writes bring.
type field struct {
	name string
	of   func(ledger.State) int64
	by   []ledger.Op
}

var fields = []field{
	{"value", func(s ledger.State) int64 { return s.Value }, []ledger.Op{ledger.Put, ledger.Delete, ledger.Sweep}},
	{"note", func(s ledger.State) int64 { return s.Note }, []ledger.Op{ledger.Put, ledger.Delete, ledger.Sweep, ledger.SetNote}},
}

// leaves is what a write leaves in the field, if it has any effect.
func (f field) leaves(call ledger.Call) int64 {
	if call.Op == ledger.Sweep {
		return 0
	}
	return f.of(call.Wrote)
}

// lost says which acknowledged write a field's last value is older than, or that nobody wrote it.
func (f field) lost(before ledger.State, calls []ledger.Call, after ledger.State) string {
	newest := ledger.Call{Began: -1} // the acknowledged write that began last
	for _, call := range calls {
		if slices.Contains(f.by, call.Op) && call.Op != ledger.Sweep && call.Outcome == ledger.Done && call.Began > newest.Began {
			newest = call
		}
	}
	explained := newest.Began < 0 && f.of(before) == f.of(after)
	written := f.of(before) == f.of(after)
	for _, call := range calls {
		if !slices.Contains(f.by, call.Op) || f.leaves(call) != f.of(after) {
			continue
		}
		written = true
		explained = explained || call.Outcome == ledger.Unknown || call.Ended >= newest.Began
	}
	switch {
	case explained:
		return ""
	case !written:
		return fmt.Sprintf("%s is %d, which nobody wrote", f.name, f.of(after))
	}
	return fmt.Sprintf("%s is %d, but %s of %d was acknowledged later", f.name, f.of(after), newest.Op, f.of(newest.Wrote))
}

// describe lists a key's calls by their beginning.
func describe(calls []ledger.Call, after ledger.State) string {
	sorted := slices.SortedFunc(slices.Values(calls), func(a, b ledger.Call) int { return int(a.Began - b.Began) })
	text := ""
	for _, call := range sorted {
		text += fmt.Sprintf("  %v to %v: %s %+v %s %+v\n", call.Began, call.Ended, call.Op, call.Wrote, call.Outcome, call.Read)
	}
	return text + fmt.Sprintf("  at the end: %+v\n", after)
}

// Compare lists the keys on which two stores differ.
func Compare(old, new map[string]ledger.State) []string {
	var differences []string
	for key, a := range old {
		if b := new[key]; a != b {
			differences = append(differences, fmt.Sprintf("%s: old has %+v, new has %+v", key, a, b))
		}
	}
	for key, b := range new {
		if _, inOld := old[key]; !inOld {
			differences = append(differences, fmt.Sprintf("%s: old has nothing, new has %+v", key, b))
		}
	}
	slices.Sort(differences)
	return differences
}
