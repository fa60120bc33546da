package generator

import (
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/generator/plan"
)

// takesOnce reports whether a method is given something that can serve one call only: a function of the caller's, a
// channel, a reader or a writer. What one store has read of it is gone for the other.
func (d *decision) takesOnce() bool { return d.takesFunction() || d.takesStream() }

// takesStream reports whether a method is given a channel, a reader or a writer.
func (d *decision) takesStream() bool {
	return slices.ContainsFunc(d.nonContext(), func(i int) bool {
		t := d.Params[i].Type
		if _, ok := t.Underlying().(*types.Chan); ok {
			return true
		}
		return moves(t, "Read") || moves(t, "Write")
	})
}

// fillsUnknown reports whether a read seems to fill in a value of any type: it returns none, and is given an interface. Two
// stores must not fill in the same one, and what is behind an interface cannot be copied.
func (d *decision) fillsUnknown() bool {
	returns := slices.ContainsFunc(d.nonError(), func(i int) bool {
		t := elementOf(d.Results[i].Type).typ
		named, _ := namedStruct(t)
		return !isBool(t) && (named == nil || !isCarrier(named.Obj().Name()))
	})
	return !returns && slices.ContainsFunc(d.nonContext(), func(i int) bool {
		isKey := slices.ContainsFunc(d.Key.Parts, func(part plan.KeyPart) bool { return part.Param == i })
		_, generic := types.Unalias(d.Params[i].Type).(*types.TypeParam)
		return types.IsInterface(d.Params[i].Type) && !generic && !isKey
	})
}

// moves reports whether a type has the method of an io.Reader or an io.Writer: name([]byte) (int, error).
func moves(t types.Type, name string) bool {
	object, _, _ := types.LookupFieldOrMethod(t, false, nil, name)
	f, ok := object.(*types.Func)
	if !ok {
		return false
	}
	params, results := f.Signature().Params(), f.Signature().Results()
	if params.Len() != 1 || results.Len() != 2 || !isKind(results.At(0).Type(), types.Int) || !isError(results.At(1).Type()) {
		return false
	}
	slice, ok := params.At(0).Type().Underlying().(*types.Slice)
	return ok && isByte(slice.Elem())
}
