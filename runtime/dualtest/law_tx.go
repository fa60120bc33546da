package dualtest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/runtime/dual"
)

// transactionActions are transactions, between entities that are put and deleted.
func transactionActions[R any](r *lawRun[R]) map[string]func(*rapid.T) {
	actions := map[string]func(*rapid.T){}
	if len(r.suite.comparableSteps()) == 0 {
		return actions
	}
	for _, x := range r.suite.Transactions {
		actions[x.method()] = func(t *rapid.T) { tryTransaction(r, t, x) }
	}
	if len(actions) > 0 {
		actions["change something"] = func(t *rapid.T) { r.disturb(t, dual.Key{}) }
	}
	return actions
}

// tryTransaction runs a transaction through the wrapper. After a rollback nothing may have changed, in neither store; after a commit all is
// as the transaction saw it at its end, and only what it declared has changed.
func tryTransaction[R any](r *lawRun[R], t *rapid.T, x Transaction[R]) {
	d := drawTransaction(t, x, r.suite.comparableSteps())
	before, mirrorBefore := r.now(), r.mirror()
	r.did("%s", lazily(d.text))
	r.ground.journal.forget()
	var end *glance
	in, err := d.run(context.Background(), r.wrapper, func(ctx context.Context, view R) {
		meetAll(r, r.ground.journal.touched())
		end = glanceInside(ctx, r, view)
	})
	r.changed()
	touched := r.ground.journal.touched()
	meetAll(r, touched) // where the function failed before its end
	defer noteVague(r, d, touched)
	r.book.transaction(fmt.Sprintf("%s of the %v store", x.method(), r.at), in, err)
	defer tidy(r)
	switch {
	case !in.ran && err != nil: // it never began
		checkUndone(r, t, d, [2]*glance{before, mirrorBefore}, err)
	case !in.ran:
		r.breaks(t, commitKeeps, "%s answers without an error, and never runs its function", x.method())
	case in.err != nil && err == nil:
		r.breaks(t, rollbackUndoes, "%s answers without an error, though its function failed: %v", x.method(), in.err)
	case in.err != nil:
		checkUndone(r, t, d, [2]*glance{before, mirrorBefore}, err)
		if d.writes(in) {
			r.book.count(rollbackUndoes, x.method())
		}
	case err == nil:
		checkCommitted(r, t, d, before, end)
		if d.writes(in) {
			r.book.count(commitKeeps, x.method())
		}
	}
}

// meetAll notes keys.
func meetAll[R any](r *lawRun[R], keys []dual.Key) {
	for _, key := range keys {
		r.meet(key)
	}
}

// noteVague notes the kinds of which a transaction may have touched any key. A call that makes a key or lists its keys says which they
// were, though it holds the kind.
func noteVague[R any](r *lawRun[R], d *transacted[R], touched []dual.Key) {
	if slices.ContainsFunc(d.calls, func(c remembered[R]) bool {
		return c.step.info.Kind != dual.KindRead && !c.step.made && !c.step.lists
	}) {
		r.wrote(touched)
	}
}

// tidy has copied what a transaction left unclean, as calls of it that overlap on a kind do: calls wait for a copy that is due. What
// cannot be copied is for the stage that demands it.
func tidy[R any](r *lawRun[R]) {
	entries, _ := r.ground.unclean() // of a journal in memory
	for _, entry := range entries {
		_ = repair(r.suite, r.ground, entry)
	}
}

// checkUndone demands that a transaction that was rolled back has changed nothing of what was in its store and in the mirror.
func checkUndone[R any](r *lawRun[R], t *rapid.T, d *transacted[R], before [2]*glance, err error) {
	if what := r.compare(before[0], r.now(), nil); what != "" {
		r.breaks(t, rollbackUndoes, "%s was rolled back (%v), and yet: %s", d.short(), err, what)
	}
	if what := r.compareRows(before[1], r.mirror(), nil); what != "" {
		r.breaks(t, rollbackUndoes, "%s was rolled back (%v), and yet the mirror has heard of it: %s", d.short(), err, what)
	}
}

// checkCommitted demands that all is as the transaction saw it at its end, and that it changed what it declared alone.
func checkCommitted[R any](r *lawRun[R], t *rapid.T, d *transacted[R], before, end *glance) {
	declared := r.ground.journal.touched()
	after := r.now()
	if len(end.keys) > 0 || len(after.keys) == 0 {
		if what := r.compareRows(end, after, nil); what != "" {
			r.breaks(t, commitKeeps, "after %s, unlike what it saw at its end: %s", d.short(), what)
		}
	}
	if what := r.compareReads(end, after, nil); what != "" {
		r.breaks(t, commitKeeps, "after %s, unlike at its end: %s", d.short(), what)
	}
	may := func(key dual.Key) bool {
		return slices.ContainsFunc(declared, func(d dual.Key) bool { return covers(d, key) })
	}
	if what := r.compare(before, after, may); what != "" {
		r.breaks(t, writeWithinKeys, "%s declares %s: %s", d.short(), names(declared), what)
	}
	checkMirrored(r, t, d, declared, after)
}

// checkMirrored demands that the mirror has what a transaction committed.
func checkMirrored[R any](r *lawRun[R], t *rapid.T, d *transacted[R], declared []dual.Key, after *glance) {
	mirror := r.mirror()
	for _, key := range declared {
		kind, ok := r.kind(key.Kind)
		if !ok || !keyed(key) {
			continue
		}
		is, copied := after.rows[key], mirror.rows[key]
		switch {
		case is.err != nil || copied.err != nil:
		case is.found != copied.found:
			r.breaks(t, mirrorsReconciled, "after the commit of %s, %s is in one store only: %v", d.short(), name(key), r.ground.heard.why())
		case is.found:
			if what := unequal(kind.copier, is.row, copied.row); what != "" {
				r.breaks(t, mirrorsReconciled, "after the commit of %s, the mirror's copy of %s: %s", d.short(), name(key), what)
			}
		}
	}
}

// mirror is a glance at the other store than the one under test, without reads.
func (r *lawRun[R]) mirror() *glance {
	other := *r
	other.at, other.reads = r.at.Other(), nil
	return other.glance()
}

// glanceInside looks at what a transaction sees. Where the view offers no more than the interface, and entities are copied by other
// methods, it sees reads alone.
func glanceInside[R any](ctx context.Context, r *lawRun[R], view R) *glance {
	in := *r
	in.ctx = ctx
	in.stores, in.at, in.kinds = [2]R{view, view}, dual.Old, nil
	g, err := newGround(dual.OldOnly)
	if err == nil {
		defer func() { _ = g.close() }()
		if canWrap(r, view, g) {
			in.kinds = r.suite.copied(g.migration)
		}
	}
	return in.glance()
}

// canWrap reports whether a wrapper can be made over a view.
func canWrap[R any](r *lawRun[R], view R, g *ground) (ok bool) {
	defer func() { ok = recover() == nil }()
	r.suite.Wrap(view, view, g.migration)
	return true
}

// transaction notes how a transaction ended.
func (b *book) transaction(name string, in inside, err error) {
	b.begun[name]++
	if err == nil || in.err != nil && errors.Is(err, in.err) {
		b.ended[name]++
		return
	}
	b.why[name] = err
}
