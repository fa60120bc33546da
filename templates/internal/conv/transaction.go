package conv

import (
	"go/types"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// overStore makes a function over the store of one over the repository:
//
//	func(tx *pgstore.Users) error { return f(oldUsers{tx}) }
func (b *Body) overStore(c plan.OverStore, x jen.Code) *jen.Statement {
	sig := c.To.Underlying().(*types.Signature)
	names := make([]string, sig.Params().Len())
	params := make([]jen.Code, sig.Params().Len())
	for i := range names {
		t := sig.Params().At(i).Type()
		switch {
		case printing.IsContext(t) && slices.Contains(c.Params, i):
			names[i] = b.Ctx
		case printing.IsContext(t):
			names[i] = "_"
		default:
			names[i] = b.Scope.Name("tx")
		}
		params[i] = jen.Id(names[i]).Add(b.Typ(t))
	}
	args := make([]jen.Code, len(c.Params))
	for i, param := range c.Params {
		switch {
		case param < 0:
			args[i] = jen.Id(b.Ctx)
		case i == c.Repository && c.Shim != nil:
			args[i] = printing.Brief(printing.Instance(c.Shim.Name, c.TypeParams), jen.Id(names[param]))
		default:
			args[i] = jen.Id(names[param])
		}
	}
	return jen.Func().Params(params...).Error().Add(block([]jen.Code{jen.Return(jen.Add(x).Call(args...))}))
}
