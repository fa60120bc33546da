package generator

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/convert"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/plan"
)

// needsShim reports whether a store has to be made look like the interface: it does not implement it as it is, or the
// user says that a method has another name there.
func (b *builder) needsShim(s *model.Store) bool {
	if b.saysErrors(slices.Index(b.in.Stores[:], s)) {
		return true
	}
	if s.Same {
		return false
	}
	for _, m := range b.subject.methods {
		if m.said.Call != nil {
			return true
		}
	}
	return !types.Implements(s.Type, b.iface)
}

// planCalls decides how each method of the interface is called in each store.
func (b *builder) planCalls() {
	for i, s := range b.in.Stores {
		for _, d := range slices.Concat(b.in.Methods, b.in.Extra) {
			if s.Shim {
				b.planCall(i, d)
			} else {
				b.planSameCall(i, d)
			}
		}
	}
}

// planSameCall passes a call on as it is.
func (b *builder) planSameCall(i int, d *model.Method) {
	call := &d.Calls[i]
	call.Method = d.Name
	call.Context, call.Error, call.Variadic = d.Context >= 0, d.Error >= 0, d.Sig.Variadic()
	for _, p := range d.NonContext() {
		call.Args = append(call.Args, plan.Arg{Index: p, Conv: plan.Same{}})
	}
	for _, r := range d.NonError() {
		call.Results = append(call.Results, plan.Arg{Index: r, Conv: plan.Same{}})
	}
	call.NotFound = b.notFound(i, d, nil)
}

// planCall matches a method with one of the store's and plans the conversions around it.
func (b *builder) planCall(i int, d *model.Method) {
	s := b.in.Stores[i]
	name := d.Name
	pos := d.Pos
	if said := d.Said.Call; said != nil && said.Names[i].Text != "" {
		name, pos = said.Names[i].Text, said.Names[i].Pos
	}
	call := &d.Calls[i]
	var sig *types.Signature
	switch f := b.packageFunction(name); {
	case s.Method[name] != nil:
		sig = s.Signature(name)
	case d.Said.Call != nil && f != nil:
		if sig = b.overStoreFunction(i, f, pos); sig == nil {
			return
		}
		call.Func = &plan.FuncRef{Name: name, Package: f.Pkg()}
	default:
		b.reports.Addf(pos, report.Hint(name, s.Names())+"\nsay the store's own name for it, or that of a function over the store: //dualgen:call "+model.Sides[i]+"=Name",
			"the %s store %s has no method %s", model.Sides[i], shape.String(s.Type), name)
		return
	}
	call.Method, call.Variadic = name, sig.Variadic()
	call.Context = sig.Params().Len() > 0 && shape.IsContext(sig.Params().At(0).Type())
	last := sig.Results().Len() - 1
	call.Error = last >= 0 && shape.IsError(sig.Results().At(last).Type())
	b.matchArgs(i, d, sig)
	b.matchResults(i, d, sig)
	call.Errors = b.errorMaps(i, d)
}

// packageFunction is a function of the interface's package, or nil.
func (b *builder) packageFunction(name string) *types.Func {
	f, _ := b.pkg.Types.Scope().Lookup(name).(*types.Func)
	return f
}

// overStoreFunction is the signature of a function that stands for a store's method, without the store: func([ctx,] store, …).
// It returns nil after reporting one that is none.
func (b *builder) overStoreFunction(i int, f *types.Func, pos token.Position) *types.Signature {
	sig, s := f.Signature(), b.in.Stores[i]
	params := slices.Collect(sig.Params().Variables())
	at := 0
	if len(params) > 0 && shape.IsContext(params[0].Type()) {
		at = 1
	}
	if len(params) <= at || sig.TypeParams().Len() > 0 || sig.Variadic() && at == len(params)-1 || !types.AssignableTo(s.Type, params[at].Type()) {
		b.reports.Addf(pos, fmt.Sprintf("let it take the store first, maybe after a context: func %s(ctx context.Context, store %s, …)", f.Name(), shape.String(s.Type)),
			"%s is no function over the %s store", f.Name(), model.Sides[i])
		return nil
	}
	if b.repo.Output.Package != f.Pkg() && !f.Exported() {
		b.reports.Addf(pos, "export it", "the output is written in package %s, which cannot call %s", b.repo.Output.Name, f.Name())
		return nil
	}
	return types.NewSignatureType(nil, nil, nil, types.NewTuple(slices.Delete(params, at, at+1)...), sig.Results(), sig.Variadic())
}

