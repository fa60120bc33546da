package helpers

import (
	"fmt"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/conv"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// cloneFunc copies a value and the memory that it reaches:
//
//	func cloneUser(u User) User {
//		u.Tags = slices.Clone(u.Tags)
//		return u
//	}
func cloneFunc(f *printing.File, repo *plan.Repository, fn *plan.CloneFunc) *jen.Statement {
	b := conv.NewBody(f)
	param := b.Local(conv.Initial(fn.Type))
	if fn.Finite {
		b.Add(b.Convert("MustEnd").Call(jen.Id(param)))
	}
	switch {
	case fn.Whole != nil:
		b.Add(jen.Return(b.Expr(fn.Whole, jen.Id(param))))
	case fn.Items != nil:
		i := b.Local("i")
		item := jen.Id(param).Index(jen.Id(i))
		b.Add(
			jen.For(jen.Id(i).Op(":=").Range().Id(param)).Block(jen.Add(item).Op("=").Add(b.Expr(fn.Items, item))),
			jen.Return(jen.Id(param)),
		)
	case fn.Made != nil:
		b.Rebuild(fn.Made, param)
	default:
		for _, field := range fn.Fields {
			b.CloneField(field, param)
		}
		b.Add(jen.Return(jen.Id(param)))
	}
	doc := fmt.Sprintf("%s copies %s with all the memory that it reaches.", fn.Ref.Name, printing.WithArticle(printing.TypeText(repo, fn.Type)))
	return printing.Commented(printing.Wrap(doc, printing.CommentWidth),
		f.Declare(fn.Ref).Params(jen.Id(param).Add(f.Typ(fn.Type))).Add(f.Typ(fn.Type)).Block(b.Statements...))
}
