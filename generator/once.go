package generator

import (
	"go/types"
	"slices"
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
