package generator

import (
	"fmt"
	"go/types"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/plan"
)

// userCopier finds a user's function over a store that plays a role: func(ctx, store, …). It reports one whose signature
// is another; found says whether there is a function of that name at all.
func (b *builder) userCopier(e *entity, role string, said text.Word) (call *plan.EntityCall, found bool) {
	f, ok := b.pkg.Types.Scope().Lookup(said.Text).(*types.Func)
	if !ok {
		return nil, false
	}
	sig := f.Signature()
	context := sig.Params().Len() > 0 && isContext(sig.Params().At(0).Type())
	pointer, fits := b.fitsRole(e, role, sig, context)
	if !fits {
		b.reports.Addf(said.Pos, "give it this one: "+b.roleFunction(e, role, said.Text),
			"%s cannot serve as %s of %s: its signature does not fit", said.Text, role, e.Name)
		return nil, true
	}
	return &plan.EntityCall{
		Func:    &plan.FuncRef{Name: f.Name(), Package: f.Pkg(), Context: context, Fallible: true},
		Pointer: pointer,
	}, true
}

// fitsRole compares a function's signature with what a role needs.
func (b *builder) fitsRole(e *entity, role string, sig *types.Signature, context bool) (pointer, fits bool) {
	params := storeValues(sig.Params(), context, false)
	if len(params) == 0 || sig.Variadic() || sig.TypeParams().Len() > 0 || !types.AssignableTo(b.typ, params[0].Type()) {
		return false, false
	}
	params = params[1:]
	switch role {
	case "put":
		if len(params) == 1 {
			elem, isPointer := derefType(params[0].Type())
			pointer = isPointer
			fits = types.Identical(elem, e.Type)
		}
		return pointer, fits && isTuple(sig.Results(), types.Universe.Lookup("error").Type())
	case "get":
		fits = isTuple(sig.Results(), e.Type, types.Typ[types.Bool], types.Universe.Lookup("error").Type())
	default:
		fits = isTuple(sig.Results(), types.Universe.Lookup("error").Type())
	}
	if len(params) != len(e.parts) {
		return false, false
	}
	for i, part := range e.parts {
		fits = fits && types.Identical(params[i].Type(), part.Type)
	}
	return false, fits
}

// isTuple reports whether results have exactly these types.
func isTuple(tuple *types.Tuple, want ...types.Type) bool {
	if tuple.Len() != len(want) {
		return false
	}
	for i, t := range want {
		if !types.Identical(tuple.At(i).Type(), t) {
			return false
		}
	}
	return true
}

// roleFunction shows the signature of a user's function for a role.
func (b *builder) roleFunction(e *entity, role, name string) string {
	params := []string{"ctx context.Context", "store " + b.object.Name()}
	results := "error"
	if role == "put" {
		params = append(params, text.LowerFirst(e.Name)+" "+e.Name)
	} else {
		for _, p := range e.parts {
			params = append(params, text.LowerFirst(p.name)+" "+typeString(p.Type))
		}
	}
	if role == "get" {
		results = "(value " + e.Name + ", found bool, err error)"
	}
	return fmt.Sprintf("func %s(%s) %s", name, strings.Join(params, ", "), results)
}
