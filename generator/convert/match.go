package convert

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/plan"
)

// pair is two columns that hold the same.
type pair struct {
	ours, theirs *column
	field        Field // what directives say of it
}

// matching pairs the columns of the interface's struct and the store's.
type matching struct {
	p            *Planner
	r            request
	ours, theirs []*column // not paired yet
	pairs        []pair
	ourName      string // of the interface's type, in directives
	theirName    string
}

// matchers pair by ever looser likeness: the first that finds a counterpart wins.
var matchers = []struct {
	name string
	like func(ours, theirs *column) bool
}{
	{"field name", func(a, b *column) bool { return a.name() == b.name() }},
	{"field name without case and underscores", func(a, b *column) bool { return normal(a.name()) == normal(b.name()) }},
	{"tag", func(a, b *column) bool { return likeTags(a, b) }},
}

// match pairs all columns of a request's structs; what cannot be paired is reported, the same for both directions.
func (p *Planner) match(r request) []pair {
	m := &matching{
		p: p, r: r,
		ours:      p.columnsIn(r, r.ours(), false),
		theirs:    p.columnsIn(r, r.theirs(), true),
		ourName:   nameOr(typeName(r.ours()), r.path),
		theirName: nameOr(typeName(r.theirs()), typeName(r.ours())),
	}
	m.dropIgnored()
	m.byDirective()
	for _, matcher := range matchers {
		m.by(matcher.like)
	}
	m.crossed()
	m.reportRest()
	m.reportHidden(r.ours(), m.ourName)
	m.reportHidden(r.theirs(), m.theirName)
	return m.pairs
}

func nameOr(name, otherwise string) string {
	if name == "" {
		return otherwise
	}
	return name
}

func (m *matching) dropIgnored() {
	ignored := func(c *column) bool {
		return m.p.directives.ignored(m.r.at.Store, c.name(), m.ourName, m.theirName)
	}
	for _, c := range m.ours {
		if ignored(c) {
			m.p.lost[m.ourName+"."+c.name()] = loss{ignored: true}
		}
	}
	m.ours = slices.DeleteFunc(m.ours, ignored)
	m.theirs = slices.DeleteFunc(m.theirs, ignored)
}

// byDirective pairs what field directives name.
func (m *matching) byDirective() {
	for _, c := range slices.Clone(m.ours) {
		field := m.p.directives.field(m.ourName + "." + c.name())
		name := field.Names[m.r.at.Store]
		if name == "" {
			continue
		}
		called := func(t *column) bool { return t.name() == name || slices.Contains(t.tags, name) }
		i := slices.IndexFunc(m.theirs, called)
		if i < 0 {
			m.p.fail(field.Pos, fmt.Sprintf("%s store: %s has no field %s for %s", m.r.side(), m.p.text(m.r.theirs()), name, field.Path),
				"its fields are: "+strings.Join(columnNames(m.theirs), ", "))
			m.ours = without(m.ours, c)
			continue
		}
		m.pair(c, m.theirs[i])
	}
}

// by pairs columns that are alike. Two candidates for one column are reported.
func (m *matching) by(like func(ours, theirs *column) bool) {
	for _, c := range slices.Clone(m.ours) {
		var found []*column
		for _, t := range m.theirs {
			if like(c, t) {
				found = append(found, t)
			}
		}
		switch len(found) {
		case 0:
		case 1:
			m.pair(c, found[0])
		default:
			m.ambiguous(c, found)
		}
	}
}

func (m *matching) ambiguous(c *column, found []*column) {
	names := columnNames(found)
	m.p.fail(m.r.at.Pos, fmt.Sprintf("%s store: %s.%s matches several fields of %s: %s",
		m.r.side(), m.ourName, c.name(), m.p.text(m.r.theirs()), strings.Join(names, ", ")),
		say("field %s.%s %s=%s", m.ourName, c.name(), m.r.side(), names[0]))
	m.ours = without(m.ours, c)
	for _, t := range found {
		m.theirs = without(m.theirs, t)
	}
}

