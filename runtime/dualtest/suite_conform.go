package dualtest

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
)

// Conform runs random sequences of calls on the old store alone, the new store alone and the wrapper over two more, whose
// phase changes in between, and demands equal results everywhere and equal stores in the end. open returns two empty
// stores that nothing else uses; it is called twice for each sequence.
//
// A failure prints the shortest sequence found that still fails, and the flag that repeats it.
func (s Suite[R]) Conform(t rapid.TB, open func() (old, new R)) {
	t.Helper()
	steps := s.comparableSteps()
	rapid.Check(t, func(t *rapid.T) {
		run := s.begin(t, open)
		defer run.end(t)
		actions := map[string]func(*rapid.T){
			"phase forward": func(t *rapid.T) { run.move(t, +1) },
			"phase back":    func(t *rapid.T) { run.move(t, -1) },
		}
		for _, step := range steps {
			actions[step.method()] = func(t *rapid.T) { run.do(t, step) }
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
	ground   *ground
	old, new R // alone
	wrapper  R
	done     []string // what was called, for messages
	// apart is set when the stores have made different keys for one entity: from then on they hold different entities, and
	// the sequence goes on with the wrapper alone, whose two stores must stay equal.
	apart bool
}

// begin opens the stores. A sequence begins in OldPrimary: with both stores empty, nothing need be copied before it.
func (s Suite[R]) begin(t *rapid.T, open func() (old, new R)) *sequence[R] {
	g, err := newGround(dual.OldPrimary)
	if err != nil {
		t.Fatalf("the migration does not start: %v", err)
	}
	run := &sequence[R]{suite: s, ground: g}
	run.old, run.new = open()
	old, new := open()
	run.wrapper = s.Wrap(old, new, g.migration)
	return run
}

// do runs one step everywhere.
func (q *sequence[R]) do(t *rapid.T, step Step[R]) {
	ctx := context.Background()
	call := step.draw(t)
	q.done = append(q.done, fmt.Sprintf("%s in %v", step.method(), q.ground.migration.Phase()))
	both := call(ctx, q.wrapper)
	if !q.apart {
		old, new := call(ctx, q.old), call(ctx, q.new)
		q.agree(t, step, "the old and the new store", old, new)
		q.agree(t, step, "the old store and the wrapper", old, both)
	}
	q.clean(t, step, both.err != nil)
}

// agree demands equal outcomes, but for keys that the stores make.
func (q *sequence[R]) agree(t *rapid.T, step Step[R], who string, a, b outcome) {
	difference := q.suite.disagree(a, b)
	switch {
	case difference == "":
	case step.made && a.err == nil && b.err == nil:
		q.apart = true
	default:
		q.fail(t, "%s disagree: %s", who, difference)
	}
}

// fail ends the sequence with what led to it.
func (q *sequence[R]) fail(t *rapid.T, format string, args ...any) {
	t.Fatalf("%s\nafter:\n  %s", fmt.Sprintf(format, args...), strings.Join(q.done, "\n  "))
}

// clean demands that no mirror write has failed: the stores work, so that nothing needs a reconciler but what the journal
// cannot know to be clean, which is repaired here: a call that the primary refused, which may hide an effect, and a write of
// unknown keys, or of those that were listed.
func (q *sequence[R]) clean(t *rapid.T, step Step[R], unsure bool) {
	entries, err := q.ground.unclean()
	if err != nil {
		t.Fatalf("the journal does not answer: %v", err)
	}
	for _, entry := range entries {
		switch {
		case unsure:
		case entry.Key.Whole && step.lists:
			q.fail(t, "%v is unclean: its keys could not be listed: %v", entry.Key, q.ground.heard.why())
		case !entry.Key.Whole && !step.lists:
			q.fail(t, "%v is unclean: its mirror write failed", entry.Key)
		}
		if err := q.repair(entry); err != nil {
			q.fail(t, "%v cannot be repaired: %v", entry.Key, err)
		}
	}
}

// repair makes both stores equal in what an entry stands for, and the entry clean.
func (q *sequence[R]) repair(entry journal.Entry) error {
	ctx := context.Background()
	copier := q.copier(entry.Key.Kind)
	if copier == nil || entry.Key.Whole && !copier.CanScan() {
		return nil // it stays unclean, and guarded reads follow it
	}
	token, ok, err := q.ground.journal.BeginCopy(ctx, "suite", entry.Key, 0)
	if err != nil || !ok {
		return errors.Join(err, errors.New("its entry is in use"))
	}
	keys := []dual.Key{entry.Key}
	if entry.Key.Whole {
		if keys, err = keysOf(copier); err != nil {
			return err
		}
	}
	for _, key := range keys {
		if err := copier.Copy(ctx, key, token.Primary); err != nil {
			return err
		}
	}
	return q.ground.journal.End(ctx, entry.Key, token, true)
}

// keysOf lists the keys that either store holds.
func keysOf(copier dual.Copier) ([]dual.Key, error) {
	var keys []dual.Key
	for _, store := range []dual.Store{dual.Old, dual.New} {
		rows, err := list(copier, store)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			keys = append(keys, row.Key)
		}
	}
	return keys, nil
}

func (q *sequence[R]) copier(kind string) dual.Copier {
	for _, copier := range q.ground.migration.Copiers() {
		if copier.Kind() == kind {
			return copier
		}
	}
	return nil
}

// list reads all entities of a kind in one store.
func list(copier dual.Copier, store dual.Store) ([]dual.Row, error) {
	var all []dual.Row
	for cursor := ""; ; {
		rows, next, err := copier.Page(context.Background(), store, cursor, 100)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
		if next == "" {
			return all, nil
		}
		cursor = next
	}
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
	q.done = append(q.done, "phase "+next.String())
}

// end compares the wrapper's stores as a whole and closes the migration.
func (q *sequence[R]) end(t *rapid.T) {
	for _, copier := range q.ground.migration.Copiers() {
		if copier.CanScan() && !t.Failed() {
			q.compare(t, copier)
		}
	}
	if err := q.ground.close(); err != nil {
		t.Errorf("the migration does not close: %v", err)
	}
}

// compare demands that both stores hold the same entities of a kind.
func (q *sequence[R]) compare(t *rapid.T, copier dual.Copier) {
	old, err := list(copier, dual.Old)
	if err != nil {
		q.fail(t, "list %s in old: %v", copier.Kind(), err)
	}
	new, err := list(copier, dual.New)
	if err != nil {
		q.fail(t, "list %s in new: %v", copier.Kind(), err)
	}
	byKey := map[dual.Key]dual.Row{}
	for _, row := range new {
		byKey[row.Key] = row
	}
	for _, row := range old {
		other, ok := byKey[row.Key]
		if !ok {
			q.fail(t, "%v is in the old store only", row.Key)
		}
		delete(byKey, row.Key)
		for _, d := range copier.Diff(row, other) {
			q.fail(t, "%v differs in %s: %#v against %#v", row.Key, d.Path, d.Old, d.New)
		}
	}
	for key := range byKey {
		q.fail(t, "%v is in the new store only", key)
	}
}
