package conv

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
)

// ReturnOption returns a value that is there, in the form of the other side.
func (b *Body) ReturnOption(fn *plan.OptionFunc, param string, value jen.Code) *jen.Statement {
	switch {
	case fn.Out.Form == plan.OptionPointer:
		value = b.pointerTo(fn, value)
	case fn.Out.Form == plan.OptionStruct && fn.Out.Value != "":
		entries := []jen.Code{jen.Id(fn.Out.Value).Op(":").Add(value)}
		if fn.Out.Infinity != "" && fn.In.Infinity != "" {
			entries = append(entries, jen.Id(fn.Out.Infinity).Op(":").Id(param).Dot(fn.In.Infinity))
		}
		entries = append(entries, jen.Id(fn.Out.Valid).Op(":").True())
		value = jen.Add(b.Typ(fn.To)).Values(entries...)
	}
	if fn.Ref.Fallible {
		return jen.Return(value, jen.Nil())
	}
	return jen.Return(value)
}

// pointerTo takes the address of a value: of the parameter's own field where that is it, since the parameter is a copy.
func (b *Body) pointerTo(fn *plan.OptionFunc, value jen.Code) jen.Code {
	if _, same := fn.Elem.(plan.Same); same && fn.In.Form == plan.OptionStruct || b.ownLocal(fn) {
		return jen.Op("&").Add(value)
	}
	pointerTo := b.Convert("PointerTo")
	if collection(fn.Out.Type) {
		pointerTo.Types(b.Typ(fn.Out.Type))
	}
	return pointerTo.Call(value)
}

// ownLocal says whether a value is in a local of its own and of its own type: that of the step that could fail.
func (b *Body) ownLocal(fn *plan.OptionFunc) bool {
	steps := Flat(fn.Elem)
	return plan.Fallible(steps[len(steps)-1]) && !collection(fn.Out.Type)
}

// collection says whether values of several types are assigned to t, so that a type argument cannot be left to inference.
func collection(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Slice, *types.Map, *types.Interface:
		return true
	}
	return false
}
