package dualtest

import (
	"context"
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/runtime/dual"
)

// drawCall draws a call of a step, and how it is told of.
func drawCall[R any](t *rapid.T, step Step[R]) (call func(context.Context, R) outcome, text func() string) {
	args := &T{T: t}
	call = step.draw(args)
	return call, func() string { return fmt.Sprintf("%s(%s)", step.method(), args) }
}

// read reads, and demands that nothing has changed, and that what comes of one entity depends on no other.
func (r *lawRun[R]) read(t *rapid.T, step Step[R]) {
	call, text := drawCall(t, step)
	before := r.now()
	r.did("%s", lazily(text))
	r.ground.journal.forget()
	out := call(context.Background(), r.wrapper)
	read := remembered[R]{step: step, call: call, text: text}
	if keys := r.ground.journal.lookedUp(); len(keys) > 0 {
		read.key = keys[0]
	}
	r.changed()
	if what := r.compare(before, r.now(), nil); what != "" {
		r.breaks(t, readChangesNone, "after %s: %s", text(), what)
	}
	r.book.count(readChangesNone, step.method())
	r.meet(read.key)
	if read.keyed() {
		r.alone(t, read)
	} else {
		r.book.cannot(readOfItsEntity, step.method(), "it reads no single entity")
	}
	if out.err == nil {
		r.remember(read)
	}
}

// alone changes another entity than the one that a read is of, and demands the same answer again.
func (r *lawRun[R]) alone(t *rapid.T, read remembered[R]) {
	was := r.entity(read.key)
	first := read.call(context.Background(), r.store())
	what := r.disturb(t, read.key)
	if what == "" {
		return
	}
	again := read.call(context.Background(), r.store())
	if _, differ := r.suite.disagree(first, again, ofTimes); differ != "" {
		if other := r.differ(read.key, was, r.entity(read.key)); other != "" { // the entity itself is another one: the read is right
			r.breaks(t, writeWithinKeys, "%s does not declare %s: %s", what, name(read.key), other)
		}
		r.breaks(t, readOfItsEntity, "%s is a read of %s, and answers otherwise after %s: %s", read.text(), name(read.key), what, differ)
	}
	r.book.count(readOfItsEntity, read.step.method())
}

// entity is what get says of a key; nothing, where nothing gets its kind.
func (r *lawRun[R]) entity(key dual.Key) seen {
	g := &glance{rows: map[dual.Key]seen{}}
	if kind, ok := r.kind(key.Kind); ok {
		g.get(r, kind, key)
	}
	return g.rows[key]
}

// disturb puts or deletes an entity of any kind under another key than the given, or calls a write that declares others. It
// says what it did, or "" where that came to nothing.
func (r *lawRun[R]) disturb(t *rapid.T, not dual.Key) string {
	var ways []func() string
	for _, kind := range r.kinds {
		ways = append(ways, func() string { return r.disturbEntity(t, kind, not) })
	}
	for _, step := range r.suite.comparableSteps() {
		if step.info.Kind != dual.KindRead {
			ways = append(ways, func() string { return r.disturbCall(t, step, not) })
		}
	}
	if len(ways) == 0 {
		return ""
	}
	return rapid.SampledFrom(numbers(len(ways))).Draw(t, "disturbance").of(ways)()
}

// number is an index; rapid draws those better than functions.
type number int

func (n number) of(ways []func() string) func() string { return ways[n] }

func numbers(n int) []number {
	all := make([]number, n)
	for i := range all {
		all[i] = number(i)
	}
	return all
}

// disturbEntity puts or deletes an entity.
func (r *lawRun[R]) disturbEntity(t *rapid.T, kind lawKind, not dual.Key) string {
	row := r.draw(t, kind)
	if row.Key == not {
		return ""
	}
	r.meet(row.Key)
	what := fmt.Sprintf("put of %s", Show(row.Value()))
	err := r.putRow(kind, row)
	if err == nil && rapid.IntRange(0, 3).Draw(t, "delete") == 0 {
		what = fmt.Sprintf("delete of %s", name(row.Key))
		err = kind.copier.Delete(context.Background(), r.at, row.Key)
	}
	if err != nil {
		return ""
	}
	r.did("%s", what)
	return what
}

