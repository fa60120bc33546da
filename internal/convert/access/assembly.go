package access

import (
	"slices"

	"github.com/dualgen/dualgen/internal/convert/build"
	"github.com/dualgen/dualgen/internal/plan"
)

// Assembly is how the struct is made of those of its columns that are wanted: what the constructor takes comes first, in its
// order, wanted or not.
func (a *Access) Assembly(wanted func(*Column) bool) *plan.Assembly {
	made := &plan.Assembly{Type: a.Typ}
	if a.Maker != nil {
		made.Construct = a.Maker.Ref()
		_, made.Pointer = a.Maker.Made()
		for i, param := range a.Maker.Parts() {
			part := plan.Part{Name: param.Name(), Type: param.Type(), Param: true}
			last := i == len(a.Maker.Parts())-1 && a.Maker.Func.Signature().Variadic()
			at := slices.IndexFunc(a.Columns, func(c *Column) bool { return c.Param == param })
			if at >= 0 {
				part.Name = a.Columns[at].Name()
			}
			if last && (at < 0 || !wanted(a.Columns[at])) {
				continue
			}
			made.Spread = last
			made.Parts = append(made.Parts, part)
		}
	}
	for _, c := range a.Columns {
		if c.Param != nil || !c.Writable() || !wanted(c) {
			continue
		}
		part := plan.Part{Name: c.Name(), Type: c.Takes(), Field: build.Names(c.Path)}
		if c.Set != nil {
			part.Set, part.Field = &c.Set.Setter, nil
		}
		made.Parts = append(made.Parts, part)
	}
	return made
}

// Literal says whether a literal makes the struct: all its columns are fields.
func (a *Access) Literal() bool {
	return a.Maker == nil && !slices.ContainsFunc(a.Columns, func(c *Column) bool { return c.Set != nil || len(c.Path) == 0 })
}
