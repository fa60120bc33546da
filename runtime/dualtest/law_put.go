package dualtest

import (
	"context"
	"fmt"

	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/runtime/dual"
)

// put puts an entity in the store, as a copy does, and looks.
func (r *lawRun[R]) put(t *rapid.T, kind lawKind) {
	want := r.draw(t, kind)
	if kind.zero != nil && !kind.makes && rapid.IntRange(0, 7).Draw(t, "zero key") == 7 { // one that a store cannot hold it may refuse
		zero, err := kind.copier.RowOf(kind.zero(want.Value()))
		if err != nil {
			t.Fatalf("%v", err)
		}
		want = zero
	}
	r.meet(want.Key)
	before := r.now()
	was := before.rows[want.Key]
	apart := len(r.created) == 0 && !elsewhere(r, kind, want.Key)
	r.did("put %s", Show(want.Value()))
	err := r.putRow(kind, want)
	r.book.put(kind.name, err)
	if apart && elsewhere(r, kind, want.Key) {
		failOneStore(t, fmt.Sprintf("%s, which was put in the %v store, is in the %v store too", name(want.Key), r.at, r.at.Other()))
	}
	after := r.now()
	only := func(key dual.Key) bool { return key == want.Key }
	if err != nil {
		r.refused(t, kind, want, before, after, err)
		return
	}
	r.arrived(t, kind, want, was, before, after)
	r.listing(t, kind, after)
	if what := r.compare(before, after, only); what != "" {
		r.breaks(t, putThenGet, "put of %s touches more than that: %s", name(want.Key), what)
	}
	r.book.count(keyKept, kind.name)
	if rapid.Bool().Draw(t, "twice") {
		putAgain(r, t, kind, want)
	}
	if !was.found {
		r.book.count(putThenGet, kind.name)
		r.created[kind.name] = true
		return
	}
	r.book.count(putOver, kind.name)
	if !r.created[kind.name] {
		putAnew(r, t, kind, want)
	}
}

// draw draws an entity of a kind, as a row. The zero key is none where a put makes one in its place.
func (r *lawRun[R]) draw(t *rapid.T, kind lawKind) dual.Row {
	for {
		entity := kind.draw(t)
		row, err := kind.copier.RowOf(entity)
		if err != nil {
			t.Fatalf("%v", err)
		}
		if !kind.makes || !kind.isZero(row) {
			return row
		}
	}
}

// isZero reports whether a row's key is the zero key.
func (kind lawKind) isZero(row dual.Row) bool {
	if kind.zero == nil {
		return false
	}
	zero, err := kind.copier.RowOf(kind.zero(row.Value()))
	return err == nil && zero.Key == row.Key
}

// hint says what to write where a store makes a key in the place of the zero key, and that may be as it should.
func (kind lawKind) hint(row dual.Row) string {
	if !kind.isZero(row) {
		return ""
	}
	return "\nThe store makes a key where it is handed the zero value. If nothing has that key, let a function draw the keys that there are:" +
		" //dualgen:gen " + kind.name + ".Field=someKey, with the field that is the key"
}

// putRow puts a copy of a row, so that the store shares no memory with the test.
func (r *lawRun[R]) putRow(kind lawKind, row dual.Row) error {
	r.changed()
	given, err := kind.copier.RowOf(kind.clone(row.Value()))
	if err != nil {
		return err
	}
	return kind.copier.PutRow(context.Background(), r.at, given)
}

// refused holds a put that failed to having changed nothing, and to be one that fails on an absent key as well: a value
// that a store cannot hold must be refused, but not because there is another one.
func (r *lawRun[R]) refused(t *rapid.T, kind lawKind, want dual.Row, before, after *glance, err error) {
	if stray, ok := r.stray(want.Key, before, after); ok {
		r.breaks(t, keyKept, "put of %s made %s: %v%s", name(want.Key), name(stray), err, kind.hint(want))
	}
	if what := r.compare(before, after, nil); what != "" {
		r.breaks(t, putThenGet, "put of %s fails, and yet %s: %v", name(want.Key), what, err)
	}
	if before.rows[want.Key].found && r.fresh(kind, want) == "" {
		r.breaks(t, putOver, "put of %s over another fails, though it is taken where there is none: %v", name(want.Key), err)
	}
}

