package dualtest

import (
	"context"
	"fmt"
	"reflect"

	"github.com/dualgen/dualgen/runtime/dual"
)

// glance is everything that can be seen of a store: the entities of all kinds, by scan and by get, and what the reads that
// were drawn before answer now.
type glance struct {
	keys   []dual.Key // of rows, in a fixed order
	rows   map[dual.Key]seen
	listed map[string][]dual.Row // by kind, as scan lists them
	broken map[string]error      // kinds that cannot be listed
	reads  []outcome             // one for each remembered read
}

// seen is what get says of a key.
type seen struct {
	row   dual.Row
	found bool
	err   error
}

// glance looks at the store under test.
func (r *lawRun[R]) glance() *glance {
	g := &glance{rows: map[dual.Key]seen{}, listed: map[string][]dual.Row{}, broken: map[string]error{}}
	for _, kind := range r.kinds {
		if kind.copier.CanScan() {
			rows, err := list(r.context(), kind.copier, r.at, 100)
			g.listed[kind.name], g.broken[kind.name] = rows, err
			for _, row := range rows {
				g.get(r, kind, row.Key)
			}
		}
	}
	for _, key := range r.keys.known {
		if kind, ok := r.kind(key.Kind); ok {
			g.get(r, kind, key)
		}
	}
	for _, read := range r.reads {
		g.reads = append(g.reads, read.call(r.context(), r.store()))
	}
	return g
}

// get adds what get says of a key.
func (g *glance) get(r interface {
	position() dual.Store
	context() context.Context
}, kind lawKind, key dual.Key) {
	if _, ok := g.rows[key]; ok {
		return
	}
	row, found, err := kind.copier.Row(r.context(), r.position(), key)
	if found && err == nil {
		if cloned, err := kind.copier.RowOf(kind.clone(row.Value())); err == nil {
			row = cloned // a store may hand out its own memory
		}
	}
	g.keys = append(g.keys, key)
	g.rows[key] = seen{row, found, err}
}

// position is that of the store under test.
func (r *lawRun[R]) position() dual.Store { return r.at }

// kind finds a kind by its name.
func (r *lawRun[R]) kind(name string) (lawKind, bool) {
	for _, kind := range r.kinds {
		if kind.name == name {
			return kind, true
		}
	}
	return lawKind{}, false
}

// now is a glance at the store as it is; one that was made since the last change serves again.
func (r *lawRun[R]) now() *glance {
	if r.last == nil {
		r.last = r.glance()
	}
	return r.last
}

// compare says in what two glances differ, or "". What may touch is left out: a nil may leaves nothing out.
func (r *lawRun[R]) compare(before, after *glance, may func(dual.Key) bool) string {
	if what := r.compareRows(before, after, may); what != "" {
		return what
	}
	return r.compareReads(before, after, may)
}

// compareRows is compare for entities.
func (r *lawRun[R]) compareRows(before, after *glance, may func(dual.Key) bool) string {
	for _, key := range after.keys {
		was, ok := before.rows[key]
		if may != nil && may(key) {
			continue
		}
		if kind, _ := r.kind(key.Kind); !ok && !kind.copier.CanScan() && r.keys.overlooked(key) {
			continue
		}
		if what := r.differ(key, was, after.rows[key]); what != "" {
			return what
		}
	}
	for _, key := range before.keys {
		kind, _ := r.kind(key.Kind)
		if _, ok := after.rows[key]; ok || !kind.copier.CanScan() {
			continue // without a listing, a key that is not remembered any longer was not looked for
		}
		if before.rows[key].found && (may == nil || !may(key)) {
			return fmt.Sprintf("%s is gone", name(key))
		}
	}
	return ""
}

// compareReads is compare for what the remembered reads answer.
func (r *lawRun[R]) compareReads(before, after *glance, may func(dual.Key) bool) string {
	for i := range min(len(before.reads), len(after.reads), len(r.reads)) {
		read := r.reads[i]
		if may != nil && (!read.keyed() || may(read.key)) {
			continue
		}
		if _, what := r.suite.disagree(before.reads[i], after.reads[i], ofTimes); what != "" {
			return fmt.Sprintf("%s answers otherwise: %s", read.text(), what)
		}
	}
	return ""
}

// differ says how two looks at one key differ, or "".
func (r *lawRun[R]) differ(key dual.Key, was, is seen) string {
	kind, _ := r.kind(key.Kind)
	switch {
	case (was.err == nil) != (is.err == nil):
		return fmt.Sprintf("get of %s: error %v, and then %v", name(key), was.err, is.err)
	case was.err != nil:
		return ""
	case was.found && !is.found:
		return fmt.Sprintf("%s is gone", name(key))
	case !was.found && is.found:
		return fmt.Sprintf("%s is there now: %s", name(key), Show(is.row.Value()))
	case !was.found:
		return ""
	}
	if what := unequal(kind.copier, was.row, is.row); what != "" {
		return fmt.Sprintf("%s is another one: %s", name(key), what)
	}
	return ""
}

// unequal says in what a row became another, or "".
func unequal(copier dual.Copier, want, got dual.Row) string {
	return contrast(copier, want, got, "%s became %s")
}

// between says in what the rows of the two stores differ, or "".
func between(copier dual.Copier, old, new dual.Row) string {
	return contrast(copier, old, new, "%s in the old store, %s in the new")
}

// contrast says in what two rows of a kind differ, or "". form takes the values that differ.
func contrast(copier dual.Copier, a, b dual.Row, form string) string {
	differences := copier.Diff(a, b)
	if len(differences) == 0 {
		return ""
	}
	d := differences[0]
	if d.Path != "" || d.Old != nil || d.New != nil {
		return path(d.Path) + ": " + fmt.Sprintf(form, Show(d.Old), Show(d.New))
	}
	if reflect.DeepEqual(a.Value(), b.Value()) { // nothing says how the kind compares
		return ""
	}
	return fmt.Sprintf(form, Show(a.Value()), Show(b.Value()))
}

// path is a difference's, for messages.
func path(p string) string {
	if p == "" {
		return "the value"
	}
	return p
}

// name is a key as people read it.
func name(key dual.Key) string {
	if key.Whole {
		return "all of " + key.Kind
	}
	return fmt.Sprintf("%s %q", key.Kind, key.ID)
}
