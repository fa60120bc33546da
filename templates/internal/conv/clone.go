package conv

import (
	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
)

// CloneField copies one field, read and written by its accessors where it has some: u.SetTags(slices.Clone(u.Tags())).
func (b *Body) CloneField(field plan.FieldClone, param string) {
	if field.Set == nil {
		selected := jen.Id(param).Dot(field.Name)
		b.Add(jen.Add(selected).Op("=").Add(b.Expr(field.Conv, selected)))
		return
	}
	call := jen.Id(param).Dot(field.Set.Name).Call(b.Expr(field.Conv, jen.Id(param).Dot(field.Getter).Call()))
	if field.Set.Returns {
		call = jen.Id(param).Op("=").Add(call)
	}
	b.Add(call)
}

// Rebuild copies a struct by its constructor. One that it refuses to make again is copied as it is:
//
//	order, err := domain.NewOrder(o.ID(), slices.Clone(o.Lines()))
//	if err != nil {
//		return o
//	}
//	return order
func (b *Body) Rebuild(made *plan.Rebuilt, param string) {
	b.Fail = func(jen.Code, string) jen.Code { return jen.Return(jen.Id(param)) }
	whole := b.Assemble(made.Assembly, func(i int) jen.Code { return b.Closure(made.Parts[i], jen.Id(param)) })
	b.Add(jen.Return(whole))
}
