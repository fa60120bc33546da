package draw

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/identifier"
	"github.com/dualgen/dualgen/internal/plan"
)

// NameDraws allocates the names of what draws the values of the type parameters.
func (g *Values) NameDraws() {
	g.draws = map[string]string{}
	for _, p := range g.Repo.TypeParams {
		g.draws[p.Obj().Name()] = g.Global.Name("some" + identifier.UpperFirst(p.Obj().Name()))
	}
}

// draw is what draws the values of a type parameter: a parameter of the function, or in the stub's methods its field.
func (g *Values) draw(p *types.TypeParam) *jen.Statement {
	name := jen.Id(g.draws[p.Obj().Name()])
	if g.InStub {
		return jen.Id("s").Dot(g.draws[p.Obj().Name()])
	}
	return name
}

// DrawArgs hands on what draws the values of type parameters.
func (g *Values) DrawArgs(params []*types.TypeParam) []jen.Code {
	var list []jen.Code
	for _, p := range params {
		list = append(list, g.draw(p))
	}
	return list
}

// DrawParams declares what draws the values of type parameters: someK *rapid.Generator[K].
func (g *Values) DrawParams(params []*types.TypeParam) []jen.Code {
	var list []jen.Code
	for _, p := range params {
		list = append(list, jen.Id(g.draws[p.Obj().Name()]).Op("*").Add(g.Rapid("Generator")).Types(g.Typ(p)))
	}
	return list
}

// TestArgs draw values of the types that the tests of this package put in the place of the type parameters.
func (g *Values) TestArgs() []jen.Code {
	var list []jen.Code
	for _, arg := range g.Repo.TestArgs {
		list = append(list, g.testArg(arg))
	}
	return list
}

func (g *Values) testArg(arg plan.TestArg) jen.Code {
	if arg.Func != nil {
		return g.ByDirective(arg.Func)
	}
	if pointer, ok := types.Unalias(arg.Type).(*types.Pointer); ok {
		return g.Rapid("Ptr").Call(g.Some1(pointer.Elem()), jen.False())
	}
	return g.Some1(arg.Type)
}
