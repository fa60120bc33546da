package convert

import (
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/generator/plan"
)

// rebuilt has a struct copied by making it again, where its constructor takes memory that others may change. It is nil where
// that is not so, and where the struct keeps something to itself, which would be lost.
func (p *Planner) rebuilt(a *access) *plan.Rebuilt {
	shares := func(c *column) bool { return c.param != nil && len(c.path) == 0 && p.mutable(c.param.Type()) }
	if a.maker == nil || a.maker.ref().Context || len(a.hidden()) > 0 || !slices.ContainsFunc(a.columns, shares) {
		return nil
	}
	made := &plan.Rebuilt{Assembly: a.assembly(func(*column) bool { return true })}
	if len(made.Assembly.Parts) != len(a.columns) {
		return nil
	}
	for _, part := range made.Assembly.Parts {
		i := slices.IndexFunc(a.columns, func(c *column) bool { return c.name() == part.Name })
		if i < 0 || !a.columns[i].readable() {
			return nil
		}
		read, gives := a.columns[i].value()
		if plan.Fallible(read) || !types.Identical(gives, part.Type) {
			return nil
		}
		copied, _ := p.cloneStep(part.Type)
		made.Parts = append(made.Parts, then(read, copied))
	}
	return made
}
