// Package report holds the diagnostics of a run. Each says where, what is wrong and what would put it right; the last two are
// texts for people, and nothing may hang on their wording: a stage that asks what another reported asks for the cause.
package report

import (
	"fmt"
	"go/scanner"
	"go/token"
	"slices"
	"strings"
)

// Cause is why something was reported, for stages that ask what others reported.
type Cause uint8

// The causes that a stage asks for.
const (
	Other       Cause = iota // no stage asks for it
	Compiler                 // the compiler's own words, about the user's source or about output
	Proposed                 // a proposal waits for a person
	Open                     // a decision is open: About names the method or the entity
	ErrorUnsaid              // nothing says by which of their errors the stores say one of the interface's; About names those
)

// Diagnostic is one thing that is in the way, or that nobody has decided.
type Diagnostic struct {
	Pos    token.Position // as people see it: it follows //line
	What   string
	Remedy string // lines; "" where What says it all
	Cause  Cause
	About  string // what the cause concerns: an entity, a method

	Joined  []string // the matters of other open decisions that are a part of this question
	Matter  string   // of an open decision: what is open, the same for everything that it is open of
	Answers []Answer // directives, of which each would be an answer, the likeliest first
	// Proposed is the directive that is likely right, as it stands in the source; "" where none is.
	Proposed string

	// Of is the interface that is asked about, where the same may be asked about others of its package, and Ask asks about several.
	Of  string
	Ask func(of []string) (what, remedy string)
}

// Answer is a directive that would settle what is open.
type Answer struct {
	Line    string   // without the names of methods
	Methods []string // that it would stand above; none where it would stand above the interface
}

// message is the text below a position: what is wrong and, on indented lines, the remedy.
func (d Diagnostic) message() string {
	msg := d.What
	for line := range strings.SplitSeq(d.Remedy, "\n") {
		if line != "" {
			msg += "\n\t" + line
		}
	}
	return msg
}

// List collects the diagnostics of a run.
type List struct {
	all []Diagnostic
}

// Add reports what is wrong at a position, and the remedy.
func (l *List) Add(pos token.Position, what, remedy string) {
	l.Put(Diagnostic{Pos: pos, What: what, Remedy: remedy})
}

// Addf is Add with a formatted description.
func (l *List) Addf(pos token.Position, remedy, format string, args ...any) {
	l.Add(pos, fmt.Sprintf(format, args...), remedy)
}

// Find returns what is open of a method or an entity, in some matter; "" stands for any. It is nil where nothing is.
func (l *List) Find(about, matter string) *Diagnostic {
	for i := range l.all {
		if d := &l.all[i]; d.Cause == Open && (about == "" || d.About == about) && (matter == "" || d.Matter == matter) {
			return d
		}
	}
	return nil
}

// Each calls f for each diagnostic, which it may change.
func (l *List) Each(f func(*Diagnostic)) {
	for i := range l.all {
		f(&l.all[i])
	}
}

// Put adds diagnostics as they are.
func (l *List) Put(all ...Diagnostic) { l.all = append(l.all, all...) }

// Compiler adds the errors of the compiler or of another stage that speaks as it does.
func (l *List) Compiler(list scanner.ErrorList) {
	for _, e := range list {
		l.Put(Diagnostic{Pos: e.Pos, What: e.Msg, Cause: Compiler})
	}
}

// Any reports whether something was reported.
func (l *List) Any() bool { return len(l.all) > 0 }

// Len is how many diagnostics were reported, those that were reported twice included.
func (l *List) Len() int { return len(l.all) }

// All are the diagnostics in the order of their positions, each fault once.
func (l *List) All() []Diagnostic {
	all := slices.Clone(l.all)
	slices.SortStableFunc(all, func(a, b Diagnostic) int {
		pair := scanner.ErrorList{{Pos: a.Pos, Msg: a.message()}, {Pos: b.Pos, Msg: b.message()}}
		switch {
		case pair.Less(0, 1):
			return -1
		case pair.Less(1, 0):
			return 1
		}
		return 0
	})
	return slices.CompactFunc(all, func(a, b Diagnostic) bool { return a.Pos == b.Pos && a.message() == b.message() })
}

// Err is everything that was reported as a [scanner.ErrorList], sorted and each fault once, or nil.
func (l *List) Err() error {
	var list scanner.ErrorList
	for _, d := range together(l.All()) {
		list.Add(d.Pos, d.message())
	}
	return list.Err()
}
