package templates

import (
	"go/types"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// steps are the methods that can be called with drawn arguments, and the names of those that cannot.
func (g *tests) steps() (steps, undrawn []jen.Code) {
	for _, m := range g.repo.Methods {
		switch step := g.step(m); {
		case step != nil:
			steps = append(steps, step)
		case m.Kind == plan.Read || m.Kind == plan.Write:
			undrawn = append(undrawn, jen.Lit(m.Name))
		}
	}
	return steps, undrawn
}

// step is one method, or nil if its arguments cannot be drawn:
//
//	dualtest.Doing(dual.MethodInfo{Name: "Users.Rename", Kind: dual.KindWrite, Mirror: dual.Copy},
//		func(t *dualtest.T) func(context.Context, Users) error {
//			id := dualtest.Draw(t, "id", dualtest.ID[string]())
//			name := dualtest.Draw(t, "name", dualtest.Text[string]())
//			return func(ctx context.Context, store Users) error {
//				return store.Rename(ctx, id, name)
//			}
//		}),
func (g *tests) step(m *plan.Method) jen.Code {
	s := g.scopeOf(g.repo, m)
	t := s.name("t")
	if iterator := iteratorOf(m); iterator != nil {
		return g.iteratorStep(m, s, t, iterator)
	}
	if step := g.fillingStep(m, s, t); step != nil {
		return step
	}
	body, args, ok := g.drawn(m, s, t)
	if !ok {
		return nil
	}
	call := jen.Func().Params(g.closureContext(m, s), jen.Id(s.store).Add(g.typ(g.repo.Type))).Add(g.outcome(m))
	signature := jen.Func().Params(g.std("context", "Context"), g.typ(g.repo.Type)).Add(g.outcome(m))
	body = append(body, jen.Return(call.Add(inline(g.callStore(g.repo, m, s, args)...))))
	draw := g.drawing(t).Add(signature).Block(body...)
	return g.markers(m, g.constructStep(m, draw))
}

// fillingStep is the step of a method that may fill a key into the entity it is given. It answers with the entity:
//
//	func(t *dualtest.T) func(context.Context, Users) (User, error) {
//		user := dualtest.Draw(t, "user", someUser())
//		return func(ctx context.Context, store Users) (User, error) {
//			filled := user
//			err := store.Create(ctx, &filled)
//			return filled, err
//		}
//	}
func (g *tests) fillingStep(m *plan.Method, s *scope, t string) jen.Code {
	if m.Key.Form != plan.KeyOut || len(m.Values.Index) > 0 || m.Error < 0 {
		return nil
	}
	draws, args, ok := g.drawn(m, s, t)
	if !ok {
		return nil
	}
	out := m.Params[m.Key.Parts[0].Param]
	pointer, ok := out.Type.Underlying().(*types.Pointer)
	if !ok {
		return nil
	}
	filled := s.name("filled")
	args[m.Key.Parts[0].Param] = jen.Op("&").Id(filled)
	answer := jen.Params(g.typ(pointer.Elem()), jen.Error())
	call := jen.Func().Params(g.closureContext(m, s), jen.Id(s.store).Add(g.typ(g.repo.Type))).Add(answer).Block(
		jen.Id(filled).Op(":=").Id(out.Name),
		jen.Id(s.err).Op(":=").Id(s.store).Dot(m.Name).Call(args...),
		jen.Return(jen.Id(filled), jen.Id(s.err)))
	signature := jen.Func().Params(g.std("context", "Context"), g.typ(g.repo.Type)).
		Params(g.typ(pointer.Elem()), jen.Error())
	draw := g.drawing(t).Add(signature).Block(append(draws, jen.Return(call))...)
	diff := jen.Nil()
	if m.Entity.Diff != nil && types.Identical(m.Entity.Type, pointer.Elem()) {
		diff = g.ref(m.Entity.Diff)
	}
	return g.dualtest("Answering").Call(g.info(m), diff, jen.Line().Add(draw)).Dot("MakesKeys").Call()
}

// drawing begins the function that draws a step's arguments: func(t *dualtest.T).
func (g *tests) drawing(t string) *jen.Statement {
	return jen.Func().Params(jen.Id(t).Op("*").Add(g.dualtest("T")))
}

// outcome is what the call of a step returns.
func (g *tests) outcome(m *plan.Method) *jen.Statement {
	if g.carriesValue(m) {
		return jen.Params(g.bundleType(g.repo, m.Values), jen.Error())
	}
	return jen.Error()
}

// constructStep calls the suite's constructor for the step.
func (g *tests) constructStep(m *plan.Method, draw jen.Code) *jen.Statement {
	if !g.carriesValue(m) {
		return g.dualtest("Doing").Call(g.info(m), jen.Line().Add(draw))
	}
	return g.dualtest("Answering").Call(g.info(m), g.differ(m), jen.Line().Add(draw))
}

// info describes the method: dual.MethodInfo{Name: "Users.Get", Kind: dual.KindRead}.
func (g *tests) info(m *plan.Method) *jen.Statement {
	return inlineLiteral(g.dual("MethodInfo"), g.infoFields(g.repo, m)...)
}

// markers tells the suite what is special about a method.
func (g *tests) markers(m *plan.Method, step *jen.Statement) *jen.Statement {
	if m.Error < 0 {
		step.Dot("WithoutError").Call()
	}
	if m.Key.Form == plan.KeyResult || m.Key.Form == plan.KeyOut || m.Key.MayBeMade {
		step.Dot("MakesKeys").Call()
	}
	if m.Key.Form == plan.KeyListed {
		step.Dot("Lists").Call(jen.Lit(listerName(m.Key.Lister)))
	}
	return step
}

// listerName is the method that lists keys, or "" where a function does.
func listerName(l *plan.Lister) string {
	if l.Method == nil {
		return ""
	}
	return l.Method.Name
}

// drawn draws a method's arguments, and lists them for the store's call.
func (g *tests) drawn(m *plan.Method, s *scope, t string) (draws, args []jen.Code, ok bool) {
	for i, p := range m.Params {
		if i == m.Context {
			args = append(args, jen.Id(s.ctx))
			continue
		}
		generator, arg := g.argument(m, i)
		if generator == nil {
			return nil, nil, false
		}
		draws = append(draws, jen.Id(p.Name).Op(":=").Add(g.dualtest("Draw").Call(jen.Id(t), jen.Lit(p.Name), generator)))
		args = append(args, arg)
	}
	return draws, args, true
}

// argument is the generator of a method's i-th parameter, and the expression that hands a drawn value to one store.
func (g *tests) argument(m *plan.Method, i int) (generator, arg *jen.Statement) {
	p := m.Params[i]
	arg = jen.Id(p.Name)
	if p.Variadic {
		arg.Op("...")
	}
	if ref := g.directed(m.Name+"."+p.Said, p.Said); ref != nil {
		return g.byDirective(ref), arg
	}
	if sig, ok := p.Type.Underlying().(*types.Signature); ok {
		return g.modification(m, p, sig)
	}
	if pointer, ok := p.Type.Underlying().(*types.Pointer); ok {
		if elem := g.some(pointer.Elem()); elem != nil { // each store gets a copy: it may fill it in
			return elem, g.dualtest("Copied").Call(jen.Id(p.Name))
		}
		return nil, nil
	}
	return g.plainArgument(m, i), arg
}

// plainArgument generates an argument that is handed on as it is: a part of a key, a place in a listing, or any value.
func (g *tests) plainArgument(m *plan.Method, i int) *jen.Statement {
	p := m.Params[i]
	whole := func(part plan.KeyPart) bool { return part.Param == i && len(part.Path) == 0 }
	switch {
	case m.Key.Form == plan.KeyOne && slices.ContainsFunc(m.Key.Parts, whole):
		return g.keyPart(m.Entity, slices.IndexFunc(m.Key.Parts, whole), p.Type)
	case m.Key.Form == plan.KeyEach && m.Key.Parts[0].Param == i:
		return g.each(m, p)
	}
	basic, ok := p.Type.Underlying().(*types.Basic)
	switch {
	case g.namesKey(p) && !g.lists(m, plan.ScanAfterKey):
		return g.id(p.Type)
	case m.Paging != nil && m.Paging.Param == i:
		return g.rapid("Just").Call(g.noCursor(p.Type)) // a cursor is the store's own
	case ok && basic.Info()&types.IsInteger != 0 && types.Unalias(p.Type) == types.Type(basic) && g.sameField(p) == nil:
		return g.dualtest("Small").Types(g.typ(p.Type)).Call()
	case ok && basic.Info()&types.IsString != 0 && g.lists(m, plan.ScanCursor):
		return g.rapid("Just").Call(g.emptyText(p.Type)) // a cursor is the store's own
	case g.lists(m, plan.ScanAfterKey):
		return g.dualtest("OrZero").Call(g.id(p.Type)) // the zero value is before all keys
	}
	if opaque(p.Type) {
		return nil // what it wants is not to be seen
	}
	if field := g.sameField(p); field != nil {
		return g.fieldGenerator(g.owner(field), field.Name(), field.Type())
	}
	return g.some(p.Type)
}

// keyPart generates a part of an entity's key: as a directive says for its field, so that calls meet the entities, else as any key.
func (g *tests) keyPart(e *plan.Entity, part int, t types.Type) *jen.Statement {
	if e == nil || e.Entry != nil || part >= len(e.Key) || len(e.Key[part].Path) != 1 || !types.Identical(e.Key[part].Type, t) {
		return g.id(t)
	}
	name, owner := e.Key[part].Path[0].Name, ""
	if named, ok := types.Unalias(e.Type).(*types.Named); ok {
		owner = named.Obj().Name() + "."
	}
	if ref := g.directed(owner+name, name); ref != nil {
		return g.byDirective(ref)
	}
	return g.id(t)
}

// emptyText is "" of a type of strings.
func (g *tests) emptyText(t types.Type) *jen.Statement {
	if types.Identical(t, types.Typ[types.String]) {
		return jen.Lit("")
	}
	return g.typ(t).Call(jen.Lit(""))
}

// each generates the keys, or the entities, of a write on several. No two have one key.
func (g *tests) each(m *plan.Method, p *plan.Param) *jen.Statement {
	slice, ok := p.Type.Underlying().(*types.Slice)
	if !ok {
		return nil
	}
	if len(m.Key.Parts[0].Path) == 0 {
		return g.named(p.Type, slice, g.dualtest("Distinct").Call(g.id(slice.Elem()), g.rapid("ID").Types(g.typ(slice.Elem()))))
	}
	elem := g.some(slice.Elem())
	if pointer, ok := slice.Elem().Underlying().(*types.Pointer); ok {
		elem = g.rapid("Ptr").Call(g.some(pointer.Elem()), jen.False())
	}
	key := jen.Func().Params(jen.Id("v").Add(g.typ(slice.Elem()))).Add(g.dual("Key")).Add(inline(jen.Return(
		g.keyOf(m.Key.Func, m.Key.Parts, func(plan.KeyPart) *jen.Statement { return jen.Id("v") }))))
	return g.named(p.Type, slice, g.dualtest("Distinct").Call(elem, key))
}

// lists reports whether a method is an entity's listing method of the given form.
func (g *tests) lists(m *plan.Method, form plan.ScanForm) bool {
	return slices.ContainsFunc(g.repo.Entities, func(e *plan.Entity) bool {
		return e.Scan != nil && e.Scan.Method == m && e.Scan.Form == form
	})
}

// namesKey reports whether a parameter is, by its name and type, the key of an entity or a part of it.
func (g *tests) namesKey(p *plan.Param) bool {
	field := g.sameField(p)
	return g.refersTo(p.Said, p.Type) || field != nil && g.keyField(g.owner(field), field.Name())
}

// opaque reports whether a type is an interface: what a method wants there is not to be seen.
func opaque(t types.Type) bool {
	_, param := types.Unalias(t).(*types.TypeParam)
	return !param && types.IsInterface(t)
}

// sameField is the field of an entity that has a parameter's name and type: its values are worth asking for.
func (g *tests) sameField(p *plan.Param) *types.Var {
	for _, e := range g.repo.Entities {
		u, ok := e.Type.Underlying().(*types.Struct)
		if !ok {
			continue
		}
		for f := range u.Fields() {
			if strings.EqualFold(f.Name(), p.Name) && types.Identical(f.Type(), p.Type) {
				return f
			}
		}
	}
	return nil
}

// owner is the entity type that a field belongs to.
func (g *tests) owner(field *types.Var) types.Type {
	for _, e := range g.repo.Entities {
		if u, ok := e.Type.Underlying().(*types.Struct); ok {
			for f := range u.Fields() {
				if f == field {
					return e.Type
				}
			}
		}
	}
	return nil
}

// modification draws the entity that a read-modify-write leaves, under the key that it had:
//
//	change := dualtest.Draw(t, "change", someUser())
//	… store.Update(ctx, id, func(old User) (User, error) { change.ID = old.ID; return change, nil })
func (g *tests) modification(m *plan.Method, p *plan.Param, sig *types.Signature) (generator, arg *jen.Statement) {
	if m.Entity == nil || sig.Params().Len() != 1 || sig.Results().Len() == 0 {
		return nil, nil
	}
	c := &copier{file: g.file, repo: g.repo, entity: m.Entity}
	if !c.isEntity(sig.Params().At(0).Type()) {
		return nil, nil
	}
	_, pointer := sig.Params().At(0).Type().Underlying().(*types.Pointer)
	body := []jen.Code{jen.Id("next").Op(":=").Id(p.Name)}
	drawn, parts := m.Entity.Type, m.Entity.Key
	if m.Entity.Entry != nil {
		drawn, parts = m.Entity.Entry.Value, nil // the key lies beside it
	}
	for _, part := range parts {
		if len(part.Path) != 1 || part.Path[0].Call {
			return nil, nil
		}
		body = append(body, jen.Id("next").Dot(part.Path[0].Name).Op("=").Id("stored").Dot(part.Path[0].Name))
	}
	var answer []jen.Code
	for result := range sig.Results().Variables() {
		switch {
		case !c.isEntity(result.Type()) && !types.Identical(result.Type(), types.Universe.Lookup("error").Type()):
			return nil, nil // it asks something of the entity
		case !c.isEntity(result.Type()):
			answer = append(answer, jen.Nil())
		case pointer:
			answer = append(answer, jen.Op("&").Id("next"))
		default:
			answer = append(answer, jen.Id("next"))
		}
	}
	if pointer && sig.Results().Len() == 1 {
		body = append(body, jen.Op("*").Id("stored").Op("=").Id("next"))
	}
	body = append(body, jen.Return(answer...))
	function := jen.Func().Params(jen.Id("stored").Add(g.typ(sig.Params().At(0).Type()))).Add(g.resultsOf(sig)).Block(body...)
	return g.some(drawn), function
}

// resultsOf writes a function type's results.
func (f *file) resultsOf(sig *types.Signature) *jen.Statement {
	var list []jen.Code
	for v := range sig.Results().Variables() {
		list = append(list, f.typ(v.Type()))
	}
	return resultList(list)
}
