// Package build puts conversions together: steps one after the other, casts, and calls of the runtime.
package build

import (
	"go/types"

	"github.com/dualgen/dualgen/internal/plan"
)

// Names are the selectors of a path.
func Names(path []*types.Var) []string {
	list := make([]string, len(path))
	for i, field := range path {
		list[i] = field.Name()
	}
	return list
}

// Selecting is the way from a struct to a field.
func Selecting(path []*types.Var) plan.Conv {
	var steps []plan.Conv
	for _, name := range Names(path) {
		steps = append(steps, plan.Select{Name: name})
	}
	return Then(steps...)
}

func OrElse(ref, otherwise *plan.FuncRef) *plan.FuncRef {
	if ref == nil {
		return otherwise
	}
	return ref
}

// Packages that conversions call. Only path and name count.
var (
	ConvertPackage = types.NewPackage("github.com/dualgen/dualgen/runtime/convert", "convert")
	SlicesPackage  = types.NewPackage("slices", "slices")
	MapsPackage    = types.NewPackage("maps", "maps")
)

// Leaf is a function of runtime/convert that cannot fail.
func Leaf(name string) *plan.FuncRef { return &plan.FuncRef{Name: name, Package: ConvertPackage} }

// TryLeaf is a function of runtime/convert that can fail.
func TryLeaf(name string) *plan.FuncRef {
	return &plan.FuncRef{Name: name, Package: ConvertPackage, Fallible: true}
}

// Then applies conversions one after the other, leaving out those that do nothing.
func Then(steps ...plan.Conv) plan.Conv {
	var chain plan.Chain
	for _, step := range steps {
		switch step := step.(type) {
		case plan.Same:
		case plan.Chain:
			chain = append(chain, step...)
		default:
			chain = append(chain, step)
		}
	}
	switch len(chain) {
	case 0:
		return plan.Same{}
	case 1:
		return chain[0]
	default:
		return chain
	}
}

// Cast is the conversion to a type of the same underlying type, nothing where the types are one.
func Cast(from, to types.Type) plan.Conv {
	if types.Identical(from, to) {
		return plan.Same{}
	}
	return plan.Cast{To: to}
}
