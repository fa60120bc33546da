package access

import (
	"fmt"
	"go/types"

	"github.com/dualgen/dualgen/internal/convert/build"
	"github.com/dualgen/dualgen/internal/plan"
)

// OfOne is the access itself, if it is to a single value.
func (a *Access) OfOne() *Access {
	if a == nil || a.Maker == nil || len(a.Maker.Parts()) != 1 || len(a.Columns) != 1 || !a.Columns[0].Readable() || a.Columns[0].Param == nil {
		return nil
	}
	return a
}

// MadeOf is the type of the single value that a constructor makes a struct of the interface's from, and that can be read
// again; nil for any other type.
func (p *Planner) MadeOf(t types.Type) types.Type {
	a := p.AccessOf(t, "").OfOne()
	if a == nil {
		return nil
	}
	if _, gives := a.Columns[0].Value(); !types.Identical(gives, a.Columns[0].Takes()) {
		return nil
	}
	return a.Columns[0].Takes()
}

// Call makes the struct of its value.
func (a *Access) Call(note string) plan.Conv {
	call := plan.Apply{Func: a.Maker.Ref(), Note: note}
	if _, pointer := a.Maker.Made(); pointer {
		return plan.Chain{call, plan.Apply{Func: build.TryLeaf("Value"), Note: fmt.Sprintf("%s may return nil", a.Maker.Func.Name())}}
	}
	return call
}
