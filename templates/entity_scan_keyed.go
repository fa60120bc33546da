package templates

import (
	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// scanMap takes everything as one page, of values beside their keys:
//
//	all, err := store.All(ctx)
//	var page []storeEntry
//	for key, value := range all {
//		page = append(page, storeEntry{key, value})
//	}
//	return page, "", err
func (c *copier) scanMap(call *plan.ScanCall) []jen.Code {
	value := jen.Id(c.got)
	if call.Pointer {
		value = jen.Op("*").Add(value)
	}
	keep := []jen.Code{jen.Id(c.page).Op("=").Append(jen.Id(c.page), c.entry(value))}
	if call.Pointer {
		keep = []jen.Code{jen.If(jen.Id(c.got).Op("!=").Nil()).Block(keep...)}
	}
	return []jen.Code{
		jen.List(jen.Id(c.all), jen.Id(c.names.err)).Op(":=").Add(c.call(&call.EntityCall)),
		jen.Var().Id(c.page).Index().Add(c.typ(c.entity.Type)),
		jen.For(jen.List(jen.Id(c.parts[0]), jen.Id(c.got)).Op(":=").Range().Id(c.all)).Block(keep...),
		jen.Return(jen.Id(c.page), jen.Lit(""), jen.Id(c.names.err)),
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
func (c *copier) scanKeys(call *plan.ScanCall) []jen.Code {
	get, err := c.names.name("get"), c.names.err
	failed := func() jen.Code {
		return jen.If(jen.Id(err).Op("!=").Nil()).Block(jen.Return(jen.Nil(), jen.Lit(""), jen.Id(err)))
	}
	key := c.ref(c.entity.KeyFunc).Call(append(c.codecs(c.entity.KeyFunc), jen.Id(c.parts[0]))...)
	ctx := jen.Id(c.names.ctx)
	return []jen.Code{
		jen.List(jen.Id(c.all), jen.Id(err)).Op(":=").Add(c.call(&call.EntityCall)),
		failed(),
		jen.Id(get).Op(":=").Add(c.get()),
		jen.Var().Id(c.page).Index().Add(c.typ(c.entity.Type)),
		jen.For(jen.List(jen.Id("_"), jen.Id(c.parts[0])).Op(":=").Range().Id(c.all)).Block(
			jen.List(jen.Id(c.variable), jen.Id(c.found), jen.Id(err)).Op(":=").Id(get).Call(ctx, jen.Id(c.names.store), key),
			failed(),
			jen.If(jen.Id(c.found)).Block(jen.Id(c.page).Op("=").Append(jen.Id(c.page), jen.Id(c.variable))),
		),
		jen.Return(jen.Id(c.page), jen.Lit(""), jen.Nil()),
	}
}
