package convert

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/plan"
)

// access is how a struct is read and written of which directives name a constructor, a getter or a setter.
type access struct {
	p       *Planner
	typ     types.Type
	name    string // of the type in directives: "User", "new.UserRow"
	maker   *Maker // nil for none
	columns []*column
	fields  []*types.Var // of the struct, embedded ones flattened, whether they are in reach or not
	tags    [][]string   // of fields
}

// accessOf is how the struct t is reached on a side ("old", "new", or "" for the interface's own types); nil where no
// directive speaks of it.
func (p *Planner) accessOf(t types.Type, side string) *access {
	t = types.Unalias(t)
	if _, ok := t.Underlying().(*types.Struct); !ok || typeName(t) == "" || !p.directives.reach() {
		return nil
	}
	key := side + " " + typeKey(t)
	if a, ok := p.accesses[key]; ok {
		return a
	}
	a := &access{p: p, typ: t, name: strings.TrimPrefix(side+"."+typeName(t), "."), maker: p.directives.maker(t)}
	names, said := p.directives.accessors(side, typeName(t))
	if a.maker == nil && len(said) == 0 {
		a = nil
	}
	p.accesses[key] = a
	if a == nil {
		return nil
	}
	a.columns = slices.DeleteFunc(p.columns(t, side != ""), p.shownByMethods)
	a.listFields(t, 0)
	for i, name := range names {
		a.say(name, said[i])
	}
	a.takeParams()
	a.takeSetters()
	a.settle()
	if side == "" {
		p.assemblies = append(p.assemblies, a.assembly(func(*column) bool { return true }))
	}
	return a
}

// shownByMethods says whether a column is an embedded struct without fields in reach: its methods show what is in it.
func (p *Planner) shownByMethods(c *column) bool {
	t := c.field().Type()
	_, option := optionOf(t)
	_, text := textOf(t)
	return c.field().Embedded() && p.opaque(t) && !isTime(t) && !option && !text
}

// listFields lists all fields of a struct, those of embedded structs in their place.
func (a *access) listFields(t types.Type, depth int) {
	s := t.Underlying().(*types.Struct)
	for i := range s.NumFields() {
		field := s.Field(i)
		elem := field.Type()
		if to, ok := pointee(elem); ok {
			elem = to
		}
		if _, ok := elem.Underlying().(*types.Struct); ok && field.Embedded() && !isTime(elem) && !plan.HoldsLock(elem) && depth < maxEmbedding {
			a.listFields(elem, depth+1)
			continue
		}
		a.fields = append(a.fields, field)
		a.tags = append(a.tags, tagNames(structTag(s, i)))
	}
}

// column is the column of that name, made where there is none.
func (a *access) column(name string) *column {
	like := func(c *column) bool { return normal(c.name()) == normal(name) }
	if i := slices.IndexFunc(a.columns, func(c *column) bool { return c.name() == name }); i >= 0 {
		return a.columns[i]
	}
	if i := slices.IndexFunc(a.columns, like); i >= 0 {
		return a.columns[i]
	}
	c := &column{label: name}
	a.columns = append(a.columns, c)
	return c
}

// say follows a field directive that names a getter or a setter.
func (a *access) say(name string, said *Field) {
	c := a.column(name)
	c.label = name
	if said.Get != "" {
		c.get = a.saidGetter(said)
		c.bad = c.bad || c.get == nil
	}
	if said.Set != "" {
		c.set = a.saidSetter(said)
		c.bad = c.bad || c.set == nil
	}
}

// takeParams pairs what the constructor takes with what shows it.
func (a *access) takeParams() {
	if a.maker == nil {
		return
	}
	parts := a.maker.parts()
	for i, param := range parts {
		last := i == len(parts)-1 && a.maker.Func.Signature().Variadic()
		if param.Name() == "" || param.Name() == "_" {
			a.p.fail(a.maker.Pos, fmt.Sprintf("construct %s: parameter %d has no name to pair it by", a.maker.Func.Name(), i+1), "name it")
			continue
		}
		c := a.paramColumn(param, len(parts) == 1)
		if c == nil && last {
			continue // options, which may be left out
		}
		if c == nil {
			a.unpaired(param)
			c = a.column(upperFirst(param.Name()))
			c.bad = true
		}
		c.param = param
	}
}

