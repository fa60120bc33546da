package structs

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/internal/convert/access"
	"github.com/dualgen/dualgen/internal/convert/fault"
	"github.com/dualgen/dualgen/internal/convert/frame"
	"github.com/dualgen/dualgen/internal/convert/given"
	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/convert/rule"
	"github.com/dualgen/dualgen/internal/plan"
)

// pair is two columns that hold the same.
type pair struct {
	ours, theirs *access.Column
	field        given.Field // what directives say of it
}

// matching pairs the columns of the interface's struct and the store's.
type matching struct {
	p            *rule.Planner
	r            rule.Request
	ours, theirs []*access.Column // not paired yet
	pairs        []pair
	ourName      string // of the interface's type, in directives
	theirName    string
}

// matchers pair by ever looser likeness: the first that finds a counterpart wins.
var matchers = []struct {
	name string
	like func(ours, theirs *access.Column) bool
}{
	{"field name", func(a, b *access.Column) bool { return a.Name() == b.Name() }},
	{"field name without case and underscores", func(a, b *access.Column) bool { return gotype.Normal(a.Name()) == gotype.Normal(b.Name()) }},
	{"tag", func(a, b *access.Column) bool { return likeTags(a, b) }},
}

// match pairs all columns of a request's structs; what cannot be paired is reported, the same for both directions.
func match(p *rule.Planner, r rule.Request) []pair {
	m := &matching{
		p: p, r: r,
		ours:      p.ColumnsIn(r, r.Ours(), false),
		theirs:    p.ColumnsIn(r, r.Theirs(), true),
		ourName:   given.NameOr(gotype.TypeName(r.Ours()), r.Path),
		theirName: given.NameOr(gotype.TypeName(r.Theirs()), gotype.TypeName(r.Ours())),
	}
	m.dropIgnored()
	m.byDirective()
	for _, matcher := range matchers {
		m.by(matcher.like)
	}
	m.crossed()
	m.leaveRest()
	m.reportHidden(r.Ours(), m.ourName)
	m.reportHidden(r.Theirs(), m.theirName)
	return m.pairs
}

func (m *matching) dropIgnored() {
	ignored := func(c *access.Column) bool {
		return m.p.Directives.Ignored(m.r.At.Store, c.Name(), m.ourName, m.theirName)
	}
	for _, c := range m.ours {
		if ignored(c) {
			m.p.Lost[m.ourName+"."+c.Name()] = frame.Loss{Ignored: true}
		}
	}
	m.ours = slices.DeleteFunc(m.ours, ignored)
	m.theirs = slices.DeleteFunc(m.theirs, ignored)
}

// byDirective pairs what field directives name.
func (m *matching) byDirective() {
	for _, c := range slices.Clone(m.ours) {
		field := m.p.Directives.Field(m.ourName + "." + c.Name())
		name := field.Names[m.r.At.Store]
		if name == "" {
			continue
		}
		called := func(t *access.Column) bool { return t.Name() == name || slices.Contains(t.Tags, name) }
		i := slices.IndexFunc(m.theirs, called)
		if i < 0 {
			m.p.Faults.Add(field.Pos, fmt.Sprintf("%s store: %s has no field %s for %s", m.r.Side(), m.p.Text(m.r.Theirs()), name, field.Path),
				"its fields are: "+strings.Join(access.ColumnNames(m.theirs), ", "))
			m.ours = access.Without(m.ours, c)
			continue
		}
		m.pair(c, m.theirs[i])
	}
}

// by pairs columns that are alike. Two candidates for one column are reported.
func (m *matching) by(like func(ours, theirs *access.Column) bool) {
	for _, c := range slices.Clone(m.ours) {
		var found []*access.Column
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

func (m *matching) ambiguous(c *access.Column, found []*access.Column) {
	names := access.ColumnNames(found)
	m.p.Faults.Add(m.r.At.Pos, fmt.Sprintf("%s store: %s.%s matches several fields of %s: %s",
		m.r.Side(), m.ourName, c.Name(), m.p.Text(m.r.Theirs()), strings.Join(names, ", ")),
		fault.Say("field %s.%s %s=%s", m.ourName, c.Name(), m.r.Side(), names[0]))
	m.ours = access.Without(m.ours, c)
	for _, t := range found {
		m.theirs = access.Without(m.theirs, t)
	}
}

// crossed reports a pair of one name where a tag says that the column is another field's.
func (m *matching) crossed() {
	for _, a := range m.pairs {
		if a.field.Names[m.r.At.Store] != "" || gotype.Normal(a.ours.Name()) != gotype.Normal(a.theirs.Name()) {
			continue
		}
		for _, b := range m.pairs {
			if a != b && slices.Contains(a.theirs.Tags, b.ours.Name()) {
				m.p.Faults.Add(m.r.At.Pos, fmt.Sprintf("%s store: %s.%s has the name of %s.%s, but its tag names %s",
					m.r.Side(), m.p.Text(m.r.Theirs()), a.theirs.Name(), m.ourName, a.ours.Name(), b.ours.Name()),
					fault.Say("field %s.%s %s=%s, or %s=%s", m.ourName, a.ours.Name(), m.r.Side(), a.theirs.Name(), m.r.Side(), b.theirs.Name()))
			}
		}
	}
}

func (m *matching) pair(ours, theirs *access.Column) {
	m.pairs = append(m.pairs, pair{ours, theirs, m.p.Directives.Field(m.ourName + "." + ours.Name())})
	m.ours = access.Without(m.ours, ours)
	m.theirs = access.Without(m.theirs, theirs)
}

// likeTags says whether a tag of one names the other, or both are tagged alike.
func likeTags(a, b *access.Column) bool {
	for _, x := range append([]string{a.Name()}, a.Tags...) {
		for _, y := range append([]string{b.Name()}, b.Tags...) {
			if gotype.Normal(x) == gotype.Normal(y) {
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
