package conformance

import (
	"go/types"
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/arguments"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// transactions are the methods that run a function in a transaction, as the suite of a type takes them: the repository, or the part of it that
// hands out nothing.
func (g *tests) transactions(of *jen.Statement) []jen.Code {
	var list []jen.Code
	for _, m := range g.Repo.Methods {
		if m.Kind == plan.Transaction {
			if step := g.transaction(m, of); step != nil {
				list = append(list, step)
			}
		}
	}
	return list
}

// transaction is one of them, or nil if its other arguments cannot be drawn:
//
//	dualtest.Transacting(dual.MethodInfo{Name: "Users.InTx", Kind: dual.KindTransaction},
//		func(t *dualtest.T) func(context.Context, Users, func(context.Context, Users) error) error {
//			return func(ctx context.Context, store Users, f func(context.Context, Users) error) error {
//				return store.InTx(ctx, func(tx Users) error { return f(ctx, tx) })
//			}
//		}),
func (g *tests) transaction(m *plan.Method, of *jen.Statement) jen.Code {
	s := g.ScopeOf(g.Repo, m)
	t, f := s.Name("t"), m.Params[m.Callback.Param].Name
	draws, args, ok := g.drawnBeside(m, s, t)
	if !ok {
		return nil
	}
	args[m.Callback.Param] = g.inTransaction(m, s, f)
	function := jen.Func().Params(g.Std("context", "Context"), jen.Add(of)).Error()
	signature := jen.Func().Params(g.Std("context", "Context"), jen.Add(of), function).Error()
	call := jen.Func().Params(
		jen.Id(s.Ctx).Add(g.Std("context", "Context")), jen.Id(s.Store).Add(jen.Add(of)), jen.Id(f).Add(function)).Error().
		Block(jen.Return(jen.Id(s.Store).Dot(m.Name).Call(args...)))
	draw := arguments.Drawing(g.Values, t).Add(signature).Block(append(draws, jen.Return(call))...)
	return g.Dualtest("Transacting").Call(g.info(m), jen.Line().Add(draw))
}

// drawnBeside draws the arguments beside the function.
func (g *tests) drawnBeside(m *plan.Method, s *printing.Scope, t string) (draws, args []jen.Code, ok bool) {
	for i, p := range m.Params {
		switch {
		case i == m.Context:
			args = append(args, jen.Id(s.Ctx))
			continue
		case i == m.Callback.Param:
			args = append(args, nil)
			continue
		}
		generator, arg := arguments.Argument(g.Values, m, i)
		if generator == nil {
			return nil, nil, false
		}
		draws = append(draws, jen.Id(p.Name).Op(":=").Add(g.Dualtest("Draw").Call(jen.Id(t), jen.Lit(p.Name), generator)))
		args = append(args, arg)
	}
	return draws, args, true
}

// inTransaction is the function that the method is given: f itself where it takes the same.
func (g *tests) inTransaction(m *plan.Method, s *printing.Scope, f string) jen.Code {
	sig := m.Params[m.Callback.Param].Type.Underlying().(*types.Signature)
	if len(g.Repo.Subs) == 0 && m.Callback.Context == 0 && m.Callback.Repository == 1 && sig.Params().Len() == 2 {
		return jen.Id(f)
	}
	ctx := jen.Id(s.Ctx)
	tx := s.Name("tx")
	params := make([]jen.Code, sig.Params().Len())
	for i := range params {
		name := tx
		if i == m.Callback.Context {
			name = s.Ctx
		} else if i != m.Callback.Repository {
			name = s.Name("tx" + strconv.Itoa(i))
		}
		params[i] = jen.Id(name).Add(g.Typ(sig.Params().At(i).Type()))
	}
	return jen.Func().Params(params...).Error().Add(printing.Inline(jen.Return(jen.Id(f).Call(ctx, jen.Id(tx)))))
}
