package convert

import (
	"slices"

	"github.com/dualgen/dualgen/generator/plan"
)

// assembly is how the struct is made of those of its columns that are wanted: what the constructor takes comes first, in its
// order, wanted or not.
func (a *access) assembly(wanted func(*column) bool) *plan.Assembly {
	made := &plan.Assembly{Type: a.typ}
	if a.maker != nil {
		made.Construct = a.maker.ref()
		_, made.Pointer = a.maker.made()
		for i, param := range a.maker.parts() {
			part := plan.Part{Name: param.Name(), Type: param.Type(), Param: true}
			last := i == len(a.maker.parts())-1 && a.maker.Func.Signature().Variadic()
			at := slices.IndexFunc(a.columns, func(c *column) bool { return c.param == param })
			if at >= 0 {
				part.Name = a.columns[at].name()
			}
			if last && (at < 0 || !wanted(a.columns[at])) {
				continue
			}
			made.Spread = last
			made.Parts = append(made.Parts, part)
		}
	}
	for _, c := range a.columns {
		if c.param != nil || !c.writable() || !wanted(c) {
			continue
		}
		part := plan.Part{Name: c.name(), Type: c.takes(), Field: names(c.path)}
		if c.set != nil {
			part.Set, part.Field = &c.set.Setter, nil
		}
		made.Parts = append(made.Parts, part)
	}
	return made
}

// literal says whether a literal makes the struct: all its columns are fields.
func (a *access) literal() bool {
	return a.maker == nil && !slices.ContainsFunc(a.columns, func(c *column) bool { return c.set != nil || len(c.path) == 0 })
}

// assemble plans how a struct that no literal fills is made of pairs of columns.
func (p *Planner) assemble(r request, f *plan.StructFunc, made *access, pairs []pair) {
	paired := map[string]pair{}
	for _, pair := range pairs {
		_, to := pair.ends(r)
		if !to.writable() {
			p.unwritten(r, made, to)
			continue
		}
		paired[to.name()] = pair
	}
	f.Assembly = made.assembly(func(c *column) bool {
		_, ok := paired[c.name()]
		return ok
	})
	for _, part := range f.Assembly.Parts {
		pair, ok := paired[part.Name]
		if !ok { // left out on purpose
			f.Fields = append(f.Fields, plan.FieldConv{Name: part.Name, Type: part.Type})
			continue
		}
		field, _ := p.fieldConv(r, pair, part.Type)
		field.Name = part.Name
		f.Fields = append(f.Fields, field)
	}
	f.Ref.Fallible = f.Assembly.CanFail()
	f.Ref.Context = f.Assembly.Construct != nil && f.Assembly.Construct.Context
}

// madeNote says which constructor makes the result of a request, for explain.
func (p *Planner) madeNote(r request) string {
	a := p.accessIn(r, r.to)
	if a == nil || a.maker == nil {
		return ""
	}
	note := "made by " + a.maker.Func.Name()
	if a.maker.ref().Fallible {
		note += ", which may refuse it"
	}
	return note
}
