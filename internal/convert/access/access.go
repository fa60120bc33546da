package access

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/internal/convert/build"
	"github.com/dualgen/dualgen/internal/convert/given"
	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/identifier"
	"github.com/dualgen/dualgen/internal/plan"
)

// Access is how a struct is read and written of which directives name a constructor, a getter or a setter.
type Access struct {
	p       *Planner
	Typ     types.Type
	Name    string       // of the type in directives: "User", "new.UserRow"
	Maker   *given.Maker // nil for none
	Columns []*Column
	fields  []*types.Var // of the struct, embedded ones flattened, whether they are in reach or not
	tags    [][]string   // of fields
}

// AccessOf is how the struct t is reached on a side ("old", "new", or "" for the interface's own types); nil where no
// directive speaks of it.
func (p *Planner) AccessOf(t types.Type, side string) *Access {
	t = types.Unalias(t)
	if _, ok := t.Underlying().(*types.Struct); !ok || gotype.TypeName(t) == "" || !p.Directives.Reach() {
		return nil
	}
	key := side + " " + gotype.TypeKey(t)
	if a, ok := p.Accesses[key]; ok {
		return a
	}
	a := &Access{p: p, Typ: t, Name: strings.TrimPrefix(side+"."+gotype.TypeName(t), "."), Maker: p.Directives.Maker(t)}
	names, said := p.Directives.Accessors(side, gotype.TypeName(t))
	if a.Maker == nil && len(said) == 0 {
		a = nil
	}
	p.Accesses[key] = a
	if a == nil {
		return nil
	}
	a.Columns = slices.DeleteFunc(p.Columns(t, side != ""), p.shownByMethods)
	a.listFields(t, 0)
	for i, name := range names {
		a.say(name, said[i])
	}
	a.takeParams()
	a.takeSetters()
	a.settle()
	if side == "" {
		p.Assemblies = append(p.Assemblies, a.Assembly(func(*Column) bool { return true }))
	}
	return a
}

// shownByMethods says whether a column is an embedded struct without fields in reach: its methods show what is in it.
func (p *Planner) shownByMethods(c *Column) bool {
	t := c.Field().Type()
	_, option := build.OptionOf(t)
	_, text := build.TextOf(t)
	return c.Field().Embedded() && p.Opaque(t) && !gotype.IsTime(t) && !option && !text
}

// listFields lists all fields of a struct, those of embedded structs in their place.
func (a *Access) listFields(t types.Type, depth int) {
	s := t.Underlying().(*types.Struct)
	for i := range s.NumFields() {
		field := s.Field(i)
		elem := field.Type()
		if to, ok := gotype.Pointee(elem); ok {
			elem = to
		}
		if _, ok := elem.Underlying().(*types.Struct); ok && field.Embedded() && !gotype.IsTime(elem) && !plan.HoldsLock(elem) && depth < maxEmbedding {
			a.listFields(elem, depth+1)
			continue
		}
		a.fields = append(a.fields, field)
		a.tags = append(a.tags, tagNames(structTag(s, i)))
	}
}

// column is the column of that name, made where there is none.
func (a *Access) column(name string) *Column {
	like := func(c *Column) bool { return gotype.Normal(c.Name()) == gotype.Normal(name) }
	if i := slices.IndexFunc(a.Columns, func(c *Column) bool { return c.Name() == name }); i >= 0 {
		return a.Columns[i]
	}
	if i := slices.IndexFunc(a.Columns, like); i >= 0 {
		return a.Columns[i]
	}
	c := &Column{label: name}
	a.Columns = append(a.Columns, c)
	return c
}

// say follows a field directive that names a getter or a setter.
func (a *Access) say(name string, said *given.Field) {
	c := a.column(name)
	c.label = name
	if said.Get != "" {
		c.Get = a.saidGetter(said)
		c.Bad = c.Bad || c.Get == nil
	}
	if said.Set != "" {
		c.Set = a.saidSetter(said)
		c.Bad = c.Bad || c.Set == nil
	}
}

// takeParams pairs what the constructor takes with what shows it.
func (a *Access) takeParams() {
	if a.Maker == nil {
		return
	}
	parts := a.Maker.Parts()
	for i, param := range parts {
		last := i == len(parts)-1 && a.Maker.Func.Signature().Variadic()
		if param.Name() == "" || param.Name() == "_" {
			a.p.Faults.Add(a.Maker.Pos, fmt.Sprintf("construct %s: parameter %d has no name to pair it by", a.Maker.Func.Name(), i+1), "name it")
			continue
		}
		c := a.paramColumn(param, len(parts) == 1)
		if c == nil && last {
			continue // options, which may be left out
		}
		if c == nil {
			a.unpaired(param)
			c = a.column(identifier.UpperFirst(param.Name()))
			c.Bad = true
		}
		c.Param = param
	}
}

