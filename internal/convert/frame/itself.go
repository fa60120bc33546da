package frame

import (
	"go/types"

	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/plan"
)

// MayHoldItself says whether a value of t may hold itself: whether a type occurs in it that occurs in itself. What goes down such
// a value is called by a function that looks first whether it ends.
func (p *Frame) MayHoldItself(t types.Type) bool {
	w := cycleWalk{p: p, inside: map[types.Type]bool{}}
	return w.finds(t)
}

// cycleWalk looks for a defined type on the way from itself to itself.
type cycleWalk struct {
	p      *Frame
	inside map[types.Type]bool // by type: on the way to it; false once it was left
}

func (w *cycleWalk) finds(t types.Type) bool {
	t = types.Unalias(t)
	if gotype.IsTime(t) || gotype.IsTypeParam(t) || plan.HoldsLock(t) {
		return false
	}
	named := gotype.TypeName(t) != ""
	if named {
		if inside, seen := w.inside[t]; seen {
			return inside
		}
		w.inside[t] = true
		defer func() { w.inside[t] = false }()
	}
	if s, ok := t.Underlying().(*types.Struct); ok {
		for field := range s.Fields() {
			if w.p.Reaches(field) && w.finds(field.Type()) {
				return true
			}
		}
		return false
	}
	for _, part := range gotype.Parts(t) {
		if w.finds(part) {
			return true
		}
	}
	return false
}