// matchArgs pairs the store's parameters with the interface's: by name where the names are the same on both sides, else
// in order.
func (b *builder) matchArgs(i int, d *model.Method, sig *types.Signature) {
	call := &d.Calls[i]
	want := shape.Values(sig.Params(), call.Context, false)
	have := d.NonContext()
	if len(want) != len(have) {
		b.reports.Addf(d.Pos, "give the "+model.Sides[i]+" store a method with the same parameters, or a function in its place",
			"%s takes %s, but %s of the %s store takes %s", d.Name, text.Plural(len(have), "argument"), call.Method, model.Sides[i], text.Plural(len(want), "argument"))
		return
	}
	order := b.argOrder(d, want, have)
	for n, v := range want {
		p := d.Params[order[n]]
		if d.Callback != nil && d.Callback.Param == order[n] {
			call.Args = append(call.Args, plan.Arg{Index: order[n], Conv: b.overStore(i, d, v)})
			continue
		}
		at := convert.At{Store: i, Direction: convert.ToStore, Path: d.Name + "." + p.Name, Reads: d.Kind == plan.Read, NoError: d.Error < 0, Pos: d.Pos}
		conv, faults := b.planner.Value(p.Type, v.Type(), at)
		b.report(faults)
		arg := plan.Arg{Index: order[n], Conv: conv}
		if arg.Back = b.back(i, d, p, v); arg.Back != nil {
			arg.Diff = b.backDiff(d, p)
		}
		call.Args = append(call.Args, arg)
	}
}

// argOrder is the interface's parameter for each of the store's.
func (b *builder) argOrder(d *model.Method, want []*types.Var, have []int) []int {
	byName := map[string]int{}
	for _, i := range have {
		if name := d.SourceName(i); name != "" {
			byName[text.BareName(name)] = i
		}
	}
	var order []int
	for _, v := range want {
		if i, ok := byName[text.BareName(v.Name())]; ok && !slices.Contains(order, i) {
			order = append(order, i)
		}
	}
	if len(order) == len(have) {
		return order
	}
	return have
}

// back plans how what a store fills in behind a pointer comes back to the caller's entity.
func (b *builder) back(i int, d *model.Method, p *plan.Param, v *types.Var) plan.Conv {
	to, pointer := shape.Deref(p.Type)
	from, stored := shape.Deref(v.Type())
	if !pointer || !stored || types.Identical(to, from) || d.Kind == plan.Read && len(d.NonError()) > 0 {
		return nil
	}
	if named, _ := shape.NamedStruct(to); named == nil {
		return nil
	}
	conv, faults := b.planner.Value(from, to, convert.At{Store: i, Direction: convert.FromStore, Path: d.Name + "." + p.Name, Reads: d.Kind == plan.Read, NoError: d.Error < 0, Pos: d.Pos})
	b.report(faults)
	return conv
}

// backDiff compares what comes back to the caller's entity with what is there, where the entity keeps something to itself.
func (b *builder) backDiff(d *model.Method, p *plan.Param) *plan.FuncRef {
	t, _ := shape.Deref(p.Type)
	if !b.planner.Partial(t) {
		return nil
	}
	ref, faults := b.planner.Diff(t, d.Pos)
	b.report(faults)
	return ref
}

// matchResults pairs the interface's results with the store's, in order. One side may have a found flag that the other
// has not.
func (b *builder) matchResults(i int, d *model.Method, sig *types.Signature) {
	call := &d.Calls[i]
	have := shape.Values(sig.Results(), false, call.Error)
	call.Returns = len(have)
	want := d.NonError()
	call.NotFound = b.notFound(i, d, have)
	if n := call.NotFound; n != nil && n.StoreFound && !n.CallerFound {
		have = have[:len(have)-1]
	}
	if n := call.NotFound; n != nil && n.CallerFound && !n.StoreFound {
		want = want[:len(want)-1]
	}
	if len(want) > len(have) {
		b.reports.Addf(d.Pos, "give the "+model.Sides[i]+" store a method with the same results", "%s returns %s, but %s of the %s store returns %s",
			d.Name, text.Plural(len(want), "value"), call.Method, model.Sides[i], text.Plural(len(have), "value"))
		return
	}
	if call.Error && d.Error < 0 {
		b.reports.Addf(d.Pos, "give "+d.Name+" an error result too", "%s of the %s store returns an error, and %s has no way to say so", call.Method, model.Sides[i], d.Name)
	}
	for n, r := range want {
		at := convert.At{Store: i, Direction: convert.FromStore, Path: d.Name + "." + strings.TrimPrefix(d.Results[r].Name, "_"), Reads: d.Kind == plan.Read, NoError: d.Error < 0, Pos: d.Pos}
		conv, faults := b.planner.Value(have[n].Type(), d.Results[r].Type, at)
		b.report(faults)
		call.Results = append(call.Results, plan.Arg{Index: n, Conv: conv})
	}
}
