package compare

import (
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/internal/convert/gotype"
)

// holdsUnknown says whether a value of t holds one of a type parameter whose constraint does not say when two are equal: by
// ==, or by a method Equal.
func (p *Planner) holdsUnknown(t types.Type) bool { return p.unknownIn(t, map[types.Type]bool{}) }

func (p *Planner) unknownIn(t types.Type, seen map[types.Type]bool) bool {
	t = types.Unalias(t)
	if gotype.IsTypeParam(t) {
		return !types.Comparable(t) && !gotype.HasEqual(t)
	}
	if seen[t] || p.usesEqual(t) {
		return false
	}
	seen[t] = true
	if s, ok := t.Underlying().(*types.Struct); ok {
		for field := range s.Fields() {
			if p.Reaches(field) && p.unknownIn(field.Type(), seen) {
				return true
			}
		}
		return false
	}
	return slices.ContainsFunc(gotype.Parts(t), func(part types.Type) bool { return p.unknownIn(part, seen) })
}
