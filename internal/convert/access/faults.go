package access

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"

	"github.com/dualgen/dualgen/internal/convert/fault"
	"github.com/dualgen/dualgen/internal/convert/frame"
	"github.com/dualgen/dualgen/internal/convert/given"
	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/identifier"
)

// saidGetter is the getter that a field directive names; a method that is none is reported.
func (a *Access) saidGetter(said *given.Field) *getter {
	f := a.p.Accessor(a.Typ, said.Get)
	if f == nil {
		a.unknown(said, said.Get, "getters", a.p.accessorNames(a.Typ, isGetter))
		return nil
	}
	g, ok := getterOf(f)
	if !ok {
		a.p.Faults.Add(said.Pos, fmt.Sprintf("field %s: %s is no getter", a.said(said), said.Get), getterWant)
		return nil
	}
	return g
}

// saidSetter is the setter that a field directive names; a method that is none is reported.
func (a *Access) saidSetter(said *given.Field) *setter {
	f := a.p.Accessor(a.Typ, said.Set)
	if f == nil {
		a.unknown(said, said.Set, "setters", a.p.accessorNames(a.Typ, func(f *types.Func) bool {
			_, _, ok := setterOf(f, a.Typ)
			return ok
		}))
		return nil
	}
	s, lost, ok := setterOf(f, a.Typ)
	switch {
	case !ok:
		a.p.Faults.Add(said.Pos, fmt.Sprintf("field %s: %s is no setter", a.said(said), said.Set), setterWant)
		return nil
	case lost:
		a.p.Faults.Add(said.Pos, fmt.Sprintf("field %s: %s has no effect, for its receiver is a copy", a.said(said), said.Set),
			fmt.Sprintf("give it a pointer receiver, func (*%s) %s, or let it return the changed %[1]s", gotype.TypeName(a.Typ), said.Set))
		return nil
	}
	return s
}

func (a *Access) said(said *given.Field) string {
	return strings.TrimPrefix(said.Side+"."+said.Path, ".")
}

// unknown reports a method that is not there, or not in reach, and shows those that would do.
func (a *Access) unknown(said *given.Field, method, kind string, known []string) {
	remedy := "it has no " + kind
	if len(known) > 0 {
		remedy = "its " + kind + " are: " + strings.Join(known, ", ")
	}
	a.p.Faults.Add(said.Pos, fmt.Sprintf("field %s: %s has no method %s in reach", a.said(said), a.p.Text(a.Typ), method), remedy)
}

// ambiguous reports several getters of one name.
func (a *Access) ambiguous(name string, several []string) {
	a.p.Faults.Add(a.Pos(), fmt.Sprintf("%s.%s may be read by several methods: %s", a.Name, name, strings.Join(several, ", ")),
		fault.Say("field %s.%s get=%s", a.Name, name, several[0]))
}

// unpaired reports a parameter of the constructor that nothing shows.
func (a *Access) unpaired(param *types.Var) {
	name := identifier.UpperFirst(param.Name())
	remedy := fault.Say("field %s.%s get=METHOD", a.Name, name)
	if getters := a.p.accessorNames(a.Typ, isGetter); len(getters) > 0 {
		remedy += " (one of " + strings.Join(getters, ", ") + ")"
	}
	a.p.Faults.Add(a.Maker.Pos, fmt.Sprintf("construct %s: nothing shows what it takes as %s: %s has no field of that name and no method %s or Get%[4]s",
		a.Maker.Func.Name(), param.Name(), a.p.Text(a.Typ), name),
		remedy+", or name a constructor without it")
}

// Pos is where a directive speaks of the struct.
func (a *Access) Pos() (at token.Position) {
	if a.Maker != nil {
		return a.Maker.Pos
	}
	for _, f := range a.p.Directives.Options.Fields {
		if f.Get+f.Set != "" && strings.HasPrefix(a.said(&f), a.Name+".") {
			return f.Pos
		}
	}
	return at
}

// ReportHidden reports the fields of a struct that are out of reach and that nothing reads or writes: they would be neither
// converted nor compared.
func (p *Planner) ReportHidden(a *Access, ignored func(field string) bool, trail []frame.Hop) {
	for _, field := range a.Hidden() {
		if ignored(field.Name()) {
			continue
		}
		what := "and no method reads it"
		if g, _ := p.getterFor(a.Typ, field.Name()); g != nil {
			what = "and nothing writes what " + g.Name + " reads"
			if a.Maker != nil {
				what = fmt.Sprintf("and neither %s nor a setter writes what %s reads", a.Maker.Func.Name(), g.Name)
			}
		}
		p.Faults.Add(a.Pos(), fmt.Sprintf("%s.%s is out of reach, %s, so it would be lost", a.Name, field.Name(), what),
			append(p.Draw(trail), fault.Say("field %s.%s get=METHOD set=METHOD, or construct F, with a function that takes it, or ignore %[1]s.%[3]s",
				a.Name, identifier.UpperFirst(field.Name()), field.Name()))...)
	}
}
