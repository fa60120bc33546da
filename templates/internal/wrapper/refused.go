package wrapper

import (
	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// addRefused tells the migration by which errors the stores refuse a write:
//
//	dual.AddRefused(migration, "example.com/shop.Users", func(err error) bool {
//		return errors.Is(err, ErrTaken) || pg.IsTooLong(err)
//	})
func addRefused(f *printing.File, repo *plan.Repository, migration string) *jen.Statement {
	return f.Dual("AddRefused").Call(jen.Id(migration), jen.Lit(repo.Interface.Pkg().Path()+"."+repo.Interface.Name()), isOneOf(f, repo.Refusals))
}

// isOneOf is a function that tells some errors from others:
//
//	func(err error) bool {
//		return errors.Is(err, ErrTaken) || pg.IsTooLong(err)
//	}
func isOneOf(f *printing.File, errors []plan.Refusal) *jen.Statement {
	const err = "err"
	var tells *jen.Statement
	for _, r := range errors {
		one := f.Std("errors", "Is").Call(jen.Id(err), f.Ref(r.Ref))
		if r.Test {
			one = f.Ref(r.Ref).Call(jen.Id(err))
		}
		if tells == nil {
			tells = one
		} else {
			tells = tells.Op("||").Add(one)
		}
	}
	return jen.Func().Params(jen.Id(err).Error()).Bool().Block(jen.Return(tells))
}
