// Package journaltest holds the conformance suite of journals: every sentence of the journal.Journal interface, as tests
// over a function that opens an empty journal.
package journaltest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// TB is the part of testing.T that the suite reports to, so that the suite can be tested itself.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Run runs the suite. open returns an empty journal; whatever a second call of open returns must be another one. Leases
// are real times of some hundred milliseconds; slow journals only make the suite slower.
func Run(t *testing.T, open func(t *testing.T) journal.Journal) {
	for _, c := range Cases() {
		t.Run(c.Name, func(t *testing.T) { c.Check(t, open(t)) })
	}
}

// Case is one part of the suite.
type Case struct {
	Name  string
	Check func(t TB, j journal.Journal)
}

// Cases returns the parts of the suite, each for an empty journal.
func Cases() []Case {
	return slices.Concat(rules(), handovers(), watching(), claimsOf(), copies(), times(), crowds())
}

// script is a journal under test, with helpers that fail the test on errors that the rules do not name.
type script struct {
	TB
	j journal.Journal
}

var ctx = context.Background()

const long = time.Hour

func key(id string) journal.Key { return journal.Key{Kind: "User", ID: id} }

var whole = journal.Key{Kind: "User", Whole: true}

func (s *script) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatalf("unexpected error: %v", err)
	}
}

func (s *script) begin(owner string, k journal.Key, primary phase.Store) journal.Token {
	s.Helper()
	token, err := s.j.Begin(ctx, owner, k, primary)
	s.must(err)
	return token
}

// begins is begin that checks the token's primary.
func (s *script) begins(owner string, k journal.Key, primary, want phase.Store) journal.Token {
	s.Helper()
	token := s.begin(owner, k, primary)
	if token.Primary != want {
		s.Errorf("Begin of %v with primary %v: the token's primary is %v, want %v", k, primary, token.Primary, want)
	}
	return token
}

func (s *script) end(k journal.Key, token journal.Token, clean bool) {
	s.Helper()
	s.must(s.j.End(ctx, k, token, clean))
}

func (s *script) mark(primary phase.Store, keys ...journal.Key) {
	s.Helper()
	s.must(s.j.MarkDirty(ctx, keys, primary))
}

func (s *script) copying(owner string, k journal.Key) (journal.Token, bool) {
	s.Helper()
	token, ok, err := s.j.BeginCopy(ctx, owner, k, 0)
	s.must(err)
	return token, ok
}

// mustCopy begins a copy that must be possible.
func (s *script) mustCopy(owner string, k journal.Key) journal.Token {
	s.Helper()
	token, ok := s.copying(owner, k)
	if !ok {
		s.Fatalf("BeginCopy of %v finds nothing to copy", k)
	}
	return token
}

func (s *script) noCopy(why string, k journal.Key) {
	s.Helper()
	if _, ok := s.copying("copier", k); ok {
		s.Errorf("BeginCopy of %v succeeds, though %s", k, why)
	}
}

// want is the state that a key should be in.
type want struct {
	primary     phase.Store
	active      int
	dirty       bool
	attempts    int
	quarantined bool
	cause       string
}

func (s *script) is(k journal.Key, w want) {
	s.Helper()
	e, ok, err := s.j.Lookup(ctx, k)
	s.must(err)
	if !ok {
		s.Errorf("%v is clean, want %+v", k, w)
		return
	}
	got := want{e.Primary, e.Active, e.Dirty, e.Attempts, e.Quarantined, e.Cause}
	if got != w || e.Key != k {
		s.Errorf("%v is %+v (of key %v), want %+v", k, got, e.Key, w)
	}
}

func (s *script) clean(keys ...journal.Key) {
	s.Helper()
	for _, k := range keys {
		e, ok, err := s.j.Lookup(ctx, k)
		s.must(err)
		if ok {
			s.Errorf("%v is unclean: %+v", k, e)
		}
	}
}

func (s *script) fails(what string, err, want error) {
	s.Helper()
	if !errors.Is(err, want) {
		s.Errorf("%s: got error %v, want %v", what, err, want)
	}
}

func (s *script) seq() journal.Seq {
	s.Helper()
	seq, err := s.j.Seq(ctx)
	s.must(err)
	return seq
}

// passed waits until Seq has passed all that was done so far. A journal in a database may hand out an older sequence while a
// transaction is open there, be it another database's.
func (s *script) passed() {
	s.Helper()
	scratch := journal.Key{Kind: "Scratch", ID: "1"}
	s.mark(phase.Old, scratch)
	entry, found, err := s.j.Lookup(ctx, scratch)
	s.must(err)
	if !found {
		s.Fatalf("%v was marked, and has no entry", scratch)
	}
	s.end(scratch, s.mustCopy("scratch", scratch), true)
	s.eventually("the sequence passes what was done", func() bool { return s.seq() >= entry.Seq })
}

func (s *script) unclean(q journal.Query) []journal.Entry {
	s.Helper()
	entries, err := s.j.Unclean(ctx, q)
	s.must(err)
	return entries
}

// lists checks the keys of a listing, in order.
func (s *script) lists(what string, q journal.Query, keys ...journal.Key) {
	s.Helper()
	var got []journal.Key
	for _, e := range s.unclean(q) {
		got = append(got, e.Key)
	}
	if fmt.Sprint(got) != fmt.Sprint(keys) {
		s.Errorf("%s: listed %v, want %v", what, got, keys)
	}
}

func (s *script) counts(kind string, want journal.Counts) {
	s.Helper()
	got, err := s.j.Counts(ctx, kind)
	s.must(err)
	if got != want {
		s.Errorf("Counts of kind %q: got %+v, want %+v", kind, got, want)
	}
}

// active checks that all the keys have activity since then, and none of the others.
func (s *script) active(since journal.Seq, yes, no []journal.Key) {
	s.Helper()
	keys, err := s.j.Activity(ctx, "User", since)
	s.must(err)
	listed := make(map[journal.Key]int)
	for _, k := range keys {
		listed[k]++
	}
	for _, k := range yes {
		if listed[k] != 1 {
			s.Errorf("Activity since %d lists %v %d times, want once", since, k, listed[k])
		}
	}
	for _, k := range no {
		if listed[k] > 0 {
			s.Errorf("Activity since %d lists %v, which had none", since, k)
		}
	}
}

// patience is enough for a journal whose server is busy with other work.
var patience = 3 * time.Minute

// eventually waits until done, for journals whose clocks are coarse.
func (s *script) eventually(what string, done func() bool) {
	s.Helper()
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
		if done() {
			return
		}
	}
	s.Fatalf("%s: not within %v", what, patience)
}

// scripted makes a case of a script.
func scripted(name string, check func(s *script)) Case {
	return Case{Name: name, Check: func(t TB, j journal.Journal) { check(&script{TB: t, j: j}) }}
}
