package templates

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// stubIterator is the body of a stub's method that returns an iterator, or nil where nothing can be yielded:
//
//	return dualtest.Sequence(s.stub, "All", someUser())
func (g *tests) stubIterator(m *plan.Method) []jen.Code {
	iterator := iteratorOf(m)
	if iterator == nil || iterator.TypeArgs().Len() == 2 && !yieldsError(iterator) {
		return nil
	}
	some := g.some(iterator.TypeArgs().At(0))
	if some == nil {
		return nil
	}
	name := "Items"
	if yieldsError(iterator) {
		name = "Sequence"
	}
	return []jen.Code{jen.Return(g.dualtest(name).Call(jen.Id("s").Dot("stub"), jen.Lit(m.Name), some))}
}

// iteratorStep is the step of a method that returns an iterator: it collects what the iterator yields.
//
//	func(t *dualtest.T) func(context.Context, Users) ([]User, error) {
//		return func(ctx context.Context, store Users) ([]User, error) { return dualtest.Collect(store.All(ctx)) }
//	}
func (g *tests) iteratorStep(m *plan.Method, s *scope, t string, iterator *types.Named) jen.Code {
	if g.stubIterator(m) == nil {
		return nil
	}
	draws, args, ok := g.drawn(m, s, t)
	if !ok {
		return nil
	}
	elem := iterator.TypeArgs().At(0)
	answer := func() *jen.Statement { return jen.Params(jen.Index().Add(g.typ(elem)), jen.Error()) }
	collected := g.dualtest("Collect").Call(jen.Id(s.store).Dot(m.Name).Call(args...))
	if !yieldsError(iterator) {
		collected = g.std("slices", "Collect").Call(jen.Id(s.store).Dot(m.Name).Call(args...)).Op(",").Nil()
	}
	call := jen.Func().Params(g.closureContext(m, s), jen.Id(s.store).Add(g.typ(g.repo.Type))).Add(answer()).
		Add(inline(jen.Return(collected)))
	signature := jen.Func().Params(g.std("context", "Context"), g.typ(g.repo.Type)).Add(answer())
	draw := g.drawing(t).Add(signature).Block(append(draws, jen.Return(call))...)
	diff := jen.Nil()
	if m.Entity != nil && m.Entity.Diff != nil && types.Identical(m.Entity.Type, elem) {
		diff = g.dualtest("Each").Call(g.ref(m.Entity.Diff))
	}
	step := g.dualtest("Answering").Call(g.info(m), diff, jen.Line().Add(draw))
	if !yieldsError(iterator) {
		step.Dot("WithoutError").Call()
	}
	return step
}
