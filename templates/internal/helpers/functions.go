// Package helpers writes the functions that a plan names: conversions, copies, comparisons and keys.
package helpers

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/conv"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// Functions writes the generated helpers: conversions, comparators, clones, key codecs.
func Functions(f *printing.File, repo *plan.Repository) {
	for _, fn := range repo.Functions {
		f.Put(helper(f, repo, fn))
	}
}

func helper(f *printing.File, repo *plan.Repository, fn plan.Function) *jen.Statement {
	switch fn := fn.(type) {
	case *plan.StructFunc:
		return structFunc(f, repo, fn)
	case *plan.OptionFunc:
		return optionFunc(f, repo, fn)
	case *plan.EnumFunc:
		return enumFunc(f, repo, fn)
	case *plan.DiffFunc:
		return diffFunc(f, repo, fn)
	case *plan.CloneFunc:
		return cloneFunc(f, repo, fn)
	case *plan.KeyFunc:
		return keyFunc(f, repo, fn)
	case *plan.ParseKeyFunc:
		return parseKeyFunc(f, repo, fn)
	default:
		panic("templates: a function of no kind")
	}
}

// converter declares a function from one type to another:
//
//	// userFromOld makes a User of a pgstore.UserRow.
//	func userFromOld(u pgstore.UserRow) (User, error) {
func converter(f *printing.File, repo *plan.Repository, ref *plan.FuncRef, from, to types.Type, param string, statements []jen.Code) *jen.Statement {
	return printing.Commented(converterDoc(repo, ref, from, to), unary(f, ref, from, to, param, statements))
}

// converterDoc says what a converter makes of what.
func converterDoc(repo *plan.Repository, ref *plan.FuncRef, from, to types.Type) []string {
	doc := fmt.Sprintf("%s makes %s of %s.", ref.Name, printing.WithArticle(printing.TypeText(repo, to)), printing.WithArticle(printing.TypeText(repo, from)))
	return printing.Wrap(doc, printing.CommentWidth)
}

// unary declares a function of one value, beside a context.
func unary(f *printing.File, ref *plan.FuncRef, from, to types.Type, param string, statements []jen.Code) *jen.Statement {
	var params []jen.Code
	if ref.Context {
		params = append(params, jen.Id("ctx").Add(f.Std("context", "Context")))
	}
	params = append(params, jen.Id(param).Add(f.Typ(from)))
	result := f.Typ(to)
	if ref.Fallible {
		result = jen.Params(result, jen.Error())
	}
	return f.Declare(ref).Params(params...).Add(result).Block(statements...)
}

// converterBody starts the body of a converter.
func converterBody(f *printing.File, repo *plan.Repository, ref *plan.FuncRef, from, to types.Type) (*conv.Body, string) {
	b := conv.NewBody(f)
	param := b.Local(conv.Initial(from))
	b.Fail = func(err jen.Code, where string) jen.Code {
		if where != "" {
			err = f.Convert("At").Call(jen.Lit(where), err)
		}
		return jen.Return(f.Zero(to), err)
	}
	return b, param
}

// structFunc makes one struct of another:
//
//	func userFromOld(u pgstore.UserRow) (User, error) {
//		age, err := convert.Int[int32](u.Age)
//		if err != nil {
//			return User{}, convert.At("Age", err)
//		}
//		return User{
//			Name: u.FullName,
//			Age:  age,
//		}, nil
//	}
func structFunc(f *printing.File, repo *plan.Repository, fn *plan.StructFunc) *jen.Statement {
	b, param := converterBody(f, repo, fn.Ref, fn.From, fn.To)
	var result jen.Code
	switch {
	case fn.Whole:
		result = ConversionOf(f, fn.To, jen.Id(param))
	case fn.Assembly != nil:
		result = b.Assemble(fn.Assembly, func(i int) jen.Code {
			if fn.Fields[i].Conv == nil {
				return f.Zero(fn.Fields[i].Type)
			}
			return b.Field(fn.Fields[i], param)
		})
	default:
		result = printing.Literal(f.Typ(fn.To), b.Fields(fn.Fields, param)...)
	}
	if fn.Ref.Fallible {
		b.Add(jen.Return(result, jen.Nil()))
	} else {
		b.Add(jen.Return(result))
	}
	doc := converterDoc(repo, fn.Ref, fn.From, fn.To)
	if notes := fieldNotes(fn.Fields); len(notes) > 0 {
		doc = append(append(doc, ""), notes...)
	}
	return printing.Commented(doc, unary(f, fn.Ref, fn.From, fn.To, param, b.Statements))
}

