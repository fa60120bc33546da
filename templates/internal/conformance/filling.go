package conformance

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/arguments"
	"github.com/dualgen/dualgen/templates/internal/printing"
	"github.com/dualgen/dualgen/templates/internal/wrapper"
)

// fillingStep is the step of a method that may fill a key into the entity, or the entities, that it is given. It answers with what it
// was given, so that stores which make different keys are told apart from those that differ:
//
//	func(t *dualtest.T) func(context.Context, Users) (User, error) {
//		user := dualtest.Draw(t, "user", someUser())
//		return func(ctx context.Context, store Users) (User, error) {
//			filled := user
//			err := store.Create(ctx, &filled)
//			return filled, err
//		}
//	}
func (g *tests) fillingStep(m *plan.Method, s *printing.Scope, t string) jen.Code {
	fills := m.Key.Form == plan.KeyOut || m.Key.Form == plan.KeyOutEach || m.Key.MayBeMade && !m.Key.Untold
	if !fills || len(m.Values.Index) > 0 || m.Error < 0 {
		return nil
	}
	draws, args, ok := arguments.Drawn(g.Values, m, s, t)
	if !ok {
		return nil
	}
	given := m.Key.Parts[0].Param
	out := m.Params[given]
	filled := s.Name("filled")
	var answer types.Type
	var diff *plan.FuncRef
	var fresh *jen.Statement
	if pointer, ok := out.Type.Underlying().(*types.Pointer); ok {
		answer, fresh = pointer.Elem(), jen.Id(out.Name)
		args[given] = jen.Op("&").Id(filled)
		if types.Identical(m.Entity.Type, answer) {
			diff = m.Entity.Diff
		}
	} else {
		answer, fresh = out.Type, arguments.PerStore(g.Values, out, jen.Id(out.Name), false, true)
		args[given] = jen.Id(filled)
		if out.Variadic {
			args[given] = jen.Id(filled).Op("...")
		}
	}
	results := jen.Params(g.Typ(answer), jen.Error())
	call := jen.Func().Params(wrapper.ClosureContext(g.File, m, s), jen.Id(s.Store).Add(g.Itself(g.Repo))).Add(results).Block(
		jen.Id(filled).Op(":=").Add(fresh),
		jen.Id(s.Err).Op(":=").Id(s.Store).Dot(m.Name).Call(args...),
		jen.Return(jen.Id(filled), jen.Id(s.Err)))
	signature := jen.Func().Params(g.Std("context", "Context"), g.Itself(g.Repo)).
		Params(g.Typ(answer), jen.Error())
	draw := arguments.Drawing(g.Values, t).Add(signature).Block(append(draws, jen.Return(call))...)
	return g.Dualtest("Answering").Call(g.info(m), wrapper.OrNil(g.File, diff), jen.Line().Add(draw)).Dot("MakesKeys").Call()
}
