package templates

import (
	"go/types"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// overStore makes a function over the store of one over the repository:
//
//	func(tx *pgstore.Users) error { return f(oldUsers{tx}) }
func (b *body) overStore(c plan.OverStore, x jen.Code) *jen.Statement {
	sig := c.To.Underlying().(*types.Signature)
	names := make([]string, sig.Params().Len())
	params := make([]jen.Code, sig.Params().Len())
	for i := range names {
		t := sig.Params().At(i).Type()
		switch {
		case isContext(t) && slices.Contains(c.Params, i):
			names[i] = b.ctx
		case isContext(t):
			names[i] = "_"
		default:
			names[i] = b.scope.name("tx")
		}
		params[i] = jen.Id(names[i]).Add(b.typ(t))
	}
	args := make([]jen.Code, len(c.Params))
	for i, param := range c.Params {
		switch {
		case param < 0:
			args[i] = jen.Id(b.ctx)
		case i == c.Repository && c.Shim != nil:
			args[i] = brief(instance(c.Shim.Name, c.TypeParams), jen.Id(names[param]))
		default:
			args[i] = jen.Id(names[param])
		}
	}
	return jen.Func().Params(params...).Error().Add(block([]jen.Code{jen.Return(jen.Add(x).Call(args...))}))
}

// isContext reports whether a type is context.Context.
func isContext(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == "Context" && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "context"
}
