package dualtest

import (
	"context"
	"fmt"

	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/runtime/dual"
)

// Conform tries the laws over two real stores. First those that hold of each store for itself, with what the generator
// decided about it: see [Laws]. Then it runs random sequences of calls on the old store alone, the new store alone and the
// wrapper over two more, whose phase changes in between and whose mirror fails now and then, and demands equal results
// everywhere and equal stores in the end. open returns two empty stores that nothing else uses; it is called about three
// times for each sequence.
//
// A failure names the law, and prints the shortest sequence found that still breaks it and the flag that repeats it. What
// was tested, and what could not be, is logged, and written down where the environment asks for it: see [ProvedVariable].
func (s Suite[R]) Conform(t rapid.TB, open func() (old, new R)) {
	t.Helper()
	book := newBook()
	s.limits(book)
	s.laws(t, open, book)
	s.agreement(t, open, book)
	book.report(t)
	book.demandAny(t)
	s.record(t, book)
}

// agreement runs sequences on both stores and on the wrapper.
func (s Suite[R]) agreement(t rapid.TB, open func() (old, new R), book *book) {
	t.Helper()
	steps := s.comparableSteps()
	check(t, book, func(t *rapid.T) {
		run := s.begin(t, open, book)
		defer run.end(t)
		actions := map[string]func(*rapid.T){
			"phase forward": func(t *rapid.T) { run.move(t, +1) },
			"phase back":    func(t *rapid.T) { run.move(t, -1) },
			"mirror down":   func(t *rapid.T) { run.miss(t, steps) },
		}
		for _, step := range steps {
			actions[step.method()] = func(t *rapid.T) { run.do(t, step, run.wrapper, false) }
		}
		for _, x := range s.Transactions {
			if len(steps) > 0 {
				actions[x.method()] = func(t *rapid.T) { run.transact(t, x, run.wrapper, false) }
			}
		}
		t.Repeat(actions)
	})
}

// comparableSteps are the steps whose results two stores must agree on, and that can be repeated.
func (s Suite[R]) comparableSteps() []Step[R] {
	var steps []Step[R]
	for _, step := range s.Steps {
		if kind := step.info.Kind; (kind == dual.KindRead || kind == dual.KindWrite || kind == dual.KindDelete) &&
			step.info.Mirror != dual.Skip {
			steps = append(steps, step)
		}
	}
	return steps
}

// sequence is one sequence of calls.
type sequence[R any] struct {
	suite    Suite[R]
	book     *book
	ground   *ground
	old, new R    // alone
	stores   [2]R // the wrapper's
	wrapper  R
	lame     [2]*lame[R] // wrappers whose mirror fails, by their primary; nil where there is none yet
	reads    []remembered[R]
	writes   []written       // what was written through the wrapper, in order
	done     []func() string // what was called, for messages
	// apart is set when the stores have made different keys for one entity: from then on they hold different entities, and
	// the sequence goes on with the wrapper alone, whose two stores must stay equal.
	apart bool
}

// begin opens the stores. A sequence begins in OldPrimary: with both stores empty, nothing need be copied before it.
func (s Suite[R]) begin(t *rapid.T, open func() (old, new R), book *book) *sequence[R] {
	g, err := newGround(dual.OldPrimary)
	if err != nil {
		t.Fatalf("the migration does not start: %v", err)
	}
	run := &sequence[R]{suite: s, book: book, ground: g}
	run.old, run.new = open()
	run.stores[dual.Old], run.stores[dual.New] = open()
	run.wrapper = s.Wrap(run.stores[dual.Old], run.stores[dual.New], g.migration)
	return run
}

// did notes what was done, for messages.
func (q *sequence[R]) did(format string, args ...any) {
	q.done = append(q.done, func() string { return fmt.Sprintf(format, args...) })
}

// do runs one step everywhere, on the given wrapper. Where its mirror is down, what is unclean is expected.
func (q *sequence[R]) do(t *rapid.T, step Step[R], wrapper R, down bool) {
	ctx := context.Background()
	call, text := drawCall(t, step)
	note := ""
	if down {
		note = ", the mirror failing"
	}
	q.did("%s in %v%s", lazily(text), q.ground.migration.Phase(), note)
	q.ground.journal.forget()
	both := call(ctx, wrapper)
	if step.info.Kind != dual.KindRead {
		q.wrote(text, q.ground.journal.declared(step.made, step.lists), down)
	}
	if !q.apart {
		old, new := call(ctx, q.old), call(ctx, q.new)
		if q.agree(t, step, ofStores, old, new) {
			if old.err != nil {
				q.book.count(errorsAlike, step.method())
			}
			if q.book.called(step.method(), q.suite.unknown(step, old.err)) {
				q.book.count(answersAlike, step.method())
			}
		}
		if q.agree(t, step, ofWrapper, old, both) {
			q.book.count(wrapperAlike, step.method())
		}
	}
	if step.info.Kind == dual.KindRead {
		q.remember(remembered[R]{step: step, call: call, text: text})
	}
	if !down {
		q.clean(t, both.err != nil, step.lists)
	}
}

// remember notes a read for comparisons to come.
func (q *sequence[R]) remember(read remembered[R]) {
	if len(q.reads) == enoughReads {
		q.reads = q.reads[1:]
	}
	q.reads = append(q.reads, read)
}

// agree demands equal outcomes, but for keys that the stores make. It reports whether they are.
func (q *sequence[R]) agree(t *rapid.T, step Step[R], of whose, a, b outcome) bool {
	law, difference := q.suite.disagree(a, b, of)
	who := "the old and the new store"
	switch {
	case difference == "":
		return true
	case step.made && a.err == nil && b.err == nil:
		q.apart = true
		return false
	case of == ofWrapper:
		law, who = wrapperAlike, "the old store and the wrapper"
	case law == answersAlike:
		difference += orderHint(step.method(), a.values, b.values)
	}
	q.fail(t, law, who, "they answer "+step.method()+" otherwise: "+difference)
	return false
}

// fail ends the sequence: a law is broken.
func (q *sequence[R]) fail(t *rapid.T, law Law, who, what string) {
	q.book.failLaw(t, law, who, what, q.done)
}

// move takes one step along the phases in which both stores are written, where the gates that need no operator let it.
func (q *sequence[R]) move(t *rapid.T, by int) {
	next := dual.Phase(int(q.ground.migration.Phase()) + by)
	if next < dual.OldPrimary || next > dual.NewPrimary {
		return
	}
	if !next.Guarded() { // no key may still follow the store that is left
		counts, err := q.ground.journal.Counts(context.Background(), "")
		if err != nil || counts.Primary[next.Primary().Other()] > 0 {
			return
		}
	}
	if err := q.ground.set(next); err != nil {
		t.Fatalf("%v", err)
	}
	q.did("phase %v", next)
}

// end compares the wrapper's stores as a whole and closes the migration.
func (q *sequence[R]) end(t *rapid.T) {
	if !t.Failed() {
		q.reconciled(t)
	}
	for _, lame := range q.lame {
		if lame != nil {
			if err := q.ground.closeInstance(lame.migration); err != nil {
				t.Errorf("the migration does not close: %v", err)
			}
		}
	}
	if err := q.ground.close(); err != nil {
		t.Errorf("the migration does not close: %v", err)
	}
}