// fieldNotes say what the fields of a struct may lose or refuse on their way, a line for each.
func fieldNotes(fields []plan.FieldConv) []string {
	var lines []string
	for _, field := range fields {
		if notes := plan.Notes(field.Conv); len(notes) > 0 {
			slices.Sort(notes)
			lines = append(lines, fmt.Sprintf("\t%s: %s", field.Path, strings.Join(slices.Compact(notes), "; ")))
		}
		lines = append(lines, fieldNotes(field.Nested)...)
	}
	return lines
}

// ConversionOf is T(x).
func ConversionOf(f *printing.File, t types.Type, x jen.Code) *jen.Statement {
	if _, ok := types.Unalias(t).(*types.Named); ok {
		return f.Typ(t).Call(x)
	}
	return jen.Parens(f.Typ(t)).Call(x)
}

// enumFunc converts constant by constant:
//
//	switch s {
//	case pgstore.SectionMain:
//		return Main, nil
//	}
//	return "", convert.Unknown(s)
//
// or, from a plain value:
//
//	switch y := Section(s); y {
//	case Main, Contrib:
//		return y, nil
//	}
//	return "", convert.Unknown(s)
func enumFunc(f *printing.File, repo *plan.Repository, fn *plan.EnumFunc) *jen.Statement {
	b, param := converterBody(f, repo, fn.Ref, fn.From, fn.To)
	if len(fn.Members) > 0 {
		b.Add(membership(f, fn, param, b.Local("y")))
	} else {
		var cases []jen.Code
		for _, pair := range fn.Pairs {
			cases = append(cases, jen.Case(f.In(pair.From.Pkg(), pair.From.Name())).
				Block(jen.Return(f.In(pair.To.Pkg(), pair.To.Name()), jen.Nil())))
		}
		b.Add(jen.Switch(jen.Id(param)).Block(cases...))
	}
	b.Add(jen.Return(f.Zero(fn.To), f.Convert("Unknown").Call(jen.Id(param))))
	if types.Identical(fn.From, fn.To) {
		doc := fmt.Sprintf("%s returns %s that is one of its constants.", fn.Ref.Name, printing.WithArticle(printing.TypeText(repo, fn.To)))
		return printing.Commented(printing.Wrap(doc, printing.CommentWidth), unary(f, fn.Ref, fn.From, fn.To, param, b.Statements))
	}
	return converter(f, repo, fn.Ref, fn.From, fn.To, param, b.Statements)
}

// membership returns y if it is one of an enum's constants; of a value that has the enum's type, the value itself.
func membership(f *printing.File, fn *plan.EnumFunc, param, y string) *jen.Statement {
	var members []jen.Code
	for _, c := range fn.Members {
		members = append(members, f.In(c.Pkg(), c.Name()))
	}
	if types.Identical(fn.From, fn.To) {
		return jen.Switch(jen.Id(param)).Block(jen.Case(members...).Block(jen.Return(jen.Id(param), jen.Nil())))
	}
	return jen.Switch(jen.Id(y).Op(":=").Add(ConversionOf(f, fn.To, jen.Id(param))), jen.Id(y)).
		Block(jen.Case(members...).Block(jen.Return(jen.Id(y), jen.Nil())))
}
