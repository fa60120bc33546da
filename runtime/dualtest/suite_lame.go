package dualtest

import (
	"log/slog"
	"slices"

	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
)

// lame is an instance of the fleet that cannot reach its mirror: a wrapper over one real store and one that fails.
type lame[R any] struct {
	migration *dual.Migration
	wrapper   R
}

// miss calls some writes while the mirror is down, reconciles, and demands that all reads agree.
func (q *sequence[R]) miss(t *rapid.T, steps []Step[R]) {
	var writes []Step[R]
	for _, step := range steps {
		if step.info.Kind != dual.KindRead {
			writes = append(writes, step)
		}
	}
	primary := q.ground.migration.Phase().Primary()
	if len(writes)+len(q.suite.Transactions) == 0 || q.follows(t, primary.Other()) {
		return
	}
	wrapper := q.lamed(t, primary)
	for range rapid.IntRange(1, 3).Draw(t, "calls") {
		chosen := rapid.IntRange(0, len(writes)+len(q.suite.Transactions)-1).Draw(t, "call")
		if chosen < len(writes) {
			q.do(t, writes[chosen], wrapper, true)
		} else {
			q.transact(t, q.suite.Transactions[chosen-len(writes)], wrapper, true)
		}
	}
	q.did("reconcile")
	for _, entry := range q.unclean(t) {
		q.mend(t, entry)
	}
	q.reconciled(t)
}

// follows reports whether a key is unclean whose primary is a store: a kind that this suite cannot copy, and another one can, may stay so.
// What is down then is that primary.
func (q *sequence[R]) follows(t *rapid.T, store dual.Store) bool {
	return slices.ContainsFunc(q.unclean(t), func(e journal.Entry) bool { return e.Primary == store })
}

// lamed is the wrapper whose mirror is down, in the phase of now.
func (q *sequence[R]) lamed(t *rapid.T, primary dual.Store) R {
	if q.lame[primary] == nil {
		migration, err := q.ground.instance(slog.DiscardHandler)
		if err != nil {
			t.Fatalf("the migration does not start: %v", err)
		}
		stores := q.stores
		stores[primary.Other()] = q.suite.Stub(down(primary.Other()))
		q.lame[primary] = &lame[R]{migration, q.suite.Wrap(stores[dual.Old], stores[dual.New], migration)}
	}
	if err := q.ground.arrive(q.lame[primary].migration); err != nil {
		t.Fatalf("%v", err)
	}
	return q.lame[primary].wrapper
}

// down is a store of which every call fails. It panics, since not every method has an error to return.
func down(store dual.Store) *Stub {
	faults := &Faults{}
	faults.Add(Rule{Fault: PanicBefore("the mirror is down")})
	return &Stub{name: store.String(), faults: faults, calls: &callLog{}}
}
