package dualtest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
)

// clean demands that no mirror write has failed: the stores work, so that nothing needs a reconciler but what the journal
// cannot know to be clean, which is repaired here: a call that the primary refused, which may hide an effect, and a write of
// unknown keys, or of those that were listed.
func (q *sequence[R]) clean(t *rapid.T, unsure, lists bool) {
	for _, entry := range q.unclean(t) {
		from, to := entry.Primary, entry.Primary.Other()
		switch {
		case unsure, q.toldElsewhere(), copierOf(q.ground.migration, entry.Key.Kind) == nil: // what nothing here copies stays unclean
		case entry.Key.Whole && lists:
			q.fail(t, mirrorsReconciled, fmt.Sprintf("the %v store", from),
				fmt.Sprintf("the keys that a write touches could not be listed in it%s: %v", q.blame(entry.Key), q.ground.heard.why()))
		case !entry.Key.Whole && !lists:
			q.fail(t, mirrorsReconciled, fmt.Sprintf("the %v store", to),
				fmt.Sprintf("%s could not be written to it as it is in the %v store%s: %v", name(entry.Key), from, q.blame(entry.Key), q.ground.heard.why()))
		}
		q.mend(t, entry)
	}
}

// toldElsewhere reports whether the last write names a key that nothing copies here.
func (q *sequence[R]) toldElsewhere() bool {
	return len(q.writes) > 0 && q.ground.copiedElsewhere(q.writes[len(q.writes)-1].keys)
}

// unclean lists what the journal holds.
func (q *sequence[R]) unclean(t *rapid.T) []journal.Entry {
	entries, err := q.ground.unclean()
	if err != nil {
		t.Fatalf("the journal does not answer: %v", err)
	}
	return entries
}

// mend repairs an entry.
func (q *sequence[R]) mend(t *rapid.T, entry journal.Entry) {
	if err := repair(q.suite, q.ground, entry); err != nil {
		q.fail(t, mirrorsReconciled, fmt.Sprintf("the %v store", entry.Primary.Other()),
			fmt.Sprintf("reconcile cannot copy %s to it from the %v store%s: %v", name(entry.Key), entry.Primary, q.blame(entry.Key), err))
	}
}

// repair makes both stores equal in what an entry stands for, and the entry clean.
func repair[R any](suite Suite[R], g *ground, entry journal.Entry) error {
	ctx := context.Background()
	copier := copierOf(g.migration, entry.Key.Kind)
	if copier == nil || suite.lacks(entry.Key.Kind) || entry.Key.Whole && !copier.CanScan() {
		return nil // it stays unclean, and guarded reads follow it
	}
	token, ok, err := g.journal.BeginCopy(ctx, "suite", entry.Key, 0)
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
	return g.journal.End(ctx, entry.Key, token, true)
}

// lacks reports whether nothing can copy a kind.
func (s Suite[R]) lacks(kind string) bool {
	return slices.ContainsFunc(s.Kinds, func(k Kind) bool { return k.name == kind && k.lacks != "" })
}

// keysOf lists the keys that either store holds.
func keysOf(copier dual.Copier) ([]dual.Key, error) {
	var keys []dual.Key
	for _, store := range []dual.Store{dual.Old, dual.New} {
		rows, err := list(context.Background(), copier, store, 100)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			keys = append(keys, row.Key)
		}
	}
	return keys, nil
}

// list reads all entities of a kind in one store, page by page.
func list(ctx context.Context, copier dual.Copier, store dual.Store, limit int) ([]dual.Row, error) {
	var all []dual.Row
	for cursor, pages := "", 1; ; pages++ {
		rows, next, err := copier.Page(ctx, store, cursor, limit)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
		switch {
		case next == "":
			return all, nil
		case next == cursor || pages > enoughPages:
			return nil, fmt.Errorf("the listing does not end: after %d pages the cursor is %q", pages, next)
		}
		cursor = next
	}
}

// enoughPages is how many pages no listing of a sequence's few entities has.
const enoughPages = 10_000

// reconciled demands that both stores behind the wrapper answer every read alike, but of kinds that nothing can repair.
func (q *sequence[R]) reconciled(t *rapid.T) {
	left := map[string]bool{}
	for _, entry := range q.unclean(t) {
		left[entry.Key.Kind] = true
	}
	seen := true // every kind
	for _, copier := range q.ground.migration.Copiers() {
		switch {
		case left[copier.Kind()]:
		case copier.CanScan():
			q.compare(t, copier)
			if len(q.writes) > 0 {
				q.book.count(mirrorsReconciled, copier.Kind())
			}
		default:
			seen = false
			q.book.cannot(mirrorsReconciled, copier.Kind(), "no scan")
		}
	}
	if len(left) == 0 {
		q.rereads(t, seen)
	}
}

// rereads repeats the reads that were drawn before, on both stores. Where they were seen to hold the same entities, it is not
// the mirror's fault if they answer otherwise.
func (q *sequence[R]) rereads(t *rapid.T, same bool) {
	ctx := context.Background()
	for _, read := range q.reads {
		law, what := q.suite.disagree(read.call(ctx, q.stores[dual.Old]), read.call(ctx, q.stores[dual.New]), ofStores)
		switch {
		case what == "":
			q.book.count(mirrorsReconciled, read.step.method())
			continue
		case same:
		case q.apart:
			law = mirrorsReconciled
		default: // is it the mirror's fault, or do these stores never agree?
			if _, alone := q.suite.disagree(read.call(ctx, q.old), read.call(ctx, q.new), ofStores); alone == "" {
				law = mirrorsReconciled
			}
		}
		q.fail(t, law, "the old and the new store", read.text()+" is answered otherwise by the new store than by the old: "+what+q.blame(dual.Key{}))
	}
}

// compare demands that both stores hold the same entities of a kind.
func (q *sequence[R]) compare(t *rapid.T, copier dual.Copier) {
	old, err := list(context.Background(), copier, dual.Old, 100)
	if err != nil {
		q.fail(t, scanComplete, "the old store", fmt.Sprintf("scan of %s fails: %v", copier.Kind(), err))
	}
	new, err := list(context.Background(), copier, dual.New, 100)
	if err != nil {
		q.fail(t, scanComplete, "the new store", fmt.Sprintf("scan of %s fails: %v", copier.Kind(), err))
	}
	byKey := map[dual.Key]dual.Row{}
	for _, row := range new {
		byKey[row.Key] = row
	}
	for _, row := range old {
		other, ok := byKey[row.Key]
		if !ok {
			q.fail(t, mirrorsReconciled, "the stores", name(row.Key)+" is in the old store only, as scan lists it"+q.blame(row.Key))
		}
		delete(byKey, row.Key)
		if what := between(copier, row, other); what != "" {
			q.fail(t, mirrorsReconciled, "the stores", fmt.Sprintf("scan lists %s otherwise in the new store than in the old: %s%s", name(row.Key), what, q.blame(row.Key)))
		}
	}
	for key := range byKey {
		q.fail(t, mirrorsReconciled, "the stores", name(key)+" is in the new store only, as scan lists it"+q.blame(key))
	}
}

// copiedElsewhere reports whether a call names a key of a kind that nothing copies here: another repository of the tree does, which is not
// there where one is tried alone. Then its keys stay unclean.
func (g *ground) copiedElsewhere(declared []dual.Key) bool {
	return slices.ContainsFunc(declared, func(key dual.Key) bool { return keyed(key) && copierOf(g.migration, key.Kind) == nil })
}
