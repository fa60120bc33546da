package wrapper

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/bundles"
	"github.com/dualgen/dualgen/templates/internal/keyed"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// IteratorOf is the iterator that a method returns as its only result: iter.Seq or iter.Seq2, instantiated. Else nil.
func IteratorOf(m *plan.Method) *types.Named {
	if m.Kind != plan.Read || len(m.Results) != 1 {
		return nil
	}
	named, ok := types.Unalias(m.Results[0].Type).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != "iter" {
		return nil
	}
	return named
}

// YieldsError reports whether an iterator's second value is an error.
func YieldsError(iterator *types.Named) bool {
	args := iterator.TypeArgs()
	return args.Len() == 2 && types.Identical(args.At(1), types.Universe.Lookup("error").Type())
}

// iterate returns an iterator whose call begins and ends with the iteration, so that no phase change overtakes it:
//
//	return func(yield func(User, error) bool) {
//		call, err := d.migration.Begin(d.all)
//		if err != nil {
//			yield(User{}, err)
//			return
//		}
//		defer call.End()
//		value, err := dual.Read(ctx, call, &d.stores, dual.Key{Kind: "User", Whole: true}, struct{}{}, nil,
//			func(ctx context.Context, store Users, _ struct{}) (iter.Seq2[User, error], error) {
//				return store.All(ctx), nil
//			})
//		if err != nil {
//			yield(User{}, err)
//			return
//		}
//		value(yield)
//	}
func iterate(f *printing.File, repo *plan.Repository, m *plan.Method, s *printing.Scope, iterator *types.Named) []jen.Code {
	yield := s.Name("yield")
	refuse := []jen.Code{jen.Panic(jen.Id(s.Err))}
	if YieldsError(iterator) {
		refuse = []jen.Code{jen.Id(yield).Call(f.Zero(iterator.TypeArgs().At(0)), jen.Id(s.Err)), jen.Return()}
	}
	refused := func() jen.Code { return jen.If(jen.Id(s.Err).Op("!=").Nil()).Block(refuse...) }
	read := f.Dual("Read").Call(
		background(f, m, s), jen.Id(s.Call), printing.Stores(repo), keyOfRead(f, m), bundles.Pack(repo, m.Args, argumentNames(m)), jen.Nil(),
		jen.Line().Add(do(f, repo, m, s)))
	body := append(beginCall(f, repo, m, s),
		refused(),
		jen.Defer().Id(s.Call).Dot("End").Call(),
		jen.List(jen.Id(s.Value), jen.Id(s.Err)).Op(":=").Add(read),
		refused(),
		jen.Id(s.Value).Call(jen.Id(yield)),
	)
	signature := iterator.Underlying().(*types.Signature)
	parameter := jen.Id(yield).Add(f.Typ(signature.Params().At(0).Type()))
	return []jen.Code{jen.Return(jen.Func().Params(parameter).Block(body...))}
}

// keyOfRead is a read's key: that of one entity, or the whole kind's.
func keyOfRead(f *printing.File, m *plan.Method) *jen.Statement {
	if m.Key.Form != plan.KeyOne {
		return keyed.WholeKind(f, m)
	}
	return keyed.KeyOf(f, m.Key.Func, m.Key.Parts, func(p plan.KeyPart) *jen.Statement { return jen.Id(m.Params[p.Param].Name) })
}
