package dualtest

import (
	"context"
	"fmt"

	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/runtime/dual"
)

// lawRun tries the laws of one store in one sequence of calls. The wrapper is in a guarded phase, so that the journal tells
// the keys of every call, whether it reads or writes.
type lawRun[R any] struct {
	suite   Suite[R]
	book    *book
	ground  *ground
	stores  [2]R
	at      dual.Store // the store under test: the primary
	wrapper R
	kinds   []lawKind
	ctx     context.Context // of a transaction that is looked into; nil for none

	keys    keyring         // those that were drawn so far
	reads   []remembered[R] // calls that a glance repeats
	created map[string]bool // kinds of which a put made an entity
	last    *glance         // of the store as it is now, or nil
	done    []func() string // what was called, for messages
}

// lawKind is a kind that can be drawn and copied.
type lawKind struct {
	Kind
	copier dual.Copier
}

// remembered is a read that was drawn before.
type remembered[R any] struct {
	step Step[R]
	key  dual.Key // what it reads; the zero Key for a read of no kind
	call func(context.Context, R) outcome
	text func() string
}

// keyed reports whether the read's answer should come from one entity.
func (r remembered[R]) keyed() bool { return keyed(r.key) }

// enoughReads is how many reads a glance repeats.
const enoughReads = 6

// stage is a part of the laws that is tried by itself: what it needs was shown by the stages before it, so that the law that
// fails first is the one that is broken.
type stage[R any] func(run *lawRun[R]) map[string]func(*rapid.T)

// stages is how many every suite has.
const stages = 3

// laws tries the laws that hold of each store for itself, in random sequences: first those of what copies entities, then
// those of reads, those of all calls together, and those of transactions.
func (s Suite[R]) laws(t rapid.TB, open func() (old, new R), book *book) {
	t.Helper()
	s.stage(t, open, book, (*lawRun[R]).copies)
	book.refusals(t)
	s.stage(t, open, book, (*lawRun[R]).readings)
	s.stage(t, open, book, (*lawRun[R]).calls)
	if len(s.Transactions) > 0 {
		s.stage(t, open, book, transactionActions[R])
		book.refusals(t)
	}
}

// stage tries one part.
func (s Suite[R]) stage(t rapid.TB, open func() (old, new R), book *book, part stage[R]) {
	t.Helper()
	check(t, book, func(t *rapid.T) {
		if rapid.IntRange(0, stages-1).Draw(t, "rest") > 0 {
			return // the stages share the sequences: opening and looking is slow in a real store
		}
		run := s.beginLaws(t, open, book)
		defer run.end(t)
		if actions := part(run); len(actions) > 0 {
			t.Repeat(actions)
		}
	})
}

// copies are what the copiers do.
func (r *lawRun[R]) copies() map[string]func(*rapid.T) {
	actions := map[string]func(*rapid.T){}
	for _, kind := range r.kinds {
		actions["put "+kind.name] = func(t *rapid.T) { r.put(t, kind) }
		actions["delete "+kind.name] = func(t *rapid.T) { r.delete(t, kind) }
		if kind.copier.CanScan() {
			actions["scan "+kind.name] = func(t *rapid.T) { r.scan(t, kind) }
		} else {
			r.book.cannot(scanComplete, kind.name, "no scan")
		}
	}
	return actions
}

// readings are the reads, between entities that are put and deleted.
func (r *lawRun[R]) readings() map[string]func(*rapid.T) {
	actions := map[string]func(*rapid.T){}
	for _, step := range r.suite.comparableSteps() {
		if step.info.Kind == dual.KindRead {
			actions[step.method()] = func(t *rapid.T) { r.read(t, step) }
		}
	}
	if len(actions) > 0 {
		actions["change something"] = func(t *rapid.T) { r.disturb(t, dual.Key{}) }
	}
	return actions
}