// arrived holds what get returns to what was put.
func (r *lawRun[R]) arrived(t *rapid.T, kind lawKind, want dual.Row, was seen, before, after *glance) {
	got := after.rows[want.Key]
	what := r.arrival(kind, want, got)
	if what == "" {
		return
	}
	if stray, ok := r.stray(want.Key, before, after); ok {
		r.breaks(t, keyKept, "put of %s made %s%s", name(want.Key), name(stray), kind.hint(want))
	}
	switch {
	case got.found && got.err == nil && kindKey(kind, got.row) != want.Key:
		r.breaks(t, keyKept, "put of %s, and get of it finds %s", name(want.Key), name(kindKey(kind, got.row)))
	case !got.found && got.err == nil && lists(after, want.Key):
		r.breaks(t, keyKept, "put of %s: scan lists it, and get of that key finds nothing", name(want.Key))
	case !was.found && !got.found && got.err == nil:
		r.breaks(t, putOver, "put of %s, of which there was none, creates none", name(want.Key))
	case was.found && r.fresh(kind, want) == "":
		r.breaks(t, putOver, "put of %s over another: %s", name(want.Key), what)
	default:
		r.breaks(t, putThenGet, "put of %s: %s", name(want.Key), what)
	}
}

// arrival says in what a get differs from what was put, or "".
func (r *lawRun[R]) arrival(kind lawKind, want dual.Row, got seen) string {
	switch {
	case got.err != nil:
		return fmt.Sprintf("get fails: %v", got.err)
	case !got.found:
		return "get finds nothing"
	}
	return unequal(kind.copier, want, got.row)
}

// kindKey is the key of what a get returned, as the entity itself says it.
func kindKey(kind lawKind, row dual.Row) dual.Key {
	own, err := kind.copier.RowOf(row.Value())
	if err != nil {
		return row.Key
	}
	return own.Key
}

// stray finds an entity of a key's kind that is new, under another key, where the key itself is not there or was not new.
func (r *lawRun[R]) stray(want dual.Key, before, after *glance) (dual.Key, bool) {
	for _, key := range after.keys {
		if key.Kind == want.Kind && key != want && after.rows[key].found && !before.rows[key].found {
			return key, true
		}
	}
	return dual.Key{}, false
}

// fresh removes the key and puts the row where there is none. It says what is wrong with the outcome, or "".
func (r *lawRun[R]) fresh(kind lawKind, want dual.Row) string {
	r.changed()
	if err := kind.copier.Delete(context.Background(), r.at, want.Key); err != nil {
		return fmt.Sprintf("delete fails: %v", err)
	}
	if err := r.putRow(kind, want); err != nil {
		return fmt.Sprintf("put fails: %v", err)
	}
	return r.arrival(kind, want, r.now().rows[want.Key])
}

// putAgain puts the row a second time.
func putAgain[R any](r *lawRun[R], t *rapid.T, kind lawKind, want dual.Row) {
	before := r.now()
	if err := r.putRow(kind, want); err != nil {
		r.breaks(t, putOver, "put of %s fails the second time: %v", name(want.Key), err)
	}
	if what := r.compare(before, r.now(), nil); what != "" {
		r.breaks(t, putOver, "put of %s a second time: %s", name(want.Key), what)
	}
	r.book.count(putOver, kind.name)
}

// putAnew puts the row where there is none, for a kind of which no put has made an entity yet.
func putAnew[R any](r *lawRun[R], t *rapid.T, kind lawKind, want dual.Row) {
	if what := r.fresh(kind, want); what != "" {
		r.breaks(t, putOver, "put of %s, taken over another, creates none: %s", name(want.Key), what)
	}
	r.created[kind.name] = true
}