// crossed reports a pair of one name where a tag says that the column is another field's.
func (m *matching) crossed() {
	for _, a := range m.pairs {
		if a.field.Names[m.r.at.Store] != "" || normal(a.ours.name()) != normal(a.theirs.name()) {
			continue
		}
		for _, b := range m.pairs {
			if a != b && slices.Contains(a.theirs.tags, b.ours.name()) {
				m.p.fail(m.r.at.Pos, fmt.Sprintf("%s store: %s.%s has the name of %s.%s, but its tag names %s",
					m.r.side(), m.p.text(m.r.theirs()), a.theirs.name(), m.ourName, a.ours.name(), b.ours.name()),
					say("field %s.%s %s=%s, or %s=%s", m.ourName, a.ours.name(), m.r.side(), a.theirs.name(), m.r.side(), b.theirs.name()))
			}
		}
	}
}

// reportRest reports the columns without a counterpart: on its way through the other struct their value would be lost.
func (m *matching) reportRest() {
	for _, c := range m.ours {
		m.p.faults.add(m.r.at.Pos, fmt.Sprintf("%s store: %s.%s has no counterpart in %s, so it would be lost",
			m.r.side(), m.ourName, c.name(), m.p.text(m.r.theirs())),
			append(m.p.draw(m.r.trail), say("field %s.%s %s=NAME%s, or ignore %s.%s.%s",
				m.ourName, c.name(), m.r.side(), candidates(m.theirs), m.r.side(), m.ourName, c.name()))...)
	}
	for _, c := range m.theirs {
		m.p.faults.add(m.r.at.Pos, fmt.Sprintf("%s store: %s.%s has no counterpart in %s, so it would be left empty",
			m.r.side(), m.p.text(m.r.theirs()), c.name(), m.ourName),
			append(m.p.draw(m.r.trail), say("field %s.NAME %s=%s%s, or ignore %s.%s.%s",
				m.ourName, m.r.side(), c.name(), candidates(m.ours), m.r.side(), m.theirName, c.name()))...)
	}
}

// candidates lists what a column might be paired with.
func candidates(left []*column) string {
	if len(left) == 0 {
		return ""
	}
	return " (left: " + strings.Join(columnNames(left), ", ") + ")"
}

func (m *matching) pair(ours, theirs *column) {
	m.pairs = append(m.pairs, pair{ours, theirs, m.p.directives.field(m.ourName + "." + ours.name())})
	m.ours = without(m.ours, ours)
	m.theirs = without(m.theirs, theirs)
}

func without(columns []*column, c *column) []*column {
	return slices.DeleteFunc(slices.Clone(columns), func(other *column) bool { return other == c })
}

func columnNames(columns []*column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name()
	}
	return names
}

// likeTags says whether a tag of one names the other, or both are tagged alike.
func likeTags(a, b *column) bool {
	for _, x := range append([]string{a.name()}, a.tags...) {
		for _, y := range append([]string{b.name()}, b.tags...) {
			if normal(x) == normal(y) {
				return true
			}
		}
	}
	return false
}

// fieldTree arranges converted fields as the literals that fill them: those of an embedded struct below it.
type fieldTree struct{ fields []plan.FieldConv }

func (tree *fieldTree) add(path []*types.Var, leaf plan.FieldConv) {
	fields := &tree.fields
	for _, embedded := range path[:len(path)-1] {
		i := slices.IndexFunc(*fields, func(f plan.FieldConv) bool { return f.Name == embedded.Name() })
		if i < 0 {
			*fields = append(*fields, plan.FieldConv{Name: embedded.Name(), Type: embedded.Type()})
			i = len(*fields) - 1
		}
		fields = &(*fields)[i].Nested
	}
	leaf.Name = path[len(path)-1].Name()
	*fields = append(*fields, leaf)
}
