package given

import (
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/internal/convert/gotype"
)

// Equality is what compare directives say of a type or a field of one of these names: the first that takes a value of type t.
func (d *Directives) Equality(t types.Type, names ...string) (*Equality, bool) {
	for i := range d.Options.Compares {
		for j := range d.Options.Compares[i].Equal {
			e := &d.Options.Compares[i].Equal[j]
			if e.Name == "" || !slices.Contains(names, e.Name) || !e.takes(t) {
				continue
			}
			d.used[e] = true
			return e, true
		}
	}
	return nil, false
}

// takes reports whether values of a type can be compared so.
func (e *Equality) takes(t types.Type) bool {
	if e.Func == nil {
		return gotype.HasEqual(t)
	}
	return isEqualFunc(e.Func) && types.Identical(e.Func.Signature().Params().At(0).Type(), t)
}

// isEqualFunc reports whether f is a func(a, b T) bool.
func isEqualFunc(f *types.Func) bool {
	sig := f.Signature()
	params, results := sig.Params(), sig.Results()
	return params.Len() == 2 && results.Len() == 1 && !sig.Variadic() && sig.TypeParams().Len() == 0 &&
		types.Identical(params.At(0).Type(), params.At(1).Type()) && types.Identical(results.At(0).Type(), types.Typ[types.Bool])
}

// Fieldwise reports whether a compare directive has a type compared field by field.
func (d *Directives) Fieldwise(typeName string) bool {
	for i := range d.Options.Compares {
		c := &d.Options.Compares[i]
		if typeName != "" && slices.Contains(c.Fields, typeName) {
			d.used[fieldsOf{c, typeName}] = true
			return true
		}
	}
	return false
}

// fieldsOf is one type that a compare directive names by fields=.
type fieldsOf struct {
	compare  *Compare
	typeName string
}
