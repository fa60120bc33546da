package templates

import (
	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// scan lists the entities of one store page by page, in one of the forms that listing methods have.
func (c *copier) scan() *jen.Statement {
	call := c.entity.Scan
	if call == nil {
		return nil
	}
	forms := map[plan.ScanForm]func(*plan.ScanCall) []jen.Code{
		plan.ScanAfterKey: c.scanAfterKey,
		plan.ScanCursor:   c.scanCursor,
		plan.ScanAll:      c.scanAll,
		plan.ScanSeq:      c.scanSeq,
		plan.ScanEach:     c.scanEach,
		plan.ScanMap:      c.scanMap,
		plan.ScanKeys:     c.scanKeys,
	}
	cursor, limit := c.cursor, c.limit
	if call.Form != plan.ScanAfterKey && call.Form != plan.ScanCursor {
		cursor, limit = "_", "_" // one page holds everything
	}
	uses := takesContext(&call.EntityCall) || call.Form == plan.ScanKeys
	params := append(c.head(uses), jen.Id(cursor).String(), jen.Id(limit).Int())
	return jen.Func().Params(params...).
		Params(jen.Index().Add(c.typ(c.entity.Type)), jen.String(), jen.Error()).
		Block(forms[call.Form](call)...)
}

// scanAfterKey pages by key; the cursor is the last key of the page before:
//
//	var id string
//	if cursor != "" {
//		var err error
//		if id, err = parseUserKey(dual.Key{Kind: "User", ID: cursor}); err != nil {
//			return nil, "", err
//		}
//	}
//	page, err := store.List(ctx, id, limit)
//	if err != nil || len(page) == 0 {
//		return nil, "", err
//	}
//	return page, userKey(page[len(page)-1].ID).ID, nil
func (c *copier) scanAfterKey(call *plan.ScanCall) []jen.Code {
	var body []jen.Code
	for i, part := range c.entity.Key {
		body = append(body, jen.Var().Id(c.parts[i]).Add(c.typ(part.Type)))
	}
	key := brief(c.dual("Key"), jen.Id("Kind").Op(":").Lit(c.entity.Name), jen.Id("ID").Op(":").Id("cursor"))
	err := c.names.err
	body = append(body,
		jen.If(jen.Id(c.cursor).Op("!=").Lit("")).Block(
			jen.Var().Id(err).Error(),
			jen.If(
				jen.List(append(ids(c.parts), jen.Id(err))...).Op("=").Add(c.parsed(key)),
				jen.Id(err).Op("!=").Nil(),
			).Block(jen.Return(jen.Nil(), jen.Lit(""), jen.Id(err))),
		),
		jen.List(jen.Id(c.page), jen.Id(err)).Op(":=").Add(c.call(&call.EntityCall, append(ids(c.parts), jen.Id(c.limit))...)),
		jen.If(jen.Id(err).Op("!=").Nil().Op("||").Len(jen.Id(c.page)).Op("==").Lit(0)).
			Block(jen.Return(jen.Nil(), jen.Lit(""), jen.Id(err))),
		jen.Id(c.last).Op(":=").Id("page").Index(jen.Len(jen.Id(c.page)).Op("-").Lit(1)),
		jen.Return(c.values(call, c.page), c.key(c.last).Dot("ID"), jen.Nil()),
	)
	return body
}

// scanCursor pages by the store's own cursor: return store.List(ctx, cursor, limit).
func (c *copier) scanCursor(call *plan.ScanCall) []jen.Code {
	invoke := c.call(&call.EntityCall, jen.Id(c.cursor), jen.Id(c.limit))
	if !call.Pointer {
		return []jen.Code{jen.Return(invoke)}
	}
	return []jen.Code{
		jen.List(jen.Id(c.page), jen.Id(c.next), jen.Id(c.names.err)).Op(":=").Add(invoke),
		jen.Return(c.values(call, c.page), jen.Id(c.next), jen.Id(c.names.err)),
	}
}

// scanAll takes everything as one page:
//
//	all, err := store.All(ctx)
//	return all, "", err
func (c *copier) scanAll(call *plan.ScanCall) []jen.Code {
	err := jen.Nil()
	results := []jen.Code{jen.Id(c.all)}
	if call.Method == nil || call.Method.Error >= 0 {
		err = jen.Id(c.names.err)
		results = append(results, jen.Id(c.names.err))
	}
	return []jen.Code{
		jen.List(results...).Op(":=").Add(c.call(&call.EntityCall)),
		jen.Return(c.values(call, c.all), jen.Lit(""), err),
	}
}

// scanSeq collects an iterator:
//
//	var all []User
//	for user, err := range store.All(ctx) {
//		if err != nil {
//			return nil, "", err
//		}
//		all = append(all, user)
//	}
//	return all, "", nil
func (c *copier) scanSeq(call *plan.ScanCall) []jen.Code {
	err := c.names.err
	loop := jen.For(jen.List(jen.Id(c.variable), jen.Id(err)).Op(":=").Range().Add(c.call(&call.EntityCall))).Block(
		jen.If(jen.Id(err).Op("!=").Nil()).Block(jen.Return(jen.Nil(), jen.Lit(""), jen.Id(err))),
		jen.Id(c.all).Op("=").Append(jen.Id(c.all), c.value(call)),
	)
	return []jen.Code{
		jen.Var().Id("all").Index().Add(c.typ(c.entity.Type)),
		loop,
		jen.Return(jen.Id(c.all), jen.Lit(""), jen.Nil()),
	}
}

// scanEach collects what a method hands to a function:
//
//	var all []User
//	err := store.Each(ctx, func(user User) error {
//		all = append(all, user)
//		return nil
//	})
//	return all, "", err
func (c *copier) scanEach(call *plan.ScanCall) []jen.Code {
	elem := c.typ(c.entity.Type)
	if call.Pointer {
		elem = jen.Op("*").Add(elem)
	}
	collect := jen.Func().Params(jen.Id(c.variable).Add(elem)).Error().Block(
		jen.Id(c.all).Op("=").Append(jen.Id(c.all), c.value(call)),
		jen.Return(jen.Nil()),
	)
	return []jen.Code{
		jen.Var().Id("all").Index().Add(c.typ(c.entity.Type)),
		jen.Id(c.names.err).Op(":=").Add(c.call(&call.EntityCall, collect)),
		jen.Return(jen.Id(c.all), jen.Lit(""), jen.Id(c.names.err)),
	}
}

// value is the listed entity, without its pointer.
func (c *copier) value(call *plan.ScanCall) *jen.Statement {
	if call.Pointer {
		return jen.Op("*").Id(c.variable)
	}
	return jen.Id(c.variable)
}

// values is a page of entities, without their pointers.
func (c *copier) values(call *plan.ScanCall, page string) *jen.Statement {
	if call.Pointer {
		return c.convert("Slice").Call(jen.Id(page), c.convert("ValueOrZero"))
	}
	return jen.Id(page)
}
