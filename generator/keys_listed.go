package generator

import (
	"fmt"
	"go/types"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/plan"
)

// listing is a candidate for a lister: what it takes beside the store, nil for the context, and what it returns.
type listing struct {
	*plan.Lister
	params  []*types.Var
	results *types.Tuple
}

// saidLister resolves the method or function that lists what a write of unknown keys may touch.
func (b *builder) saidLister(d *decision, e *entity) {
	said := d.said.Key
	w := said.Parts[0]
	switch {
	case d.Kind == plan.Read:
		b.reports.Addf(said.Pos, "drop it: a read without a key goes by the whole kind", "%s reads: nobody need know the keys that it touches", d.Name)
		return
	case len(said.Parts) > 1:
		b.reports.Addf(said.Parts[1].Pos, "name one, which lists all of them", "the keys of %s are listed by more than one method", d.Name)
		return
	case len(e.parts) == 0:
		b.reportNoKey(d, e)
		return
	}
	l := b.findLister(d, e, w)
	if l == nil || !b.returnsKeys(d, e, w, l) || !b.givesArgs(d, e, w, l) {
		return
	}
	d.Key.Lister = l.Lister
	d.because("Key: what %s lists before the call, by directive.", w.Text)
}

// listsFor is the write whose directive says that a method lists its keys, or "".
func (b *builder) listsFor(d *decision) string {
	for _, other := range b.methods {
		if said := other.said.Key; said != nil && said.Form == plan.KeyListed && said.Parts[0].Text == d.Name && other != d {
			return other.Name
		}
	}
	return ""
}

// findLister finds a method of the interface, a function over a store, or a method that both stores have.
func (b *builder) findLister(d *decision, e *entity, w text.Word) *listing {
	for _, other := range b.methods {
		if other.Name != w.Text {
			continue
		}
		if other.Kind == 0 {
			return nil // reported
		}
		if other.Kind != plan.Read {
			b.reports.Addf(w.Pos, "name a method that only reads, like "+b.listerExample(d, e), "%s cannot list the keys of %s: it does not only read", w.Text, d.Name)
			return nil
		}
		return listingOf(other)
	}
	if f, ok := b.pkg.Types.Scope().Lookup(w.Text).(*types.Func); ok {
		return b.listingFunc(d, e, w, f)
	}
	if b.stores[0].method[w.Text] != nil && b.stores[1].method[w.Text] != nil {
		return listingOf(b.storeLister(d, e, w, b.stores[0].signature(w.Text)))
	}
	b.reportNoMethod(w)
	return nil
}

// listingOf is a method as a candidate.
func listingOf(d *decision) *listing {
	l := &listing{Lister: &plan.Lister{Method: d.Method, Spread: d.Sig.Variadic()}, results: d.Sig.Results()}
	for i := range d.Params {
		if i == d.Context {
			l.params = append(l.params, nil)
		} else {
			l.params = append(l.params, d.Sig.Params().At(i))
		}
	}
	return l
}

// listingFunc is a user's function over a store as a candidate.
func (b *builder) listingFunc(d *decision, e *entity, w text.Word, f *types.Func) *listing {
	sig := f.Signature()
	context := sig.Params().Len() > 0 && isContext(sig.Params().At(0).Type())
	params := storeValues(sig.Params(), context, false)
	if len(params) == 0 || sig.TypeParams().Len() > 0 || !types.AssignableTo(b.typ, params[0].Type()) {
		b.reports.Addf(w.Pos, "give it this one: func "+w.Text+"(ctx context.Context, store "+b.object.Name()+", …) ([]"+e.Name+", error)",
			"%s cannot list the keys of %s: its signature does not fit", w.Text, d.Name)
		return nil
	}
	ref := &plan.FuncRef{Name: f.Name(), Package: f.Pkg(), Context: context}
	return &listing{Lister: &plan.Lister{Func: ref, Spread: sig.Variadic()}, params: params[1:], results: sig.Results()}
}

