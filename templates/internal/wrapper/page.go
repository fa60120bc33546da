package wrapper

import (
	"go/types"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/bundles"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// pagingType is the type of a method's dual.Paging.
func pagingType(f *printing.File, repo *plan.Repository, m *plan.Method) *jen.Statement {
	return f.Dual("Paging").Types(bundles.BundleType(f, repo, m.Args), bundles.BundleType(f, repo, m.Values), f.Typ(m.Params[m.Paging.Param].Type), f.Typ(madeType(m)))
}

// madeType is the type of the cursor that a method makes.
func madeType(m *plan.Method) types.Type {
	if m.Paging.Field != nil {
		return m.Paging.Field.Type()
	}
	return m.Results[m.Paging.Result].Type
}

// paging tells the runtime where a method's cursors are:
//
//	dual.Paging[usersListArgs, usersListValues, string, string]{
//		Given: func(args *usersListArgs) *string { return &args.token },
//		Made:  func(values *usersListValues) *string { return &values.next },
//	}
func paging(f *printing.File, repo *plan.Repository, m *plan.Method) *jen.Statement {
	given := jen.Func().Params(jen.Id("args").Op("*").Add(bundles.BundleType(f, repo, m.Args))).Op("*").Add(f.Typ(m.Params[m.Paging.Param].Type)).
		Add(printing.Inline(jen.Return(within(m.Args, m.Paging.Param, "args"))))
	made := jen.Func().Params(jen.Id("values").Op("*").Add(bundles.BundleType(f, repo, m.Values))).Op("*").Add(f.Typ(madeType(m))).
		Add(printing.Inline(made(f, m)...))
	return printing.Literal(pagingType(f, repo, m), printing.Entry{Name: "Given", Value: given}, printing.Entry{Name: "Made", Value: made})
}

// within is a pointer to one value of the bundle that a variable points to: &args.token, or args itself.
func within(b plan.Bundle, index int, variable string) *jen.Statement {
	if b.Name == "" {
		return jen.Id(variable)
	}
	return jen.Op("&").Id(variable).Dot(b.Fields[slices.Index(b.Index, index)])
}

// made returns a pointer to the cursor among the results: &values.next. A struct behind a pointer is the store's: a copy of it
// takes its place.
//
//	page := values
//	if *page == nil {
//		return nil
//	}
//	own := **page
//	*page = &own
//	return &own.Next
func made(f *printing.File, m *plan.Method) []jen.Code {
	result := within(m.Values, m.Paging.Result, "values")
	if m.Paging.Field == nil {
		return []jen.Code{jen.Return(result)}
	}
	name := m.Paging.Field.Name()
	if _, pointer := m.Results[m.Paging.Result].Type.Underlying().(*types.Pointer); !pointer {
		if m.Values.Name == "" {
			return []jen.Code{jen.Return(jen.Op("&").Id("values").Dot(name))}
		}
		return []jen.Code{jen.Return(result.Dot(name))}
	}
	return []jen.Code{
		jen.Id("page").Op(":=").Add(result),
		jen.If(jen.Op("*").Id("page").Op("==").Nil()).Block(jen.Return(jen.Nil())),
		jen.Id("own").Op(":=").Op("**").Id("page"),
		jen.Op("*").Id("page").Op("=").Op("&").Id("own"),
		jen.Return(jen.Op("&").Id("own").Dot(name)),
	}
}
