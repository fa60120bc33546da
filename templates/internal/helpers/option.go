package helpers

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/conv"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// optionFunc converts between the ways to say that a value is missing:
//
//	func stringPointerFromNullString(n sql.NullString) *string {
//		if !n.Valid {
//			return nil
//		}
//		return &n.String
//	}
func optionFunc(f *printing.File, repo *plan.Repository, fn *plan.OptionFunc) *jen.Statement {
	b, param := converterBody(f, repo, fn.Ref, fn.From, fn.To)
	x := jen.Id(param)
	if missing := missing(f, fn, param); missing != nil {
		b.Add(jen.If(missing).Block(returnMissing(f, fn)))
	}
	if fn.In.Infinity != "" && fn.Out.Infinity == "" {
		b.Add(jen.If(jen.Id(param).Dot(fn.In.Infinity).Op("!=").Lit(0)).Block(b.Fail(f.Convert("ErrInfinite"), "")))
	}
	switch {
	case fn.In.Form == plan.OptionPointer:
		x = conv.Deref(fn.Elem, jen.Id(param))
	case fn.In.Value != "":
		x = jen.Id(param).Dot(fn.In.Value)
	}
	if fn.Out.Form == plan.OptionValue {
		b.Returns(fn.Elem, x, fn.Ref.Fallible)
	} else {
		b.Add(b.ReturnOption(fn, param, b.Value(fn.Elem, x, "value", "")))
	}
	return converter(f, repo, fn.Ref, fn.From, fn.To, param, b.Statements)
}

// missing is the condition under which there is no value; nil if there always is one.
func missing(f *printing.File, fn *plan.OptionFunc, param string) *jen.Statement {
	switch fn.In.Form {
	case plan.OptionPointer:
		return jen.Id(param).Op("==").Nil()
	case plan.OptionStruct:
		return jen.Op("!").Id(param).Dot(fn.In.Valid)
	}
	if !fn.Zero {
		return nil
	}
	if fn.Value != nil {
		return jen.Id(param).Op("==").Add(valueOf(f, fn.Value))
	}
	if named, ok := types.Unalias(fn.From).(*types.Named); ok && named.Obj().Name() == "Time" && named.Obj().Pkg().Path() == "time" {
		return jen.Id(param).Dot("IsZero").Call() // == also compares the location
	}
	zero := f.Zero(fn.From)
	if _, ok := fn.From.Underlying().(*types.Basic); !ok {
		zero = jen.Parens(zero)
	}
	return jen.Id(param).Op("==").Add(zero)
}

// valueOf is a constant by its name, or a literal.
func valueOf(f *printing.File, v *plan.Value) jen.Code {
	if v.Const != nil {
		return f.In(v.Const.Pkg(), v.Const.Name())
	}
	return jen.Id(v.Text)
}

// returnMissing returns what a missing value becomes.
func returnMissing(f *printing.File, fn *plan.OptionFunc) *jen.Statement {
	results := []jen.Code{f.Zero(fn.To)}
	if fn.Value != nil && fn.Out.Form == plan.OptionValue {
		results[0] = valueOf(f, fn.Value)
	}
	switch {
	case fn.Out.Form == plan.OptionValue && fn.Null == plan.NullError:
		results = append(results, f.Convert("ErrNull"))
	case fn.Ref.Fallible:
		results = append(results, jen.Nil())
	}
	return jen.Return(results...)
}
