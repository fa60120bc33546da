package conformance

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/arguments"
	"github.com/dualgen/dualgen/templates/internal/printing"
	"github.com/dualgen/dualgen/templates/internal/wrapper"
)

// stubIterator is the body of a stub's method that returns an iterator, or nil where nothing can be yielded:
//
//	return dualtest.Sequence(s.stub, "All", someUser())
func (g *tests) stubIterator(m *plan.Method) []jen.Code {
	iterator := wrapper.IteratorOf(m)
	if iterator == nil || iterator.TypeArgs().Len() == 2 && !wrapper.YieldsError(iterator) {
		return nil
	}
	some := g.Some(iterator.TypeArgs().At(0))
	if some == nil {
		return nil
	}
	name := "Items"
	if wrapper.YieldsError(iterator) {
		name = "Sequence"
	}
	return []jen.Code{jen.Return(g.Dualtest(name).Call(jen.Id("s").Dot("stub"), jen.Lit(m.Name), some))}
}

// iteratorStep is the step of a method that returns an iterator: it collects what the iterator yields.
//
//	func(t *dualtest.T) func(context.Context, Users) ([]User, error) {
//		return func(ctx context.Context, store Users) ([]User, error) { return dualtest.Collect(store.All(ctx)) }
//	}
func (g *tests) iteratorStep(m *plan.Method, s *printing.Scope, t string, iterator *types.Named) jen.Code {
	if g.stubIterator(m) == nil {
		return nil
	}
	draws, args, ok := arguments.Drawn(g.Values, m, s, t)
	if !ok {
		return nil
	}
	elem := iterator.TypeArgs().At(0)
	answer := func() *jen.Statement { return jen.Params(jen.Index().Add(g.Typ(elem)), jen.Error()) }
	collected := g.Dualtest("Collect").Call(jen.Id(s.Store).Dot(m.Name).Call(args...))
	if !wrapper.YieldsError(iterator) {
		collected = g.Std("slices", "Collect").Call(jen.Id(s.Store).Dot(m.Name).Call(args...)).Op(",").Nil()
	}
	call := jen.Func().Params(wrapper.ClosureContext(g.File, m, s), jen.Id(s.Store).Add(g.Itself(g.Repo))).Add(answer()).
		Add(printing.Inline(jen.Return(collected)))
	signature := jen.Func().Params(g.Std("context", "Context"), g.Itself(g.Repo)).Add(answer())
	draw := arguments.Drawing(g.Values, t).Add(signature).Block(append(draws, jen.Return(call))...)
	diff := jen.Nil()
	if m.Entity != nil && m.Entity.Diff != nil && types.Identical(m.Entity.Type, elem) {
		diff = g.Dualtest("Each").Call(g.Ref(m.Entity.Diff))
	}
	step := g.Dualtest("Answering").Call(g.info(m), diff, jen.Line().Add(draw))
	if !wrapper.YieldsError(iterator) {
		step.Dot("WithoutError").Call()
	}
	return step
}
