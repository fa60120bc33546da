package clone

import (
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/internal/convert/access"
	"github.com/dualgen/dualgen/internal/convert/build"
	"github.com/dualgen/dualgen/internal/plan"
)

// rebuilt has a struct copied by making it again, where its constructor takes memory that others may change. It is nil where
// that is not so, and where the struct keeps something to itself, which would be lost.
func rebuilt(p *access.Planner, a *access.Access) *plan.Rebuilt {
	shares := func(c *access.Column) bool { return c.Param != nil && len(c.Path) == 0 && Mutable(p, c.Param.Type()) }
	if a.Maker == nil || a.Maker.Ref().Context || len(a.Hidden()) > 0 || !slices.ContainsFunc(a.Columns, shares) {
		return nil
	}
	made := &plan.Rebuilt{Assembly: a.Assembly(func(*access.Column) bool { return true })}
	if len(made.Assembly.Parts) != len(a.Columns) {
		return nil
	}
	for _, part := range made.Assembly.Parts {
		i := slices.IndexFunc(a.Columns, func(c *access.Column) bool { return c.Name() == part.Name })
		if i < 0 || !a.Columns[i].Readable() {
			return nil
		}
		read, gives := a.Columns[i].Value()
		if plan.Fallible(read) || !types.Identical(gives, part.Type) {
			return nil
		}
		copied, _ := CloneStep(p, part.Type)
		made.Parts = append(made.Parts, build.Then(read, copied))
	}
	return made
}
