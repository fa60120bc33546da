package generator

import (
	"cmp"
	"fmt"
	"go/token"
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/generator/convert"
	"github.com/dualgen/dualgen/generator/internal/decide"
	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/family"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/plan"
)

// builder turns what was decided about one wrapped interface into a plan: where it is written, what everything is called, how
// each store is called.
type builder struct {
	*subject
	in       *model.Interface
	repo     *plan.Repository
	planner  *convert.Planner
	names    *allocator
	fields   *allocator      // of the wrapper's struct
	scope    map[string]bool // what scopeNames returns, once asked for
	times    map[*model.Entity]*keyTime
	saidArgs []saidArg
}

// newBuilder starts with nothing decided.
func newBuilder(s *subject) *builder {
	b := &builder{subject: s, names: s.packageNames(), times: map[*model.Entity]*keyTime{}}
	b.repo = &plan.Repository{
		Interface: s.object, Type: s.typ, TypeParams: s.params, Pos: s.request.pos, Doc: s.doc,
	}
	b.in = &model.Interface{
		Object: s.object, Type: s.typ, Underlying: s.iface, TypeParams: s.params, Package: s.pkg.Types, Pos: s.pos,
		Said: &s.said, Reports: s.reports,
		Describe: b.describe, EntryName: b.helperName, Generic: b.generic,
		FieldName: func(taken []string, base string) string { return newAllocator(taken...).field(base) },
	}
	return b
}

// decide plans the repository: its methods, its entities, how its stores are called. What is open is reported, all of it in one
// round.
func (b *builder) decide() {
	b.describeMethods()
	decide.Decide(b.in)
	for _, d := range b.in.Methods {
		b.repo.Methods = append(b.repo.Methods, d.Method)
	}
	for _, e := range b.in.Entities {
		b.repo.Entities = append(b.repo.Entities, e.Entity)
	}
	for _, step := range []func(){b.decideTimes, b.checkAbsences, b.planBundles, b.planCalls, b.askErrors, b.finish} {
		step()
	}
}

// begin resolves the stores and finds the place and the names of the output, without which nothing can be decided. It says whether
// it could.
func (b *builder) begin() bool {
	before := b.reports.Len()
	for _, stage := range [][]func(){
		{b.resolveStores},
		{b.place, b.nameOutput},
		{b.placeCtl, b.exportedForCtl},
		{b.startPlanner},
	} {
		for _, step := range stage {
			step()
		}
		if b.reports.Len() > before {
			return false
		}
	}
	b.in.Output, b.in.MadeOf = b.repo.Output.Package, b.planner.MadeOf
	return true
}

// describeMethods fills in what the signatures say, and refuses what can't be wrapped.
func (b *builder) describeMethods() {
	for _, m := range b.subject.methods {
		if !b.wrappable(m) {
			continue
		}
		d := b.describe(m.name, m.sig, m.pos)
		d.Doc, d.Said, d.Origin, d.Foreign = m.doc, m.said, m.origin, m.pos == b.pos
		b.in.Methods = append(b.in.Methods, d)
	}
}

// describe makes a method with nothing decided.
func (b *builder) describe(name string, sig *types.Signature, pos token.Position) *model.Method {
	params, results := b.paramNames(name, sig)
	d := &model.Method{Method: &plan.Method{Name: name, Pos: pos, Sig: sig, Context: -1, Error: -1}}
	for i := range sig.Params().Len() {
		t := sig.Params().At(i).Type()
		if d.Context < 0 && shape.IsContext(t) {
			d.Context = i
		}
		d.Params = append(d.Params, &plan.Param{Name: params[i], Said: cmp.Or(d.SourceName(i), params[i]), Type: t, Variadic: sig.Variadic() && i == sig.Params().Len()-1})
	}
	last := sig.Results().Len() - 1
	for i := range sig.Results().Len() {
		t := sig.Results().At(i).Type()
		if i == last && shape.IsError(t) {
			d.Error = i
		}
		d.Results = append(d.Results, &plan.Result{Name: results[i], Type: t})
	}
	return d
}

// wrappable refuses a method that no wrapper can serve.
func (b *builder) wrappable(m *method) bool {
	if object, _, _ := types.LookupFieldOrMethod(b.typ, true, b.pkg.Types, m.name); object == nil {
		b.reports.Addf(m.pos, "wrap an interface without it", "%s is unexported in another package: no wrapper can have it", m.name)
		return false
	}
	for v := range m.sig.Results().Variables() {
		if shape.HoldsChannel(v.Type()) {
			b.reports.Addf(m.pos, "return a slice or an iter.Seq2, or leave the method out of the interface",
				"%s returns a channel: its values cannot be repeated or compared", m.name)
			return false
		}
		if b.in.IsItself(v.Type()) {
			b.reports.Addf(m.pos, fmt.Sprintf("run the work in a function: InTx(ctx context.Context, f func(%[1]s) error) error\nwith //dualgen:transaction above it", b.object.Name()),
				"%s returns %s itself: writes through it would not be mirrored", m.name, b.object.Name())
			return false
		}
	}
	if what, remedy := family.Refusal(b.object.Name(), m.name, m.sig); what != "" && m.said.Kind == nil && !b.returnsEntity(m) {
		b.reports.Add(m.pos, what, remedy)
		return false
	}
	return true
}

// returnsEntity reports whether a method returns what a directive describes as an entity.
func (b *builder) returnsEntity(m *method) bool {
	named, ok := types.Unalias(m.sig.Results().At(0).Type()).(*types.Named)
	return ok && slices.ContainsFunc(b.said.Entities, func(d *directive.Entity) bool { return d.Entity.Text == named.Obj().Name() })
}
