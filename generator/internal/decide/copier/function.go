package copier

import (
	"go/types"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/internal/plan"
)

// userFunction finds a user's function over a store that has a role: func(ctx, store, …). It reports one whose signature
// is another; found says whether there is a function of that name at all.
func userFunction(in *model.Interface, e *model.Entity, s saidRole) (call *plan.EntityCall, form plan.ScanForm, found bool) {
	f, ok := in.Package.Scope().Lookup(s.word.Text).(*types.Func)
	if !ok {
		return nil, 0, false
	}
	sig := f.Signature()
	context := sig.Params().Len() > 0 && shape.IsContext(sig.Params().At(0).Type())
	params := shape.Values(sig.Params(), context, false)
	if len(params) > 0 && sig.TypeParams().Len() == 0 && types.AssignableTo(in.Type, params[0].Type()) {
		call = &plan.EntityCall{Func: &plan.FuncRef{Name: f.Name(), Package: f.Pkg(), Context: context, Fallible: true}}
		fits := false
		if s.role == model.Scan {
			call.Pointer, form, fits = fitsListing(in, e, params[1:], sig)
		} else if !sig.Variadic() {
			call.Pointer, fits = fitsRole(e, s.role, params[1:], sig.Results())
		}
		switch {
		case fits && in.CanCall(f):
			return call, form, true
		case fits:
			in.ReportHidden(s.word, functionFor(in, e, s))
			return nil, 0, true
		}
	}
	in.Reports.Addf(s.word.Pos, "give it this one: "+functionFor(in, e, s),
		"%s cannot serve as %s of %s: its signature does not fit", s.word.Text, s.role, e.Name)
	return nil, 0, true
}

// fitsRole compares what a function takes after the store, and what it returns, with what a role needs.
func fitsRole(e *model.Entity, role model.Role, params []*types.Var, results *types.Tuple) (pointer, fits bool) {
	fail := types.Universe.Lookup("error").Type()
	switch role {
	case model.Put:
		if len(params) != 1 {
			return false, false
		}
		elem, pointer := shape.Deref(params[0].Type())
		return pointer, types.Identical(elem, e.Type) && shape.IsTuple(results, fail)
	case model.Get:
		fits = shape.IsTuple(results, e.Type, types.Typ[types.Bool], fail)
	default:
		fits = shape.IsTuple(results, fail)
	}
	if len(params) != len(e.Parts) {
		return false, false
	}
	for i, part := range e.Parts {
		fits = fits && types.Identical(params[i].Type(), part.Type)
	}
	return false, fits
}

// fitsListing finds the form in which a function lists all entities.
func fitsListing(in *model.Interface, e *model.Entity, params []*types.Var, sig *types.Signature) (pointer bool, form plan.ScanForm, fits bool) {
	like := types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), sig.Results(), false)
	m := in.Describe("Scan", like, e.Pos)
	m.Kind = plan.Read
	for _, form := range scanForms {
		if pointer, ok := form.is(m, e); ok {
			return pointer, form.form, true
		}
	}
	return false, 0, false
}
