package dualtest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
)

// Part is one repository of those that a tree hands out, as the laws of the whole tree see it.
type Part[P any] struct {
	name    string // "Teams"; "" for the one that hands out the others
	of      string // its interface
	kinds   []Kind
	steps   []partStep[P]
	undrawn []string // methods whose arguments nothing draws
}

// partStep is a method of a part, called by way of the repository that hands the part out.
type partStep[P any] struct {
	info        dual.MethodInfo
	made, lists bool
	name        string // "Teams.Delete"
	draw        func(t *T) func(ctx context.Context, root P) outcome
}

// PartOf describes a part of a tree by its suite. get hands it out; its name is "" for the repository that hands out all others.
func PartOf[P, R any](name string, get func(P) R, suite Suite[R]) Part[P] {
	part := Part[P]{name: name, of: suite.Name, kinds: suite.Kinds}
	for _, info := range suite.Undrawn {
		part.undrawn = append(part.undrawn, part.method(methodOf(info)))
	}
	for _, step := range suite.comparableSteps() {
		part.steps = append(part.steps, partStep[P]{step.info, step.made, step.lists, part.method(step.method()),
			func(t *T) func(context.Context, P) outcome {
				call := step.draw(t)
				return func(ctx context.Context, root P) outcome { return call(ctx, get(root)) }
			}})
	}
	return part
}

// method is the name of a method of the part, as a caller of the tree reaches it.
func (p Part[P]) method(name string) string {
	if p.name == "" {
		return name
	}
	return p.name + "." + name
}

// keeps reports whether the part's own suite looks at a kind.
func (p Part[P]) keeps(kind string) bool {
	return slices.ContainsFunc(p.kinds, func(k Kind) bool { return k.name == kind && k.draw != nil })
}

// Tree tries what no suite of one repository can see: that a call through one part of a tree changes nothing that another part keeps, but
// what it declares. open opens two empty stores, and returns what makes the wrapper of the whole tree over them.
func Tree[P any](t rapid.TB, open func() func(migration *dual.Migration) P, parts ...Part[P]) {
	t.Helper()
	book := newBook()
	for _, part := range parts {
		for _, name := range part.undrawn {
			book.cannot(writeWithinKinds, name, undrawn)
		}
		for _, step := range part.steps {
			if step.info.Kind != dual.KindRead {
				book.cannot(writeWithinKinds, step.name, "no sequence met an entity that it writes, beside one of another part")
			}
		}
	}
	check(t, book, func(t *rapid.T) {
		if rapid.IntRange(0, stages-1).Draw(t, "rest") > 0 {
			return // opening and looking is slow in a real store
		}
		run := beginTree(t, open, book, parts)
		defer run.end(t)
		if actions := run.actions(); len(actions) > 0 {
			t.Repeat(actions)
		}
	})
	book.report(t)
}

// treeRun tries the laws of a tree in one sequence of calls.
type treeRun[P any] struct {
	*lawRun[P]
	parts []Part[P]
	drawn []lawKind // the kinds that can be put
}

// beginTree begins a sequence. Every kind that the migration copies is looked at, whether a part draws it or not.
func beginTree[P any](t *rapid.T, open func() func(*dual.Migration) P, book *book, parts []Part[P]) *treeRun[P] {
	phase := showing(rapid.SampledFrom([]dual.Phase{dual.OldGuarded, dual.NewGuarded})).Draw(t, "phase").value
	var suite Suite[P]
	for _, part := range parts {
		for _, kind := range part.kinds {
			if kind.draw != nil && !slices.ContainsFunc(suite.Kinds, func(k Kind) bool { return k.name == kind.name }) {
				suite.Kinds = append(suite.Kinds, kind) // one that two parts share has one copier
			}
		}
	}
	run := &treeRun[P]{beginHanded(t, suite, book, phase, open()), parts, nil}
	run.drawn = slices.Clone(run.kinds)
	for _, copier := range run.ground.migration.Copiers() {
		if _, known := run.kind(copier.Kind()); !known {
			run.kinds = append(run.kinds, lawKind{Kind{name: copier.Kind(), clone: func(e any) any { return e }}, copier})
		}
	}
	return run
}

// actions are the methods of all parts, and the puts by which copies are made.
func (r *treeRun[P]) actions() map[string]func(*rapid.T) {
	actions := map[string]func(*rapid.T){}
	for _, part := range r.parts {
		for _, step := range part.steps {
			actions[step.name] = func(t *rapid.T) { r.call(t, part, step) }
		}
	}
	for _, kind := range r.drawn {
		actions["put "+kind.name] = func(t *rapid.T) { r.copy(t, kind) }
	}
	return actions
}

