package copies

import (
	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/conv"
	"github.com/dualgen/dualgen/templates/internal/copier"
)

// scanMap takes everything as one page, of values beside their keys:
//
//	all, err := store.All(ctx)
//	var page []storeEntry
//	for key, value := range all {
//		page = append(page, storeEntry{key, value})
//	}
//	return page, "", err
func scanMap(c *copier.Copier, call *plan.ScanCall) []jen.Code {
	value := jen.Id(c.Got)
	if call.Pointer {
		value = jen.Op("*").Add(value)
	}
	keep := []jen.Code{jen.Id(c.Page).Op("=").Append(jen.Id(c.Page), c.Entry(value))}
	if call.Pointer {
		keep = []jen.Code{jen.If(jen.Id(c.Got).Op("!=").Nil()).Block(keep...)}
	}
	return []jen.Code{
		jen.List(jen.Id(c.All), jen.Id(c.Names.Err)).Op(":=").Add(c.Call(&call.EntityCall)),
		jen.Var().Id(c.Page).Index().Add(c.Typ(c.Entity.Type)),
		jen.For(jen.List(jen.Id(c.Parts[0]), jen.Id(c.Got)).Op(":=").Range().Id(c.All)).Block(keep...),
		jen.Return(jen.Id(c.Page), jen.Lit(""), jen.Id(c.Names.Err)),
	}
}

// scanKeys reads everything key by key. What is gone by then is left out:
//
//	all, err := store.Keys(ctx)
//	if err != nil {
//		return nil, "", err
//	}
//	get := func(…) { … }
//	var page []storeEntry
//	for _, key := range all {
//		entry, found, err := get(ctx, store, storeEntryKey(key))
//		if err != nil {
//			return nil, "", err
//		}
//		if found {
//			page = append(page, entry)
//		}
//	}
//	return page, "", nil
func scanKeys(c *copier.Copier, call *plan.ScanCall) []jen.Code {
	get, err := c.Names.Name("get"), c.Names.Err
	failed := func() jen.Code {
		return jen.If(jen.Id(err).Op("!=").Nil()).Block(jen.Return(jen.Nil(), jen.Lit(""), jen.Id(err)))
	}
	key := c.Ref(c.Entity.KeyFunc).Call(append(conv.Codecs(c.File, c.Entity.KeyFunc), jen.Id(c.Parts[0]))...)
	ctx := jen.Id(c.Names.Ctx)
	return []jen.Code{
		jen.List(jen.Id(c.All), jen.Id(err)).Op(":=").Add(c.Call(&call.EntityCall)),
		failed(),
		jen.Id(get).Op(":=").Add(getFunc(c)),
		jen.Var().Id(c.Page).Index().Add(c.Typ(c.Entity.Type)),
		jen.For(jen.List(jen.Id("_"), jen.Id(c.Parts[0])).Op(":=").Range().Id(c.All)).Block(
			jen.List(jen.Id(c.Variable), jen.Id(c.Found), jen.Id(err)).Op(":=").Id(get).Call(ctx, jen.Id(c.Names.Store), key),
			failed(),
			jen.If(jen.Id(c.Found)).Block(jen.Id(c.Page).Op("=").Append(jen.Id(c.Page), jen.Id(c.Variable))),
		),
		jen.Return(jen.Id(c.Page), jen.Lit(""), jen.Nil()),
	}
}
