package conformance

import (
	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/arguments"
	"github.com/dualgen/dualgen/templates/internal/bundles"
	"github.com/dualgen/dualgen/templates/internal/printing"
	"github.com/dualgen/dualgen/templates/internal/wrapper"
)

// steps are the methods that can be called with drawn arguments, and those that cannot.
func (g *tests) steps() (steps, undrawn []jen.Code) {
	for _, m := range g.Repo.Methods {
		switch step := g.step(m); {
		case step != nil:
			steps = append(steps, step)
		case m.Kind != plan.Transaction || g.transaction(m, g.Itself(g.Repo)) == nil:
			undrawn = append(undrawn, printing.InlineLiteral(jen.Empty(), wrapper.InfoFields(g.File, g.Repo, m)...))
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
	s := g.ScopeOf(g.Repo, m)
	t := s.Name("t")
	if iterator := wrapper.IteratorOf(m); iterator != nil {
		return g.iteratorStep(m, s, t, iterator)
	}
	if step := g.fillingStep(m, s, t); step != nil {
		return step
	}
	body, args, ok := arguments.Drawn(g.Values, m, s, t)
	if !ok {
		return nil
	}
	call := jen.Func().Params(wrapper.ClosureContext(g.File, m, s), jen.Id(s.Store).Add(g.Itself(g.Repo))).Add(g.outcome(m))
	signature := jen.Func().Params(g.Std("context", "Context"), g.Itself(g.Repo)).Add(g.outcome(m))
	body = append(body, jen.Return(call.Add(printing.Inline(wrapper.CallStore(g.File, g.Repo, m, s, args)...))))
	draw := arguments.Drawing(g.Values, t).Add(signature).Block(body...)
	return g.markers(m, g.constructStep(m, draw))
}

// outcome is what the call of a step returns.
func (g *tests) outcome(m *plan.Method) *jen.Statement {
	if wrapper.CarriesValue(g.File, m) {
		return jen.Params(bundles.BundleType(g.File, g.Repo, m.Values), jen.Error())
	}
	return jen.Error()
}

// constructStep calls the suite's constructor for the step.
func (g *tests) constructStep(m *plan.Method, draw jen.Code) *jen.Statement {
	if !wrapper.CarriesValue(g.File, m) {
		return g.Dualtest("Doing").Call(g.info(m), jen.Line().Add(draw))
	}
	return g.Dualtest("Answering").Call(g.info(m), g.differ(m), jen.Line().Add(draw))
}

// info describes the method: dual.MethodInfo{Name: "Users.Get", Kind: dual.KindRead}.
func (g *tests) info(m *plan.Method) *jen.Statement {
	return printing.InlineLiteral(g.Dual("MethodInfo"), wrapper.InfoFields(g.File, g.Repo, m)...)
}

// markers tells the suite what is special about a method.
func (g *tests) markers(m *plan.Method, step *jen.Statement) *jen.Statement {
	if m.Error < 0 {
		step.Dot("WithoutError").Call()
	}
	if m.Key.Form.Made() || m.Key.MayBeMade {
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