// calls are what the copiers do, the reads, and the writes outside of transactions.
func (r *lawRun[R]) calls() map[string]func(*rapid.T) {
	actions := r.copies()
	for _, step := range r.suite.comparableSteps() {
		if step.info.Kind == dual.KindRead {
			actions[step.method()] = func(t *rapid.T) { r.read(t, step) }
		} else {
			actions[step.method()] = func(t *rapid.T) { r.write(t, step) }
		}
	}
	return actions
}

// beginLaws opens two stores, one of which is under test.
func (s Suite[R]) beginLaws(t *rapid.T, open func() (old, new R), book *book) *lawRun[R] {
	phase := showing(rapid.SampledFrom([]dual.Phase{dual.OldGuarded, dual.NewGuarded})).Draw(t, "phase").value
	g, err := newGround(phase)
	if err != nil {
		t.Fatalf("the migration does not start: %v", err)
	}
	run := &lawRun[R]{suite: s, book: book, ground: g, at: phase.Primary(), created: map[string]bool{}}
	run.stores[dual.Old], run.stores[dual.New] = open()
	if same(run.stores[dual.Old], run.stores[dual.New]) {
		failOneStore(t, "the old and the new store are one value")
	}
	for i, store := range run.stores {
		book.stores[i] = packageOf(store)
	}
	run.wrapper = s.Wrap(run.stores[dual.Old], run.stores[dual.New], g.migration)
	run.kinds = s.copied(g.migration)
	return run
}

// copied are the kinds that can be drawn, and that a migration copies.
func (s Suite[R]) copied(m *dual.Migration) []lawKind {
	var kinds []lawKind
	for _, kind := range s.Kinds {
		if copier := copierOf(m, kind.name); copier != nil && kind.draw != nil {
			kinds = append(kinds, lawKind{kind, copier})
		}
	}
	return kinds
}

// end closes the migration.
func (r *lawRun[R]) end(t *rapid.T) {
	if err := r.ground.close(); err != nil {
		t.Errorf("the migration does not close: %v", err)
	}
}

// store is the store under test.
func (r *lawRun[R]) store() R { return r.stores[r.at] }

// did notes what was done, for messages.
func (r *lawRun[R]) did(format string, args ...any) {
	r.done = append(r.done, func() string { return fmt.Sprintf(format, args...) })
}

// context is what the store is looked at with.
func (r *lawRun[R]) context() context.Context {
	if r.ctx == nil {
		return context.Background()
	}
	return r.ctx
}

// changed says that the store may be another one now than at the last glance.
func (r *lawRun[R]) changed() { r.last = nil }

// meet notes a key that was drawn.
func (r *lawRun[R]) meet(key dual.Key) {
	if r.keys.meet(key) {
		r.last = nil
	}
}

// wrote notes the keys that a write has declared.
func (r *lawRun[R]) wrote(declared []dual.Key) {
	for _, key := range declared {
		r.meet(key)
		if !keyed(key) {
			r.keys.vague = append(r.keys.vague, key.Kind)
		}
	}
}

// remember notes a read for glances to come.
func (r *lawRun[R]) remember(read remembered[R]) {
	if len(r.reads) == enoughReads {
		r.reads = r.reads[1:]
	}
	r.reads = append(r.reads, read)
	r.last = nil
}

// breaks fails the test: a law does not hold. A store that does not even answer alike twice in a row, with nothing between,
// breaks another law than the one that noticed.
func (r *lawRun[R]) breaks(t *rapid.T, law Law, format string, args ...any) {
	what := fmt.Sprintf(format, args...)
	if unsteady := r.compare(r.glance(), r.glance(), nil); unsteady != "" {
		law, what = readChangesNone, "two looks in a row differ: "+unsteady
	}
	r.book.failLaw(t, law, fmt.Sprintf("the %v store", r.at), what, r.done)
}

// copierOf finds what copies a kind, or nil.
func copierOf(m *dual.Migration, kind string) dual.Copier {
	for _, copier := range m.Copiers() {
		if copier.Kind() == kind {
			return copier
		}
	}
	return nil
}
