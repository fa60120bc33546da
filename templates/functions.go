package templates

import (
	"fmt"
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// functions writes the generated helpers: conversions, comparators, clones, key codecs.
func functions(f *file, repo *plan.Repository) {
	for _, fn := range repo.Functions {
		f.add(f.helper(repo, fn))
	}
}

func (f *file) helper(repo *plan.Repository, fn plan.Function) *jen.Statement {
	switch fn := fn.(type) {
	case *plan.StructFunc:
		return f.structFunc(repo, fn)
	case *plan.OptionFunc:
		return f.optionFunc(repo, fn)
	case *plan.EnumFunc:
		return f.enumFunc(repo, fn)
	case *plan.DiffFunc:
		return f.diffFunc(repo, fn)
	case *plan.CloneFunc:
		return f.cloneFunc(repo, fn)
	case *plan.KeyFunc:
		return f.keyFunc(repo, fn)
	case *plan.ParseKeyFunc:
		return f.parseKeyFunc(repo, fn)
	default:
		panic("templates: a function of no kind")
	}
}

// converter declares a function from one type to another:
//
//	// userFromOld makes a User of a pgstore.UserRow.
//	func userFromOld(u pgstore.UserRow) (User, error) {
func (f *file) converter(repo *plan.Repository, ref *plan.FuncRef, from, to types.Type, param string, statements []jen.Code) *jen.Statement {
	var params []jen.Code
	if ref.Context {
		params = append(params, jen.Id("ctx").Add(f.std("context", "Context")))
	}
	params = append(params, jen.Id(param).Add(f.typ(from)))
	result := f.typ(to)
	if ref.Fallible {
		result = jen.Params(result, jen.Error())
	}
	doc := fmt.Sprintf("%s makes %s of %s.", ref.Name, withArticle(typeText(repo, to)), withArticle(typeText(repo, from)))
	return commented(wrap(doc, commentWidth),
		f.declare(ref).Params(params...).Add(result).Block(statements...))
}

// withArticle puts the indefinite article before a type's name.
func withArticle(name string) string {
	if c := name[0] | 0x20; c < 'a' || c > 'z' {
		return "a " + name
	}
	return article(name) + " " + name
}

// converterBody starts the body of a converter.
func (f *file) converterBody(repo *plan.Repository, ref *plan.FuncRef, from, to types.Type) (*body, string) {
	b := f.newBody()
	param := b.local(initial(from))
	b.fail = func(err jen.Code, where string) jen.Code {
		if where != "" {
			err = f.convert("At").Call(jen.Lit(where), err)
		}
		return jen.Return(f.zero(to), err)
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
func (f *file) structFunc(repo *plan.Repository, fn *plan.StructFunc) *jen.Statement {
	b, param := f.converterBody(repo, fn.Ref, fn.From, fn.To)
	var result jen.Code
	switch {
	case fn.Whole:
		result = f.conversionOf(fn.To, jen.Id(param))
	case fn.Assembly != nil:
		result = b.assemble(fn.Assembly, func(i int) jen.Code {
			if fn.Fields[i].Conv == nil {
				return f.zero(fn.Fields[i].Type)
			}
			return b.field(fn.Fields[i], param)
		})
	default:
		result = literal(f.typ(fn.To), b.fields(fn.Fields, param)...)
	}
	if fn.Ref.Fallible {
		b.add(jen.Return(result, jen.Nil()))
	} else {
		b.add(jen.Return(result))
	}
	return f.converter(repo, fn.Ref, fn.From, fn.To, param, b.statements)
}

// conversionOf is T(x).
func (f *file) conversionOf(t types.Type, x jen.Code) *jen.Statement {
	if _, ok := types.Unalias(t).(*types.Named); ok {
		return f.typ(t).Call(x)
	}
	return jen.Parens(f.typ(t)).Call(x)
}

// fields writes the entries of a struct's literal, and before it what can fail in them.
func (b *body) fields(fields []plan.FieldConv, param string) []entry {
	entries := make([]entry, 0, len(fields))
	for _, field := range fields {
		if field.Nested != nil {
			nested := literal(b.typ(field.Type), b.fields(field.Nested, param)...)
			entries = append(entries, entry{field.Name, nested})
			continue
		}
		entries = append(entries, entry{field.Name, b.field(field, param)})
	}
	return entries
}

// field writes what becomes a field.
func (b *body) field(field plan.FieldConv, param string) jen.Code {
	source := jen.Id(param)
	for _, name := range field.Source {
		source.Dot(name)
	}
	return b.value(field.Conv, source, localName(field.Name), field.Path)
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
func (f *file) enumFunc(repo *plan.Repository, fn *plan.EnumFunc) *jen.Statement {
	b, param := f.converterBody(repo, fn.Ref, fn.From, fn.To)
	if len(fn.Members) > 0 {
		b.add(f.membership(fn, param, b.local("y")))
	} else {
		var cases []jen.Code
		for _, pair := range fn.Pairs {
			cases = append(cases, jen.Case(f.in(pair.From.Pkg(), pair.From.Name())).
				Block(jen.Return(f.in(pair.To.Pkg(), pair.To.Name()), jen.Nil())))
		}
		b.add(jen.Switch(jen.Id(param)).Block(cases...))
	}
	b.add(jen.Return(f.zero(fn.To), f.convert("Unknown").Call(jen.Id(param))))
	return f.converter(repo, fn.Ref, fn.From, fn.To, param, b.statements)
}

// membership returns y if it is one of an enum's constants.
func (f *file) membership(fn *plan.EnumFunc, param, y string) *jen.Statement {
	var members []jen.Code
	for _, c := range fn.Members {
		members = append(members, f.in(c.Pkg(), c.Name()))
	}
	return jen.Switch(jen.Id(y).Op(":=").Add(f.conversionOf(fn.To, jen.Id(param))), jen.Id(y)).
		Block(jen.Case(members...).Block(jen.Return(jen.Id(y), jen.Nil())))
}
