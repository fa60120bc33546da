package gotype

import (
	"go/types"
)

// HasEqual says whether t has a method Equal(t) bool.
func HasEqual(t types.Type) bool {
	if _, pointer := Pointee(t); pointer {
		return false // nil has none
	}
	return hasBinary(t, "Equal", types.Bool)
}

// HasCmp says whether t is a pointer with a method Cmp(t) int.
func HasCmp(t types.Type) bool {
	_, pointer := Pointee(t)
	return pointer && hasBinary(t, "Cmp", types.Int)
}

func hasBinary(t types.Type, name string, result types.BasicKind) bool {
	f := Method(t, name)
	if f == nil {
		return false
	}
	params, results := f.Signature().Params(), f.Signature().Results()
	return params.Len() == 1 && results.Len() == 1 &&
		types.Identical(params.At(0).Type(), t) && types.Identical(results.At(0).Type(), types.Typ[result])
}