// paramColumn is the column that a constructor's parameter fills: of its name, or with a getter of its name. What is made of
// a single value is that value: its only column, or its text.
func (a *access) paramColumn(param *types.Var, single bool) *column {
	like := func(c *column) bool { return normal(c.name()) == normal(param.Name()) }
	if i := slices.IndexFunc(a.columns, like); i >= 0 {
		return a.columns[i]
	}
	if single && len(a.columns) == 1 {
		return a.columns[0]
	}
	g, several := a.p.getterFor(a.typ, param.Name())
	switch {
	case len(several) > 1:
		a.ambiguous(upperFirst(param.Name()), several)
	case g == nil && single:
		g = a.onlyValue(param.Type())
	}
	if g == nil && len(several) == 0 {
		return nil
	}
	c := a.column(a.label(param.Name(), g))
	c.get, c.bad = g, g == nil
	return c
}

// onlyValue is the getter of a struct that is made of one value: Value, or String.
func (a *access) onlyValue(t types.Type) *getter {
	for _, name := range []string{"Value", "String"} {
		if f := a.p.accessor(a.typ, name); f != nil {
			if g, ok := getterOf(f); ok && g.form == getsValue && types.Identical(g.typ, t) {
				return g
			}
		}
	}
	return nil
}

// label names a column for what reads it: FullName for fullName with a getter FullName or GetFullName.
func (a *access) label(param string, g *getter) string {
	if g != nil && normal(g.name) == normal(param) {
		return g.name
	}
	if g != nil && normal(g.name) == "get"+normal(param) {
		return g.name[len("Get"):]
	}
	return upperFirst(param)
}

// takeSetters has setters write what the constructor does not take, and getters read it.
func (a *access) takeSetters() {
	names, setters := a.p.settersOf(a.typ)
	for i, name := range names {
		g, several := a.p.getterFor(a.typ, name)
		known := slices.IndexFunc(a.columns, func(c *column) bool { return normal(c.name()) == normal(name) })
		if known < 0 && g == nil {
			if len(several) > 1 {
				a.ambiguous(name, several)
			}
			continue
		}
		if c := a.column(name); !c.writable() {
			c.set = setters[i]
		}
	}
	for _, c := range a.columns {
		if c.readable() || c.bad {
			continue
		}
		var several []string
		if c.get, several = a.p.getterFor(a.typ, c.name()); len(several) > 1 {
			a.ambiguous(c.name(), several)
			c.bad = true
		}
	}
}

// settle gives the columns the tags of the fields that they stand for, and those fields' order.
func (a *access) settle() {
	position := func(c *column) int {
		i := slices.IndexFunc(a.fields, func(f *types.Var) bool { return normal(f.Name()) == normal(c.name()) })
		if i < 0 {
			return len(a.fields)
		}
		return i
	}
	for _, c := range a.columns {
		if i := position(c); len(c.path) == 0 && i < len(a.fields) {
			c.tags = a.tags[i]
		}
	}
	slices.SortStableFunc(a.columns, func(x, y *column) int { return position(x) - position(y) })
}

// hidden are the fields that are out of reach, and that no column stands for.
func (a *access) hidden() []*types.Var {
	var hidden []*types.Var
	for _, field := range a.fields {
		stands := func(c *column) bool {
			return slices.Contains(c.path, field) || normal(c.name()) == normal(field.Name()) || c.get != nil && len(a.fields) == 1
		}
		if field.Name() != "_" && !a.p.reaches(field) && !plan.HoldsLock(field.Type()) && !slices.ContainsFunc(a.columns, stands) {
			hidden = append(hidden, field)
		}
	}
	return hidden
}

// HasPart says whether a struct of the interface's has a part of that name to which directives gave a getter, a setter or a
// constructor.
func (p *Planner) HasPart(t types.Type, name string) bool {
	a := p.accessOf(t, "")
	return a != nil && slices.ContainsFunc(a.columns, func(c *column) bool { return c.name() == name })
}

// Partial says whether a struct of the interface's may keep to itself what no conversion makes again: its fields are out of
// reach, or some are left out on purpose.
func (p *Planner) Partial(t types.Type) bool {
	if p.accessOf(t, "") != nil {
		return true
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok || p.opaque(t) {
		return false
	}
	for field := range s.Fields() {
		if !p.reaches(field) || p.lost[typeName(t)+"."+field.Name()].ignored {
			return true
		}
	}
	return false
}
