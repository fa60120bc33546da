package dualtest

import (
	"context"
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/runtime/dual"
)

// delete removes an entity from the store, as a copy does, and looks.
func (r *lawRun[R]) delete(t *rapid.T, kind lawKind) {
	key := r.pick(t, kind)
	before := r.now()
	r.did("delete %s", name(key))
	r.changed()
	err := kind.copier.Delete(context.Background(), r.at, key)
	after := r.now()
	if err != nil && !before.rows[key].found {
		r.breaks(t, deleteThenGet, "delete of %s, of which there is none, fails: %v", name(key), err)
	}
	if err != nil {
		r.breaks(t, deleteThenGet, "delete of %s fails: %v", name(key), err)
	}
	got := after.rows[key]
	switch {
	case got.err != nil:
		r.breaks(t, deleteThenGet, "after delete of %s, get fails: %v", name(key), got.err)
	case got.found && kindKey(kind, got.row) != key:
		r.breaks(t, keyKept, "get of %s, which was deleted, finds %s", name(key), name(kindKey(kind, got.row)))
	case got.found:
		checkReborn(r, t, kind, key)
		r.breaks(t, deleteThenGet, "after delete of %s, get finds %s", name(key), Show(got.row.Value()))
	case lists(after, key):
		r.breaks(t, deleteThenGet, "after delete of %s, scan lists it", name(key))
	}
	r.listing(t, kind, after)
	if what := r.compare(before, after, func(other dual.Key) bool { return other == key }); what != "" {
		r.breaks(t, deleteThenGet, "delete of %s touches more than that: %s", name(key), what)
	}
	if before.rows[key].found {
		r.book.count(deleteThenGet, kind.name)
	}
}

// checkReborn blames a get that makes what it does not find: a scan after the delete does not list it, and one after the get does.
func checkReborn[R any](r *lawRun[R], t *rapid.T, kind lawKind, key dual.Key) {
	if !kind.copier.CanScan() || kind.copier.Delete(context.Background(), r.at, key) != nil {
		return
	}
	there := func() bool {
		rows, err := list(context.Background(), kind.copier, r.at, 100)
		return err != nil || slices.ContainsFunc(rows, func(row dual.Row) bool { return row.Key == key })
	}
	if there() {
		return
	}
	_, _, _ = kind.copier.Row(context.Background(), r.at, key)
	if there() {
		r.book.failLaw(t, readChangesNone, fmt.Sprintf("the %v store", r.at), fmt.Sprintf("get of %s, which was deleted, makes it", name(key)), r.done)
	}
}

// pick chooses a key of a kind: one that is there, if there is one. The choice does not hang on the order of the listing: where a store
// makes keys, that is another one in each run.
func (r *lawRun[R]) pick(t *rapid.T, kind lawKind) dual.Key {
	var there []dual.Key
	now := r.now()
	for _, key := range append(slices.Clone(r.keys.known), now.keys...) {
		if key.Kind == kind.name && now.rows[key].found && !slices.Contains(there, key) {
			there = append(there, key)
		}
	}
	if len(there) > 0 && rapid.Bool().Draw(t, "there") {
		return there[rapid.IntRange(0, len(there)-1).Draw(t, "key")]
	}
	key := r.draw(t, kind).Key
	r.meet(key)
	return key
}

// lists reports whether a scan listed a key.
func lists(g *glance, key dual.Key) bool {
	return slices.ContainsFunc(g.listed[key.Kind], func(row dual.Row) bool { return row.Key == key })
}

// scan lists the store by pages of several sizes, and holds what is listed to what get finds.
func (r *lawRun[R]) scan(t *rapid.T, kind lawKind) {
	limit := rapid.SampledFrom([]int{1, 2, 3, 7}).Draw(t, "limit")
	r.did("scan %s by %d", kind.name, limit)
	g := r.now()
	r.listing(t, kind, g)
	rows, err := list(context.Background(), kind.copier, r.at, limit)
	if err != nil {
		r.breaks(t, scanComplete, "scan of %s by %d fails: %v", kind.name, limit, err)
	}
	if law, what := gap(kind, g, rows); what != "" {
		r.breaks(t, law, "scan of %s by %d: %s", kind.name, limit, what)
	}
	if len(rows) > 0 {
		r.book.count(scanComplete, kind.name)
	}
}

// listing holds what scan lists in a glance to what get finds.
func (r *lawRun[R]) listing(t *rapid.T, kind lawKind, g *glance) {
	if !kind.copier.CanScan() {
		return
	}
	if err := g.broken[kind.name]; err != nil {
		r.breaks(t, scanComplete, "scan of %s fails: %v", kind.name, err)
	}
	if law, what := gap(kind, g, g.listed[kind.name]); what != "" {
		r.breaks(t, law, "scan of %s: %s", kind.name, what)
	}
}

// gap says how listed rows differ from what get finds and which law that breaks, or "".
func gap(kind lawKind, g *glance, rows []dual.Row) (Law, string) {
	listed := map[dual.Key]bool{}
	for _, row := range rows {
		got := g.rows[row.Key]
		switch {
		case listed[row.Key]:
			return scanComplete, fmt.Sprintf("%s is listed twice", name(row.Key))
		case got.err != nil:
			return scanComplete, fmt.Sprintf("%s is listed, and get of it fails: %v", name(row.Key), got.err)
		case !got.found:
			return scanComplete, fmt.Sprintf("%s is listed, and get does not find it", name(row.Key))
		case kindKey(kind, got.row) != row.Key:
			return keyKept, fmt.Sprintf("%s is listed, and get of it finds %s", name(row.Key), name(kindKey(kind, got.row)))
		}
		listed[row.Key] = true
		if what := unequal(kind.copier, got.row, row); what != "" {
			return scanComplete, fmt.Sprintf("%s is listed otherwise than get finds it: %s", name(row.Key), what)
		}
	}
	for _, key := range g.keys {
		if key.Kind != kind.name || !g.rows[key].found || g.rows[key].err != nil || listed[key] {
			continue
		}
		if own := kindKey(kind, g.rows[key].row); own != key {
			return keyKept, fmt.Sprintf("get of %s finds %s", name(key), name(own))
		}
		return scanComplete, fmt.Sprintf("%s is not listed, and get finds it", name(key))
	}
	return Law{}, ""
}
