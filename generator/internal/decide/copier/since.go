package copier

import (
	"fmt"
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/internal/plan"
)

// sinceForms are those that list what was stored since a time, beside that time. A page after a key is not among them: nothing orders
// a store by both.
var sinceForms = []plan.ScanForm{plan.ScanCursor, plan.ScanSeq, plan.ScanEach, plan.ScanAll}

// Since finds what lists the entities that were stored since a time, which nothing but a directive says; nil where none does.
func Since(in *model.Interface, e *model.Entity) *plan.ScanCall {
	if e.Said == nil || e.Said.Since.Text == "" {
		return nil
	}
	w := e.Said.Since
	for _, m := range in.Methods {
		if m.Name != w.Text {
			continue
		}
		call, ok := sinceOf(in, e, m.Sig, 0)
		if ok && m.Kind == plan.Read {
			call.Method = m.Method
			return call
		}
		in.Reports.Addf(w.Pos, "name a method like "+sinceExample(e), "%s cannot serve as since of %s: its signature does not fit", w.Text, e.Name)
		return nil
	}
	f, ok := in.Package.Scope().Lookup(w.Text).(*types.Func)
	if !ok {
		in.Reports.Addf(w.Pos, "name a method like "+sinceExample(e)+", or such a function over a store", "nothing is called %s that could list %s since a time", w.Text, e.Name)
		return nil
	}
	sig := f.Signature()
	context := sig.Params().Len() > 0 && shape.IsContext(sig.Params().At(0).Type())
	at := 0
	if context {
		at = 1
	}
	if sig.Params().Len() > at && sig.TypeParams().Len() == 0 && types.AssignableTo(in.Type, sig.Params().At(at).Type()) {
		if call, ok := sinceOf(in, e, sig, at+1); ok {
			if !in.CanCall(f) {
				in.ReportHidden(w, fmt.Sprintf("func %s(ctx context.Context, store %s, since time.Time) ([]%s, error)", in.FunctionName(w.Text), in.Object.Name(), e.Name))
				return nil
			}
			call.Func = &plan.FuncRef{Name: f.Name(), Package: f.Pkg(), Context: context, Fallible: true}
			return call
		}
	}
	in.Reports.Addf(w.Pos, fmt.Sprintf("give it this one: func %s(ctx context.Context, store %s, since time.Time) ([]%s, error)", in.FunctionName(w.Text), in.Object.Name(), e.Name),
		"%s cannot serve as since of %s: its signature does not fit", w.Text, e.Name)
	return nil
}

// sinceOf finds the form of a listing that takes a time first, after so many parameters.
func sinceOf(in *model.Interface, e *model.Entity, sig *types.Signature, skip int) (*plan.ScanCall, bool) {
	params := slices.Collect(sig.Params().Variables())[skip:]
	var kept []*types.Var
	if len(params) > 0 && shape.IsContext(params[0].Type()) {
		kept, params = append(kept, params[0]), params[1:]
	}
	if len(params) == 0 || !shape.IsNamed(params[0].Type(), "time", "Time") {
		return nil, false
	}
	like := types.NewSignatureType(nil, nil, nil, types.NewTuple(append(kept, params[1:]...)...), sig.Results(), false)
	m := in.Describe("Scan", like, e.Pos)
	m.Kind = plan.Read
	for _, form := range scanForms {
		if pointer, ok := form.is(m, e); ok && slices.Contains(sinceForms, form.form) {
			return &plan.ScanCall{EntityCall: plan.EntityCall{Pointer: pointer}, Form: form.form}, true
		}
	}
	return nil, false
}

// sinceExample shows a method that lists since a time.
func sinceExample(e *model.Entity) string {
	return fmt.Sprintf("ListSince(ctx context.Context, since time.Time) ([]%s, error)", e.Name)
}
