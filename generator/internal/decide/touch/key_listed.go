package touch

import (
	"fmt"
	"go/types"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/decide/extra"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// listing is a candidate for a lister: what it takes beside the store, nil for the context, and what it returns.
type listing struct {
	*plan.Lister
	params  []*types.Var
	results *types.Tuple
}

// saidLister resolves the method or function that lists what a write of unknown keys may touch, or reports what is wrong with it
// and returns nil.
func saidLister(in *model.Interface, m *model.Method, e *model.Entity) *plan.Lister {
	said := m.Said.Key
	w := said.Parts[0]
	switch {
	case m.Kind == plan.Read:
		in.Reports.Addf(said.Pos, "drop it: a read without a key goes by the whole kind", "%s reads: nobody need know the keys that it touches", m.Name)
		return nil
	case len(said.Parts) > 1:
		in.Reports.Addf(said.Parts[1].Pos, "name one, which lists all of them", "the keys of %s are listed by more than one method", m.Name)
		return nil
	case len(e.Parts) == 0:
		AskKey(in, m, e)
		return nil
	}
	l := findLister(in, m, w)
	if l == nil || !returnsKeys(in, m, w, l) || !givesArgs(in, m, w, l) {
		return nil
	}
	return l.Lister
}

// findLister finds a method of the interface, a function over a store, or a method that both stores have.
func findLister(in *model.Interface, m *model.Method, w text.Word) *listing {
	for _, other := range in.Methods {
		if other.Name != w.Text {
			continue
		}
		if !other.Levels.Kind.Decided() {
			return nil // asked
		}
		if other.Kind != plan.Read {
			in.Reports.Addf(w.Pos, "name a method that only reads, like "+listerExample(m), "%s cannot list the keys of %s: it does not only read", w.Text, m.Name)
			return nil
		}
		return listingOf(other)
	}
	if f, ok := in.Package.Scope().Lookup(w.Text).(*types.Func); ok {
		return listingFunc(in, m, w, f)
	}
	if extra.Have(in, w.Text) {
		return listingOf(extra.ForList(in, m, w))
	}
	extra.ReportNone(in, w, "")
	return nil
}

// listingOf is a method as a candidate.
func listingOf(m *model.Method) *listing {
	l := &listing{Lister: &plan.Lister{Method: m.Method, Spread: m.Sig.Variadic()}, results: m.Sig.Results()}
	for i := range m.Params {
		if i == m.Context {
			l.params = append(l.params, nil)
		} else {
			l.params = append(l.params, m.Sig.Params().At(i))
		}
	}
	return l
}

// listingFunc is a user's function over a store as a candidate.
func listingFunc(in *model.Interface, m *model.Method, w text.Word, f *types.Func) *listing {
	sig := f.Signature()
	context := sig.Params().Len() > 0 && shape.IsContext(sig.Params().At(0).Type())
	params := shape.Values(sig.Params(), context, false)
	shown := "func " + in.FunctionName(w.Text) + "(ctx context.Context, store " + in.Object.Name() + ", …) ([]" + m.Owner.Name + ", error)"
	if len(params) == 0 || sig.TypeParams().Len() > 0 || !types.AssignableTo(in.Type, params[0].Type()) {
		in.Reports.Addf(w.Pos, "give it this one: "+shown,
			"%s cannot list the keys of %s: its signature does not fit", w.Text, m.Name)
		return nil
	}
	if !in.CanCall(f) {
		in.ReportHidden(w, shown)
		return nil
	}
	ref := &plan.FuncRef{Name: f.Name(), Package: f.Pkg(), Context: context}
	return &listing{Lister: &plan.Lister{Func: ref, Spread: sig.Variadic()}, params: params[1:], results: sig.Results()}
}

// returnsKeys reports whether a lister returns a slice of entities or of keys, or one entity, and maybe an error.
func returnsKeys(in *model.Interface, m *model.Method, w text.Word, l *listing) bool {
	e := m.Owner
	if returnsOne(e, l) {
		return true
	}
	l.Fails = l.results.Len() == 2 && shape.IsError(l.results.At(1).Type())
	if l.results.Len() == 1 || l.Fails {
		if slice, ok := l.results.At(0).Type().Underlying().(*types.Slice); ok {
			elem, pointer := shape.Deref(slice.Elem())
			l.Pointer = pointer
			if e.Type != nil && types.Identical(elem, e.Type) {
				return true
			}
			l.Keys = len(e.Parts) == 1 && !pointer && types.Identical(elem, e.Parts[0].Type)
			if l.Keys {
				return true
			}
		}
	}
	in.Reports.Addf(w.Pos, "let it return a slice or one "+e.Name+", and maybe an error, like "+listerExample(m), "%s cannot list the keys of %s: it returns no list of %s",
		w.Text, m.Name, listable(e))
	return false
}

// returnsOne reports whether a lister returns one entity, maybe whether there is one, and maybe an error: a lookup by something that
// only one entity has.
func returnsOne(e *model.Entity, l *listing) bool {
	n := l.results.Len()
	if n == 0 || e.Type == nil {
		return false
	}
	one, pointer := shape.Deref(l.results.At(0).Type())
	fails := shape.IsError(l.results.At(n - 1).Type())
	if fails {
		n--
	}
	found := n == 2 && shape.IsBool(l.results.At(1).Type())
	if !types.Identical(one, e.Type) || n > 2 || n == 2 && !found {
		return false
	}
	l.One, l.Pointer, l.Fails, l.Found = true, pointer, fails, found
	return true
}

// listable is what a lister may return a slice of.
func listable(e *model.Entity) string {
	var names []string
	if e.Type != nil {
		names = append(names, shape.String(e.Type))
	}
	if len(e.Parts) == 1 {
		names = append(names, shape.String(e.Parts[0].Type)+", its key "+e.Parts[0].Name)
	}
	return strings.Join(names, " or of ")
}

// givesArgs finds for each parameter of a lister the one of the write that it is given: by name, or as the only one of its type.
func givesArgs(in *model.Interface, m *model.Method, w text.Word, l *listing) bool {
	for _, p := range l.params {
		if p == nil {
			l.Args = append(l.Args, -1)
			continue
		}
		i := m.ParamCalled(p.Name())
		if i < 0 || p.Name() == "" || p.Name() == "_" {
			i = onlyOfType(m, l, p.Type())
		}
		if i < 0 || !types.Identical(m.Params[i].Type, p.Type()) {
			in.Reports.Addf(w.Pos, "let it take what the write takes, like "+listerExample(m), "%s cannot list the keys of %s: nothing that %s is given is its %s %s",
				w.Text, m.Name, m.Name, p.Name(), shape.String(p.Type()))
			return false
		}
		l.Args = append(l.Args, i)
	}
	return true
}

// onlyOfType is the one parameter of a write that has the type, where the lister has no other either; else -1.
func onlyOfType(m *model.Method, l *listing, t types.Type) int {
	same := 0
	for _, p := range l.params {
		if p != nil && types.Identical(p.Type(), t) {
			same++
		}
	}
	found := -1
	for _, i := range m.NonContext() {
		if !types.Identical(m.Params[i].Type, t) {
			continue
		}
		if same++; found >= 0 {
			return -1
		}
		found = i
	}
	if same > 2 {
		return -1
	}
	return found
}

// listerExample shows a method that could list what a write touches.
func listerExample(m *model.Method) string {
	e := m.Owner
	var params []string
	for i, p := range m.Params {
		params = append(params, strings.TrimSpace(m.SourceName(i)+" "+shape.String(p.Type)))
	}
	elem := e.Name
	if e.Type == nil && len(e.Parts) == 1 {
		elem = shape.String(e.Parts[0].Type)
	}
	return fmt.Sprintf("ListFor%s(%s) ([]%s, error)", m.Name, strings.Join(params, ", "), elem)
}
