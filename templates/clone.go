package templates

import (
	"fmt"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// cloneFunc copies a value and the memory that it reaches:
//
//	func cloneUser(u User) User {
//		u.Tags = slices.Clone(u.Tags)
//		return u
//	}
func (f *file) cloneFunc(repo *plan.Repository, fn *plan.CloneFunc) *jen.Statement {
	b := f.newBody()
	param := b.local(initial(fn.Type))
	if fn.Finite {
		b.add(b.convert("MustEnd").Call(jen.Id(param)))
	}
	switch {
	case fn.Whole != nil:
		b.add(jen.Return(b.expr(fn.Whole, jen.Id(param))))
	case fn.Items != nil:
		i := b.local("i")
		item := jen.Id(param).Index(jen.Id(i))
		b.add(
			jen.For(jen.Id(i).Op(":=").Range().Id(param)).Block(jen.Add(item).Op("=").Add(b.expr(fn.Items, item))),
			jen.Return(jen.Id(param)),
		)
	case fn.Made != nil:
		b.rebuild(fn.Made, param)
	default:
		for _, field := range fn.Fields {
			b.cloneField(field, param)
		}
		b.add(jen.Return(jen.Id(param)))
	}
	doc := fmt.Sprintf("%s copies %s with all the memory that it reaches.", fn.Ref.Name, withArticle(typeText(repo, fn.Type)))
	return commented(wrap(doc, commentWidth),
		f.declare(fn.Ref).Params(jen.Id(param).Add(f.typ(fn.Type))).Add(f.typ(fn.Type)).Block(b.statements...))
}

// cloneField copies one field, read and written by its accessors where it has some: u.SetTags(slices.Clone(u.Tags())).
func (b *body) cloneField(field plan.FieldClone, param string) {
	if field.Set == nil {
		selected := jen.Id(param).Dot(field.Name)
		b.add(jen.Add(selected).Op("=").Add(b.expr(field.Conv, selected)))
		return
	}
	call := jen.Id(param).Dot(field.Set.Name).Call(b.expr(field.Conv, jen.Id(param).Dot(field.Getter).Call()))
	if field.Set.Returns {
		call = jen.Id(param).Op("=").Add(call)
	}
	b.add(call)
}

// rebuild copies a struct by its constructor. One that it refuses to make again is copied as it is:
//
//	order, err := domain.NewOrder(o.ID(), slices.Clone(o.Lines()))
//	if err != nil {
//		return o
//	}
//	return order
func (b *body) rebuild(made *plan.Rebuilt, param string) {
	b.fail = func(jen.Code, string) jen.Code { return jen.Return(jen.Id(param)) }
	whole := b.assemble(made.Assembly, func(i int) jen.Code { return b.closure(made.Parts[i], jen.Id(param)) })
	b.add(jen.Return(whole))
}
