package wrapper

import (
	"fmt"
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/generator/internal/family"
	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/names"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/source"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// sub is a method that hands out a repository of its own, and what is planned for that.
type sub struct {
	*load.Method
	plan *plan.SubRepository
	of   *Wrapper // nil where it cannot be planned
}

// splitGetters takes the methods that hand out a repository of its own apart from those that are calls of the stores.
func (w *Wrapper) splitGetters() {
	w.itself = w.Iface
	isGetter := func(m *load.Method) bool { return w.isGetter(m) }
	var names []string
	for _, m := range w.Subject.Methods {
		if isGetter(m) {
			w.subs = append(w.subs, &sub{Method: m})
			names = append(names, m.Name)
		}
	}
	if len(w.subs) == 0 {
		return
	}
	w.Subject.Methods = slices.DeleteFunc(slices.Clone(w.Subject.Methods), isGetter)
	var rest []*types.Func
	for f := range w.Iface.Methods() {
		if !slices.Contains(names, f.Name()) {
			rest = append(rest, types.NewFunc(f.Pos(), f.Pkg(), f.Name(), f.Signature()))
		}
	}
	w.itself = types.NewInterfaceType(rest, nil).Complete()
}

// isGetter reports whether a method hands out a repository of its own, in the form that a wrapper can serve.
func (w *Wrapper) isGetter(m *load.Method) bool {
	name := family.HandsOut(m.Sig)
	if name == nil || m.Said.Kind != nil || w.In.IsItself(m.Sig.Results().At(0).Type()) || w.returnsEntity(m) {
		return false
	}
	return family.IsRepository(m.Sig.Results().At(0).Type()) || w.Program.IsWrapped(name)
}

// allMethods are the methods of the interface, those that hand out repositories of their own last.
func (w *Wrapper) allMethods() []*load.Method {
	all := slices.Clone(w.Subject.Methods)
	for _, s := range w.subs {
		all = append(all, s.Method)
	}
	return all
}

// getterNames are the methods that hand out a repository of its own.
func (w *Wrapper) getterNames() []string {
	var names []string
	for _, s := range w.subs {
		names = append(names, s.Name)
	}
	return names
}

// planSubs plans what hands out a repository of its own: the wrapper of that, and how each store hands out its own.
func (w *Wrapper) planSubs() []*plan.SubRepository {
	var all []*plan.SubRepository
	for _, s := range w.subs {
		if !w.wrappable(s.Method) {
			continue
		}
		w.refuseGetterDirectives(s.Method)
		d := w.describe(s.Name, s.Sig, s.Pos)
		d.Doc = s.Doc
		d.Because("Hands out the wrapper of %s, which the constructor makes.", family.HandsOut(s.Sig).Name())
		s.plan = &plan.SubRepository{Method: d.Method, Field: w.fields.Field(text.LowerFirst(s.Name))}
		all = append(all, s.plan)
		var handed [2]types.Type
		for i := range w.In.Stores {
			handed[i] = w.handedBy(i, s)
		}
		if handed[0] == nil || handed[1] == nil {
			continue // reported
		}
		if s.of = w.planSub(s.Method, handed); s.of != nil {
			s.plan.Of = s.of.Repo
		}
	}
	w.planSubsInside()
	w.checkSubKinds()
	return all
}

// refuseGetterDirectives reports directives that speak of calls, and not of what is handed out.
func (w *Wrapper) refuseGetterDirectives(m *load.Method) {
	said := m.Said
	for _, d := range []struct {
		there bool
		verb  string
	}{
		{said.Key != nil, "key"}, {said.Mirror != nil, "mirror"}, {said.Of != nil, "entity"}, {said.Compare != nil, "compare"},
		{said.NotFound != nil, "notfound"}, {len(said.Errors) > 0, "error"}, {said.Rollover != nil, "rollover"}, {said.Cursor != nil, "cursor"},
	} {
		if d.there {
			w.Reports.Addf(m.Pos, "say it in the interface that it hands out, or drop it",
				"//dualgen:%s speaks of calls of the stores, but %s hands out a repository of its own", d.verb, m.Name)
		}
	}
}

// handedBy finds how a store hands out a repository of its own, and as what type. It returns nil after reporting what is in the way.
func (w *Wrapper) handedBy(i int, m *sub) types.Type {
	s, side := w.In.Stores[i], model.Sides[i]
	name, pos := m.Name, m.Pos
	if said := m.Said.Call; said != nil && said.Names[i].Text != "" {
		name, pos = said.Names[i].Text, said.Names[i].Pos
	}
	m.plan.Calls[i].Method = name
	f := w.functions.OfPackage(name)
	var sig *types.Signature
	switch {
	case s.Method[name] != nil:
		sig = s.Signature(name)
	case m.Said.Call != nil && f != nil:
		if sig = w.functions.OverStore(i, f, pos); sig == nil {
			return nil
		}
		m.plan.Calls[i].Func = &plan.FuncRef{Name: name, Package: f.Pkg()}
		sig = types.NewSignatureType(nil, nil, nil, types.NewTuple(slices.Collect(f.Signature().Params().Variables())[1:]...), sig.Results(), false)
	case name == m.Name && w.askGetter(i, m):
		return nil
	default:
		w.functions.ReportNoMethod(i, name, pos)
		return nil
	}
	if sig.Params().Len() != 0 || sig.Results().Len() != 1 {
		returns := m.Sig.Results().At(0).Type()
		if sig.Results().Len() > 0 && !shape.IsError(sig.Results().At(0).Type()) {
			returns = sig.Results().At(0).Type()
		}
		w.Reports.Addf(pos, w.handingFunction(i, m.Method, returns), "%s of the %s store takes something, or returns more than one value: the wrapper asks for it once, when it is made", name, side)
		return nil
	}
	return sig.Results().At(0).Type()
}

// planSub plans the wrapper of what a method hands out, over what the stores hand out. It returns nil after reporting what is in the
// way.
func (w *Wrapper) planSub(m *load.Method, handed [2]types.Type) *Wrapper {
	name := family.HandsOut(m.Sig)
	asked := w.Program.Wrapping(name)
	if len(asked) == 0 {
		w.askSub(m, name, handed)
		return nil
	}
	if len(load.TypeParams(name.Type())) > 0 {
		w.Reports.Addf(m.Pos, fmt.Sprintf("declare an interface without type parameters, and let %s return that:\n%s\ntype …%s interface{ %s }",
			m.Name, w.subLine(name, handed), name.Name(), shape.String(m.Sig.Results().At(0).Type())),
			"%s hands out a wrapper of the generic %s: dualgen makes none of an instantiation", m.Name, name.Name())
		return nil
	}
	var misfit *misfit
	for _, r := range asked {
		if r == w.Request || slices.Contains(w.above, r) {
			w.Reports.Addf(m.Pos, "leave one of the two methods out", "%s hands out %s, and that hands out %s: neither wrapper can be made before the other",
				m.Name, name.Name(), w.Object.Name())
			return nil
		}
		sub := w.below(r)
		if sub == nil {
			return nil // reported
		}
		if misfit = findMisfit(sub, handed); misfit != nil {
			continue
		}
		if !w.subReachable(m, sub) {
			return nil
		}
		return sub
	}
	remedy := w.handingFunction(misfit.store, m, misfit.takes)
	if w.storeWord(name, handed[misfit.store]) != "" {
		remedy = "let the line above " + name.Name() + " ask for what is handed out:\n" + w.subLine(name, handed) + "\nor " + remedy
	}
	w.Reports.Addf(m.Pos, remedy, "the wrapper of %s cannot be made of what %s hands out: %s takes %s, and the %s store hands out %s", name.Name(), m.Name,
		misfit.constructor, shape.String(misfit.takes), model.Sides[misfit.store], shape.String(handed[misfit.store]))
	return nil
}

// below plans what another line asks for, for a wrapper that hands its wrapper out. It returns nil where not even its name is known.
func (w *Wrapper) below(r *source.Request) *Wrapper {
	reports := &report.List{}
	defer func() { w.subReports.Put(reports.All()...) }()
	s := load.FindSubject(w.Program, r, reports)
	if s == nil {
		return nil
	}
	sub, decided := Plan(s, append(slices.Clip(w.above), w.Request)...)
	if !decided {
		return nil
	}
	w.subReports.Put(sub.subReports.All()...)
	return sub
}

// handingFunction is a remedy: a function that hands out what a store's method does not.
func (w *Wrapper) handingFunction(i int, m *load.Method, returns types.Type) string {
	side, store := model.Sides[i], w.In.Stores[i]
	if pkg := w.functions.ImportsUs(store.Type); pkg != nil { // no function of the interface's package can name the store
		method := w.freeMethod(i, text.UpperFirst(m.Name)+"Repository")
		return fmt.Sprintf("give the store a method that hands it out, in package %s: func (s %s) %s() %s\nand name it above %s: //dualgen:call %s=%[3]s",
			pkg.Name(), shape.StringIn(store.Type, pkg), method, shape.StringIn(returns, pkg), m.Name, side)
	}
	function := w.In.FunctionName(m.Name + "Of" + text.UpperFirst(side))
	return fmt.Sprintf("write a function that hands it out, func %s(store %s) %s\nand name it above %s: //dualgen:call %s=%[1]s",
		function, shape.StringIn(store.Type, w.Pkg.Types), shape.StringIn(returns, w.Pkg.Types), m.Name, side)
}

// freeMethod is a name that no method of a store has.
func (w *Wrapper) freeMethod(i int, base string) string {
	names := names.New(w.In.Stores[i].Names()...)
	return names.Name(base)
}

// misfit is why a wrapper cannot be made of what the stores hand out.
type misfit struct {
	store       int
	constructor string
	takes       types.Type
}

// findMisfit looks for one; nil for none.
func findMisfit(sub *Wrapper, handed [2]types.Type) *misfit {
	for i, s := range sub.In.Stores {
		if !types.AssignableTo(handed[i], s.Type) {
			return &misfit{i, sub.Repo.Names.Constructor, s.Type}
		}
	}
	return nil
}
