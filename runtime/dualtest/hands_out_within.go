package dualtest

import (
	"context"

	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/runtime/dual"
)

// Handout is how a repository hands out another one.
type Handout[P, R any] struct {
	// Name is the method's.
	Name string
	// Open opens two empty stores, and returns what makes the wrapper of the repository that hands out over them.
	Open func() func(migration *dual.Migration) P
	// Get is the method.
	Get func(P) R
	// In are its transactions.
	In []Transaction[P]
}

// HandedOut tries the laws of what a repository hands out: it must be the same each time, and its own. Where the repository has
// transactions, what is written through what they hand out belongs to them. The suite is that of what is handed out.
func HandedOut[P, R any](t rapid.TB, suite Suite[R], h Handout[P, R]) {
	t.Helper()
	book := newBook()
	book.cannot(handsOutItsOwn, h.Name, notTried)
	check(t, book, func(t *rapid.T) { handOutTwice(t, suite, h, book) })
	for _, x := range h.In {
		book.cannotAny(x.method(), notTried, commitKeeps, rollbackUndoes)
		suite.Transactions = []Transaction[R]{{info: x.info}}
		check(t, book, func(t *rapid.T) { within(t, suite, h, x, book) })
		book.refusals(t)
	}
	book.report(t)
}

// handOutTwice puts an entity through one wrapper, and looks through another over the same stores.
func handOutTwice[P, R any](t *rapid.T, suite Suite[R], h Handout[P, R], book *book) {
	if rapid.IntRange(0, stages).Draw(t, "rest") > 0 {
		return // opening is slow in a real store, and one entity tells
	}
	wrap := h.Open()
	var runs [2]*lawRun[R]
	for i := range runs {
		run := beginHanded(t, suite, book, dual.OldGuarded, func(m *dual.Migration) R { return h.Get(wrap(m)) })
		defer run.end(t)
		runs[i] = run
	}
	for _, kind := range runs[0].kinds {
		for _, at := range []dual.Store{dual.Old, dual.New} {
			handOutOne(t, runs, kind, at, h.Name)
		}
	}
}

// handOutOne tries one kind in one store.
func handOutOne[R any](t *rapid.T, runs [2]*lawRun[R], kind lawKind, at dual.Store, method string) {
	run := runs[0]
	row := run.draw(t, kind)
	run.at, runs[1].at = at, at
	run.meet(row.Key)
	runs[1].meet(row.Key)
	other, _ := runs[1].kind(kind.name)
	run.changed()
	apart := run.mirror().rows[row.Key]
	run.did("put %s in the %v store, through what %s has handed out", Show(row.Value()), at, method)
	if run.putRow(kind, row) != nil {
		return
	}
	first, again := run.now().rows[row.Key], runs[1].glance().rows[row.Key]
	if first.err == nil && again.err == nil && first.found {
		switch {
		case !again.found:
			run.breaks(t, handsOutItsOwn, "%s hands out another repository the second time: it does not find %s", method, name(row.Key))
		case unequal(other.copier, first.row, again.row) != "":
			run.breaks(t, handsOutItsOwn, "%s hands out another repository the second time: %s: %s", method, name(row.Key), unequal(other.copier, first.row, again.row))
		}
		run.book.count(handsOutItsOwn, method)
	}
	if now := run.mirror().rows[row.Key]; apart.err == nil && now.err == nil && !apart.found && now.found {
		run.breaks(t, handsOutItsOwn, "%s of the other store finds %s too, which nobody put there", method, name(row.Key))
	}
}

// within runs transactions of what hands out.
func within[P, R any](t *rapid.T, suite Suite[R], h Handout[P, R], x Transaction[P], book *book) {
	phase := showing(rapid.SampledFrom([]dual.Phase{dual.OldGuarded, dual.NewGuarded})).Draw(t, "phase").value
	wrap := h.Open()
	var outer P
	run := beginHanded(t, suite, book, phase, func(m *dual.Migration) R { outer = wrap(m); return h.Get(outer) })
	defer run.end(t)
	run.suite.Transactions[0].draw = func(t *T) begin[R] {
		begin := x.draw(t)
		return func(ctx context.Context, _ R, f func(context.Context, R) error) error {
			return begin(ctx, outer, func(ctx context.Context, view P) error { return f(ctx, h.Get(view)) })
		}
	}
	if actions := transactionActions(run); len(actions) > 0 {
		t.Repeat(actions)
	}
}

// beginHanded begins a run over what a wrapper hands out. Reads are asked of the wrapper: what is behind it cannot be had.
func beginHanded[R any](t *rapid.T, suite Suite[R], book *book, phase dual.Phase, handed func(*dual.Migration) R) *lawRun[R] {
	g, err := newGround(phase)
	if err != nil {
		t.Fatalf("the migration does not start: %v", err)
	}
	run := &lawRun[R]{suite: suite, book: book, ground: g, at: phase.Primary(), created: map[string]bool{}}
	run.wrapper = handed(g.migration)
	run.stores = [2]R{run.wrapper, run.wrapper}
	run.kinds = suite.copied(g.migration)
	return run
}