// storeLister makes a method of the internal store interface of one that both stores have, in the repository's own types.
func (b *builder) storeLister(d *decision, e *entity, w text.Word, like *types.Signature) *decision {
	if known := b.extraCalled(w.Text); known != nil {
		return known
	}
	sig := b.scanSignature(e, like)
	var params []*types.Var
	for p := range sig.Params().Variables() {
		if i := d.paramCalled(p.Name()); i >= 0 && !isContext(p.Type()) {
			p = types.NewVar(p.Pos(), b.pkg.Types, p.Name(), d.Params[i].Type)
		}
		params = append(params, p)
	}
	sig = types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), sig.Results(), sig.Variadic())
	extra := b.describe(&method{name: w.Text, sig: sig, pos: w.Pos})
	extra.Entity, extra.Kind = e.Entity, plan.Read
	b.extra = append(b.extra, extra)
	return extra
}

// returnsKeys reports whether a lister returns a slice of entities or of keys, and maybe an error.
func (b *builder) returnsKeys(d *decision, e *entity, w text.Word, l *listing) bool {
	l.Fails = l.results.Len() == 2 && isError(l.results.At(1).Type())
	if l.results.Len() == 1 || l.Fails {
		if slice, ok := l.results.At(0).Type().Underlying().(*types.Slice); ok {
			elem, pointer := derefType(slice.Elem())
			l.Pointer = pointer
			if e.Type != nil && types.Identical(elem, e.Type) {
				return true
			}
			l.Keys = len(e.parts) == 1 && !pointer && types.Identical(elem, e.parts[0].Type)
			if l.Keys {
				return true
			}
		}
	}
	b.reports.Addf(w.Pos, "let it return a slice, and maybe an error, like "+b.listerExample(d, e), "%s cannot list the keys of %s: it returns no list of %s",
		w.Text, d.Name, b.listable(e))
	return false
}

// listable is what a lister may return a slice of.
func (b *builder) listable(e *entity) string {
	var names []string
	if e.Type != nil {
		names = append(names, typeString(e.Type))
	}
	if len(e.parts) == 1 {
		names = append(names, typeString(e.parts[0].Type)+", its key "+e.parts[0].name)
	}
	return strings.Join(names, " or of ")
}

// givesArgs finds for each parameter of a lister the one of the write that it is given: by name, or as the only one of its type.
func (b *builder) givesArgs(d *decision, e *entity, w text.Word, l *listing) bool {
	for _, p := range l.params {
		if p == nil {
			l.Args = append(l.Args, -1)
			continue
		}
		i := d.paramCalled(p.Name())
		if i < 0 || p.Name() == "" || p.Name() == "_" {
			i = b.onlyOfType(d, l, p.Type())
		}
		if i < 0 || !types.Identical(d.Params[i].Type, p.Type()) {
			b.reports.Addf(w.Pos, "let it take what the write takes, like "+b.listerExample(d, e), "%s cannot list the keys of %s: nothing that %s is given is its %s %s",
				w.Text, d.Name, d.Name, p.Name(), typeString(p.Type()))
			return false
		}
		l.Args = append(l.Args, i)
	}
	return true
}

// onlyOfType is the one parameter of a write that has the type, where the lister has no other either; else -1.
func (b *builder) onlyOfType(d *decision, l *listing, t types.Type) int {
	same := 0
	for _, p := range l.params {
		if p != nil && types.Identical(p.Type(), t) {
			same++
		}
	}
	found := -1
	for _, i := range d.nonContext() {
		if !types.Identical(d.Params[i].Type, t) {
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
func (b *builder) listerExample(d *decision, e *entity) string {
	var params []string
	for i, p := range d.Params {
		params = append(params, strings.TrimSpace(d.sourceName(i)+" "+typeString(p.Type)))
	}
	elem := e.Name
	if e.Type == nil && len(e.parts) == 1 {
		elem = typeString(e.parts[0].Type)
	}
	return fmt.Sprintf("ListFor%s(%s) ([]%s, error)", d.Name, strings.Join(params, ", "), elem)
}