// call calls a method of a part among entities of all parts, and looks at what the others keep.
func (r *treeRun[P]) call(t *rapid.T, part Part[P], step partStep[P]) {
	r.fill(t)
	args := &T{T: t}
	call := step.draw(args)
	text := lazily(func() string { return fmt.Sprintf("%s(%s)", step.name, args) })
	before := r.now()
	r.did("%s", text)
	r.ground.journal.forget()
	out := call(context.Background(), r.wrapper)
	r.changed()
	if step.info.Kind == dual.KindRead {
		if what := r.compareRows(before, r.now(), func(key dual.Key) bool { return part.keeps(key.Kind) }); what != "" {
			r.breaks(t, readChangesNone, "after %s: %s", text, what)
		}
		return
	}
	declared := r.ground.journal.declared(step.made, step.lists)
	r.wrote(declared)
	after := r.now()
	may := func(key dual.Key) bool {
		return part.keeps(key.Kind) || slices.ContainsFunc(declared, func(d dual.Key) bool { return covers(d, key) })
	}
	if what := r.compareRows(before, after, may); what != "" {
		r.breaks(t, writeWithinKinds, "%s declares %s: %s%s", text, names(declared), what, part.remedy(step, declared, r.strays(before, after, may)))
	}
	r.alike(t, part, text, declared)
	if out.err == nil && r.met(part, step, declared, before) {
		r.book.count(writeWithinKinds, step.name)
	}
}

// alike demands of a write that declares what another part keeps that both stores hold that alike afterwards, or that the journal knows
// better: a call that is repeated on the mirror may do less there.
func (r *treeRun[P]) alike(t *rapid.T, part Part[P], text fmt.Stringer, declared []dual.Key) {
	if !slices.ContainsFunc(declared, func(key dual.Key) bool { return !part.keeps(key.Kind) }) {
		return
	}
	unclean, err := r.ground.unclean()
	if err != nil {
		t.Fatalf("the journal does not answer: %v", err)
	}
	known := func(key dual.Key) bool {
		return slices.ContainsFunc(unclean, func(e journal.Entry) bool { return covers(e.Key, key) })
	}
	after, mirror := r.now(), r.mirror()
	for _, key := range slices.Concat(after.keys, mirror.keys) {
		said := slices.ContainsFunc(declared, func(d dual.Key) bool { return covers(d, key) })
		if part.keeps(key.Kind) || !said || known(key) {
			continue
		}
		if what := r.differ(key, after.rows[key], mirror.rows[key]); what != "" {
			r.book.failLaw(t, mirrorsReconciled, "the mirror", fmt.Sprintf("after %s the %v store has another one than the %v store, and the journal does not say so: %s"+
				"\nIf the two stores do not change the same by this call, take //dualgen:mirror replay away: what it touches is copied then",
				text, r.at.Other(), r.at, what), r.done)
		}
	}
}

// met reports whether a write could have shown that it touches what another part keeps: something was there, and, for one that removes by
// key, what it removes was.
func (r *treeRun[P]) met(part Part[P], step partStep[P], declared []dual.Key, before *glance) bool {
	there := func(key dual.Key) bool { return before.rows[key].found }
	others := slices.ContainsFunc(before.keys, func(key dual.Key) bool { return !part.keeps(key.Kind) && there(key) })
	removes := step.info.Kind != dual.KindDelete || !slices.ContainsFunc(declared, keyed) || slices.ContainsFunc(declared, there)
	return others && removes
}

// strays are the kinds of entities that have changed and may not.
func (r *treeRun[P]) strays(before, after *glance, may func(dual.Key) bool) []string {
	var kinds []string
	for _, key := range slices.Concat(before.keys, after.keys) {
		if !may(key) && !slices.Contains(kinds, key.Kind) && r.differ(key, before.rows[key], after.rows[key]) != "" {
			kinds = append(kinds, key.Kind)
		}
	}
	return kinds
}

// remedy says what to write where a method is meant to change entities of those kinds, which other parts keep.
func (p Part[P]) remedy(step partStep[P], declared []dual.Key, kinds []string) string {
	if len(kinds) == 0 || len(declared) == 0 {
		return ""
	}
	lines := ""
	for _, kind := range kinds {
		lines += fmt.Sprintf("\n\tabove %s: //dualgen:entity %s key=… shared writeonly", p.of, kind)
	}
	return fmt.Sprintf("\nIf %[1]s is meant to, say so:%[2]s\n\tabove %[3]s: //dualgen:entity %[4]s,%[5]s and //dualgen:key %[4]s=… %[6]s=none"+
		"\nElse let the stores change what the call names alone, and the service the rest, through the repository that keeps it",
		step.name, lines, step.name[strings.LastIndex(step.name, ".")+1:], declared[0].Kind, strings.Join(kinds, ","), strings.Join(kinds, "=none "))
}

// copy puts an entity as a copy does, and looks at what the parts that do not keep it keep.
func (r *treeRun[P]) copy(t *rapid.T, kind lawKind) {
	r.fill(t)
	before := r.now()
	r.putTied(t, kind)
	own := func(key dual.Key) bool {
		return slices.ContainsFunc(r.parts, func(p Part[P]) bool { return p.keeps(kind.name) && p.keeps(key.Kind) })
	}
	if what := r.compareRows(before, r.now(), own); what != "" {
		r.breaks(t, putThenGet, "put of a %s touches what another repository keeps: %s", kind.name, what)
	}
}
