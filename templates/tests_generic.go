package templates

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// The tests of a generic repository are generic too: what draws the values of its type parameters is handed from one function
// to the next, and begins with types that satisfy the constraints:
//
//	func TestDualStorePhases(t *testing.T) { storeSuite(dualtest.Text[string](), dualtest.Int[int]()).Phases(t) }
//
//	func storeSuite[K comparable, V any](someK *rapid.Generator[K], someV *rapid.Generator[V]) dualtest.Suite[Store[K, V]] {

// nameDraws allocates the names of what draws the values of the type parameters.
func (g *tests) nameDraws() {
	g.draws = map[string]string{}
	for _, p := range g.repo.TypeParams {
		g.draws[p.Obj().Name()] = g.global.name("some" + upperFirst(p.Obj().Name()))
	}
}

// draw is what draws the values of a type parameter: a parameter of the function, or in the stub's methods its field.
func (g *tests) draw(p *types.TypeParam) *jen.Statement {
	name := jen.Id(g.draws[p.Obj().Name()])
	if g.inStub {
		return jen.Id("s").Dot(g.draws[p.Obj().Name()])
	}
	return name
}

// drawArgs hands on what draws the values of type parameters.
func (g *tests) drawArgs(params []*types.TypeParam) []jen.Code {
	var list []jen.Code
	for _, p := range params {
		list = append(list, g.draw(p))
	}
	return list
}

// drawParams declares what draws the values of type parameters: someK *rapid.Generator[K].
func (g *tests) drawParams(params []*types.TypeParam) []jen.Code {
	var list []jen.Code
	for _, p := range params {
		list = append(list, jen.Id(g.draws[p.Obj().Name()]).Op("*").Add(g.rapid("Generator")).Types(g.typ(p)))
	}
	return list
}

// testArgs draw values of the types that the tests of this package put in the place of the type parameters.
func (g *tests) testArgs() []jen.Code {
	var list []jen.Code
	for _, arg := range g.repo.TestArgs {
		list = append(list, g.testArg(arg))
	}
	return list
}

func (g *tests) testArg(arg plan.TestArg) jen.Code {
	if arg.Func != nil {
		return g.byDirective(arg.Func)
	}
	if pointer, ok := types.Unalias(arg.Type).(*types.Pointer); ok {
		return g.rapid("Ptr").Call(g.some1(pointer.Elem()), jen.False())
	}
	return g.some1(arg.Type)
}