// disturbCall calls a write.
func (r *lawRun[R]) disturbCall(t *rapid.T, step Step[R], not dual.Key) string {
	call, text := drawCall(t, step)
	r.changed()
	r.did("%s", lazily(text))
	r.ground.journal.forget()
	out := call(context.Background(), r.wrapper)
	declared := r.ground.journal.declared(step.made, step.lists)
	r.wrote(declared)
	if out.err != nil || len(declared) == 0 || slices.ContainsFunc(declared, func(key dual.Key) bool { return covers(key, not) }) {
		return ""
	}
	return text()
}

// write writes, and demands that nothing has changed but entities with the keys that the call declared.
func (r *lawRun[R]) write(t *rapid.T, step Step[R]) {
	call, text := drawCall(t, step)
	before := r.now()
	r.did("%s", lazily(text))
	r.ground.journal.forget()
	out := call(context.Background(), r.wrapper)
	r.changed()
	declared := r.ground.journal.declared(step.made, step.lists)
	r.wrote(declared)
	after := r.now()
	if step.made && out.err == nil {
		checkTold(r, t, text, declared, func(kind dual.Key) (dual.Key, bool) { return r.stray(kind, before, after) })
		checkMade(r, t, text, declared, after)
	}
	what := r.compare(before, after, func(key dual.Key) bool {
		return slices.ContainsFunc(declared, func(d dual.Key) bool { return covers(d, key) })
	})
	if what == "" {
		if len(declared) > 0 {
			r.book.count(writeWithinKeys, step.method())
		}
		// One key may be that of an entity of which only a part was removed (DeletePhoto): delete-then-get tries the kind's own delete.
		if out.err == nil && step.info.Kind == dual.KindDelete && step.info.Mirror == dual.Replay && len(declared) > 1 {
			checkRemoved(r, t, text, declared, after)
		}
		return
	}
	for _, key := range declared {
		if stray, ok := r.stray(key, before, after); ok && keyed(key) && !before.rows[key].found && !after.rows[key].found {
			r.breaks(t, keyKept, "%s declares %s, and made %s", text(), name(key), name(stray))
		}
	}
	r.breaks(t, writeWithinKeys, "%s declares %s: %s", text(), names(declared), what)
}

// checkRemoved demands that what a method has removed by several keys is gone.
func checkRemoved[R any](r *lawRun[R], t *rapid.T, text func() string, declared []dual.Key, after *glance) {
	for _, key := range declared {
		if _, ok := r.kind(key.Kind); ok && keyed(key) && after.rows[key].found && after.rows[key].err == nil {
			r.breaks(t, deleteThenGet, "after %s, get of %s finds %s", text(), name(key), Show(after.rows[key].row.Value()))
		}
	}
}

// checkTold demands that a store says which key it has made: nobody could copy the entity. It has said none where only the kind is declared,
// which the wrapper does where it finds nothing under the key that it was told.
func checkTold[R any](r *lawRun[R], t *rapid.T, text func() string, declared []dual.Key, stray func(dual.Key) (dual.Key, bool)) {
	for _, key := range declared {
		if !key.Whole {
			continue
		}
		if made, ok := stray(key); ok {
			r.breaks(t, keyKept, "%s made %s, and does not say so: have the store fill the key in, or return it", text(), name(made))
		}
	}
}

// checkMade demands that an entity is there under the key that the store has made for it.
func checkMade[R any](r *lawRun[R], t *rapid.T, text func() string, declared []dual.Key, after *glance) {
	for _, key := range declared {
		if _, ok := r.kind(key.Kind); !ok || !keyed(key) {
			continue
		}
		switch got := after.rows[key]; {
		case got.err != nil:
			r.breaks(t, keyKept, "%s made %s, by its answer, and get of it fails: %v", text(), name(key), got.err)
		case !got.found:
			r.breaks(t, keyKept, "%s made %s, by its answer, and get does not find it", text(), name(key))
		}
		r.book.count(keyKept, key.Kind)
	}
}

// covers reports whether a declared key stands for another one: its own, or that of its whole kind.
func covers(declared, key dual.Key) bool {
	return declared == key || declared.Whole && declared.Kind == key.Kind || declared == (dual.Key{})
}

// names are keys as people read them.
func names(keys []dual.Key) string {
	if len(keys) == 0 {
		return "no key"
	}
	text := name(keys[0])
	for _, key := range keys[1:] {
		text += ", " + name(key)
	}
	return text
}

// lazily is a text that is made when it is printed.
type lazily func() string

// String implements fmt.Stringer.
func (l lazily) String() string { return l() }
