package build

import (
	"go/types"

	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/plan"
)

// TextForm says how a type is written as text and read from it.
type TextForm struct{ To, From plan.Conv }

// TextOf is the text form of a type, if it has one.
func TextOf(t types.Type) (TextForm, bool) {
	if gotype.Promoted(t, "MarshalText") || gotype.Promoted(t, "UnmarshalText") {
		return TextForm{}, false
	}
	pointer := types.NewPointer(t)
	if elem, ok := gotype.Pointee(t); ok {
		if !gotype.HasMethod(t, "MarshalText") || !gotype.HasMethod(t, "UnmarshalText") || gotype.HasMethod(elem, "MarshalText") {
			return TextForm{}, false
		}
		return TextForm{
			To:   plan.Apply{Func: TryLeaf("PointerToText"), Note: "nil is an error"},
			From: plan.Apply{Func: TryLeaf("PointerFromText"), Types: []types.Type{elem}, Note: "an error if the text is malformed"},
		}, true
	}
	switch {
	case gotype.IsNamed(t, gotype.PgtypePath, "Numeric"):
		return TextForm{
			To:   plan.Apply{Func: TryLeaf("ValuerText")},
			From: plan.Apply{Func: TryLeaf("ScanText"), Types: []types.Type{t}, Note: "an error if the text is malformed"},
		}, true
	case gotype.HasMethod(t, "MarshalText") && gotype.HasMethod(pointer, "UnmarshalText"):
		return TextForm{
			To:   plan.Apply{Func: TryLeaf("ToText")},
			From: plan.Apply{Func: TryLeaf("FromText"), Types: []types.Type{t}, Note: "an error if the text is malformed"},
		}, true
	case gotype.IsString(t):
		text := types.Typ[types.String]
		return TextForm{To: Cast(t, text), From: Cast(text, t)}, true
	}
	return TextForm{}, false
}
