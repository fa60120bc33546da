package conv

import (
	"github.com/dave/jennifer/jen"
)

// KeyTexts splits a key's text if it has several parts, and says where each part's text is.
func (b *Body) KeyTexts(key string, n int) func(i int) jen.Code {
	id := jen.Id(key).Dot("ID")
	if n <= 1 {
		return func(int) jen.Code { return id }
	}
	parts := b.Local("parts")
	b.Add(
		jen.List(jen.Id(parts), jen.Id(b.Err)).Op(":=").Add(b.Convert("SplitKey")).Call(id, jen.Lit(n)),
		jen.If(jen.Id(b.Err).Op("!=").Nil()).Block(b.Fail(jen.Id(b.Err), "")),
	)
	return func(i int) jen.Code { return jen.Id(parts).Index(jen.Lit(i)) }
}
