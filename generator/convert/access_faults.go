package convert

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"
)

// saidGetter is the getter that a field directive names; a method that is none is reported.
func (a *access) saidGetter(said *Field) *getter {
	f := a.p.accessor(a.typ, said.Get)
	if f == nil {
		a.unknown(said, said.Get, "getters", a.p.accessorNames(a.typ, isGetter))
		return nil
	}
	g, ok := getterOf(f)
	if !ok {
		a.p.fail(said.Pos, fmt.Sprintf("field %s: %s is no getter", a.said(said), said.Get), getterWant)
		return nil
	}
	return g
}

// saidSetter is the setter that a field directive names; a method that is none is reported.
func (a *access) saidSetter(said *Field) *setter {
	f := a.p.accessor(a.typ, said.Set)
	if f == nil {
		a.unknown(said, said.Set, "setters", a.p.accessorNames(a.typ, func(f *types.Func) bool {
			_, _, ok := setterOf(f, a.typ)
			return ok
		}))
		return nil
	}
	s, lost, ok := setterOf(f, a.typ)
	switch {
	case !ok:
		a.p.fail(said.Pos, fmt.Sprintf("field %s: %s is no setter", a.said(said), said.Set), setterWant)
		return nil
	case lost:
		a.p.fail(said.Pos, fmt.Sprintf("field %s: %s has no effect, for its receiver is a copy", a.said(said), said.Set),
			fmt.Sprintf("give it a pointer receiver, func (*%s) %s, or let it return the changed %[1]s", typeName(a.typ), said.Set))
		return nil
	}
	return s
}

func (a *access) said(said *Field) string { return strings.TrimPrefix(said.Side+"."+said.Path, ".") }

// unknown reports a method that is not there, or not in reach, and shows those that would do.
func (a *access) unknown(said *Field, method, kind string, known []string) {
	remedy := "it has no " + kind
	if len(known) > 0 {
		remedy = "its " + kind + " are: " + strings.Join(known, ", ")
	}
	a.p.fail(said.Pos, fmt.Sprintf("field %s: %s has no method %s in reach", a.said(said), a.p.text(a.typ), method), remedy)
}

// ambiguous reports several getters of one name.
func (a *access) ambiguous(name string, several []string) {
	a.p.fail(a.pos(), fmt.Sprintf("%s.%s may be read by several methods: %s", a.name, name, strings.Join(several, ", ")),
		say("field %s.%s get=%s", a.name, name, several[0]))
}

// unpaired reports a parameter of the constructor that nothing shows.
func (a *access) unpaired(param *types.Var) {
	name := upperFirst(param.Name())
	remedy := say("field %s.%s get=METHOD", a.name, name)
	if getters := a.p.accessorNames(a.typ, isGetter); len(getters) > 0 {
		remedy += " (one of " + strings.Join(getters, ", ") + ")"
	}
	a.p.fail(a.maker.Pos, fmt.Sprintf("construct %s: nothing shows what it takes as %s: %s has no field of that name and no method %s or Get%[4]s",
		a.maker.Func.Name(), param.Name(), a.p.text(a.typ), name),
		remedy+", or name a constructor without it")
}

// pos is where a directive speaks of the struct.
func (a *access) pos() (at token.Position) {
	if a.maker != nil {
		return a.maker.Pos
	}
	for _, f := range a.p.options.Fields {
		if f.Get+f.Set != "" && strings.HasPrefix(a.said(&f), a.name+".") {
			return f.Pos
		}
	}
	return at
}

// unread reports a column whose value must be had, and that nothing reads.
func (p *Planner) unread(r request, c *column) {
	a := p.accessIn(r, r.from)
	if c.bad || a == nil {
		return
	}
	p.faults.add(a.pos(), fmt.Sprintf("%s.%s cannot be read: %s has no method %[2]s or Get%[2]s", a.name, c.name(), p.text(a.typ)),
		append(p.draw(r.trail), say("field %s.%s get=METHOD, or ignore %[1]s.%[2]s", a.name, c.name()))...)
}

// unwritten reports a column that can be read, and that nothing writes.
func (p *Planner) unwritten(r request, a *access, c *column) {
	if c.bad {
		return
	}
	why := "there is no method Set" + upperFirst(c.name())
	remedy := say("construct F, with a function that takes it, or field %s.%s set=METHOD, or ignore %[1]s.%[2]s", a.name, c.name())
	if a.maker != nil {
		why = a.maker.Func.Name() + " does not take it, and " + why
	}
	p.faults.add(a.pos(), fmt.Sprintf("%s.%s can be read but not written: %s", a.name, c.name(), why), append(p.draw(r.trail), remedy)...)
}

// reportHidden reports the fields of a struct that are out of reach and that nothing reads or writes: they would be neither
// converted nor compared.
func (p *Planner) reportHidden(a *access, ignored func(field string) bool, trail []hop) {
	for _, field := range a.hidden() {
		if ignored(field.Name()) {
			continue
		}
		what := "and no method reads it"
		if g, _ := p.getterFor(a.typ, field.Name()); g != nil {
			what = "and nothing writes what " + g.name + " reads"
			if a.maker != nil {
				what = fmt.Sprintf("and neither %s nor a setter writes what %s reads", a.maker.Func.Name(), g.name)
			}
		}
		p.faults.add(a.pos(), fmt.Sprintf("%s.%s is out of reach, %s, so it would be lost", a.name, field.Name(), what),
			append(p.draw(trail), say("field %s.%s get=METHOD set=METHOD, or construct F, with a function that takes it, or ignore %[1]s.%[3]s",
				a.name, upperFirst(field.Name()), field.Name()))...)
	}
}

// reportHidden reports what a pair of structs keeps to itself.
func (m *matching) reportHidden(t types.Type, name string) {
	if a := m.p.accessIn(m.r, t); a != nil {
		ignored := func(field string) bool { return m.p.directives.ignored(m.r.at.Store, field, name) }
		m.p.reportHidden(a, ignored, m.r.trail)
	}
}