// paramColumn is the column that a constructor's parameter fills: of its name, or with a getter of its name. What is made of
// a single value is that value: its only column, or its text.
func (a *Access) paramColumn(param *types.Var, single bool) *Column {
	like := func(c *Column) bool { return gotype.Normal(c.Name()) == gotype.Normal(param.Name()) }
	if i := slices.IndexFunc(a.Columns, like); i >= 0 {
		return a.Columns[i]
	}
	if single && len(a.Columns) == 1 {
		return a.Columns[0]
	}
	g, several := a.p.getterFor(a.Typ, param.Name())
	switch {
	case len(several) > 1:
		a.ambiguous(identifier.UpperFirst(param.Name()), several)
	case g == nil && single:
		g = a.onlyValue(param.Type())
	}
	if g == nil && len(several) == 0 {
		return nil
	}
	c := a.column(a.label(param.Name(), g))
	c.Get, c.Bad = g, g == nil
	return c
}

// onlyValue is the getter of a struct that is made of one value: Value, or String.
func (a *Access) onlyValue(t types.Type) *getter {
	for _, name := range []string{"Value", "String"} {
		if f := a.p.Accessor(a.Typ, name); f != nil {
			if g, ok := getterOf(f); ok && g.Form == GetsValue && types.Identical(g.Typ, t) {
				return g
			}
		}
	}
	return nil
}

// label names a column for what reads it: FullName for fullName with a getter FullName or GetFullName.
func (a *Access) label(param string, g *getter) string {
	if g != nil && gotype.Normal(g.Name) == gotype.Normal(param) {
		return g.Name
	}
	if g != nil && gotype.Normal(g.Name) == "get"+gotype.Normal(param) {
		return g.Name[len("Get"):]
	}
	return identifier.UpperFirst(param)
}

// takeSetters has setters write what the constructor does not take, and getters read it.
func (a *Access) takeSetters() {
	names, setters := a.p.settersOf(a.Typ)
	for i, name := range names {
		g, several := a.p.getterFor(a.Typ, name)
		known := slices.IndexFunc(a.Columns, func(c *Column) bool { return gotype.Normal(c.Name()) == gotype.Normal(name) })
		if known < 0 && g == nil {
			if len(several) > 1 {
				a.ambiguous(name, several)
			}
			continue
		}
		if c := a.column(name); !c.Writable() {
			c.Set = setters[i]
		}
	}
	for _, c := range a.Columns {
		if c.Readable() || c.Bad {
			continue
		}
		var several []string
		if c.Get, several = a.p.getterFor(a.Typ, c.Name()); len(several) > 1 {
			a.ambiguous(c.Name(), several)
			c.Bad = true
		}
	}
}

// settle gives the columns the tags of the fields that they stand for, and those fields' order.
func (a *Access) settle() {
	position := func(c *Column) int {
		i := slices.IndexFunc(a.fields, func(f *types.Var) bool { return gotype.Normal(f.Name()) == gotype.Normal(c.Name()) })
		if i < 0 {
			return len(a.fields)
		}
		return i
	}
	for _, c := range a.Columns {
		if i := position(c); len(c.Path) == 0 && i < len(a.fields) {
			c.Tags = a.tags[i]
		}
	}
	slices.SortStableFunc(a.Columns, func(x, y *Column) int { return position(x) - position(y) })
}

// Hidden are the fields that are out of reach, and that no column stands for.
func (a *Access) Hidden() []*types.Var {
	var hidden []*types.Var
	for _, field := range a.fields {
		stands := func(c *Column) bool {
			return slices.Contains(c.Path, field) || gotype.Normal(c.Name()) == gotype.Normal(field.Name()) || c.Get != nil && len(a.fields) == 1
		}
		if field.Name() != "_" && !a.p.Reaches(field) && !plan.HoldsLock(field.Type()) && !slices.ContainsFunc(a.Columns, stands) {
			hidden = append(hidden, field)
		}
	}
	return hidden
}

// HasPart says whether a struct of the interface's has a part of that name to which directives gave a getter, a setter or a
// constructor.
func (p *Planner) HasPart(t types.Type, name string) bool {
	a := p.AccessOf(t, "")
	return a != nil && slices.ContainsFunc(a.Columns, func(c *Column) bool { return c.Name() == name })
}

// Partial says whether a struct of the interface's may keep to itself what no conversion makes again: its fields are out of
// reach, or some are left out on purpose.
func (p *Planner) Partial(t types.Type) bool {
	if p.AccessOf(t, "") != nil {
		return true
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok || p.Opaque(t) {
		return false
	}
	for field := range s.Fields() {
		if !p.Reaches(field) || p.Lost[gotype.TypeName(t)+"."+field.Name()].Ignored {
			return true
		}
	}
	return false
}
