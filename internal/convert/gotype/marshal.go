package gotype

import (
	"go/types"

	"github.com/dualgen/dualgen/internal/plan"
)

// HasTextForm reports whether the values of a type are written as text, and read back, by methods of its own. It leaves out what
// may be written by the marshaler of one of its fields: different keys would have one text.
func HasTextForm(t types.Type) bool { return plan.MarshalsText(t) && !plan.PromotesText(t) }

// Promoted says whether a struct of several fields, or its pointer, has a method from a field embedded in it, or has it by way
// of an embedded pointer, which is nil in a new value.
func Promoted(t types.Type, name string) bool {
	if elem, ok := Pointee(t); ok {
		t = elem
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	object, index, indirect := types.LookupFieldOrMethod(t, true, nil, name)
	if _, method := object.(*types.Func); !method || len(index) < 2 {
		return false
	}
	return s.NumFields() > 1 || indirect
}
