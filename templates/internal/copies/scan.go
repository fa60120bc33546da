package copies

import (
	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/copier"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// scan lists the entities of one store page by page, in one of the forms that listing methods have.
func scan(c *copier.Copier) *jen.Statement {
	call := c.Entity.Scan
	if call == nil {
		return nil
	}
	return listing(c, call)
}

// scanSince lists what one store was given since a time: as scan does, by a method that takes the time first.
func scanSince(c *copier.Copier) *jen.Statement {
	if c.Entity.Since == nil {
		return nil
	}
	own := *c
	own.Since = c.Names.Name("since")
	return listing(&own, c.Entity.Since)
}

// listing is the function that lists by one of the forms.
func listing(c *copier.Copier, call *plan.ScanCall) *jen.Statement {
	forms := map[plan.ScanForm]func(*copier.Copier, *plan.ScanCall) []jen.Code{
		plan.ScanAfterKey: scanAfterKey,
		plan.ScanCursor:   scanCursor,
		plan.ScanAll:      scanAll,
		plan.ScanSeq:      scanSeq,
		plan.ScanEach:     scanEach,
		plan.ScanMap:      scanMap,
		plan.ScanKeys:     scanKeys,
	}
	cursor, limit := c.Cursor, c.Limit
	if call.Form != plan.ScanAfterKey && call.Form != plan.ScanCursor {
		cursor, limit = "_", "_" // one page holds everything
	}
	params := c.Head(copier.TakesContext(&call.EntityCall) || call.Form == plan.ScanKeys)
	if c.Since != "" {
		params = append(params, jen.Id(c.Since).Add(c.Std("time", "Time")))
	}
	params = append(params, jen.Id(cursor).String(), jen.Id(limit).Int())
	return jen.Func().Params(params...).
		Params(jen.Index().Add(c.Typ(c.Entity.Type)), jen.String(), jen.Error()).
		Block(forms[call.Form](c, call)...)
}

// listed calls a listing, with the time first where it takes one.
func listed(c *copier.Copier, call *plan.ScanCall, args ...jen.Code) *jen.Statement {
	if c.Since != "" {
		args = append([]jen.Code{jen.Id(c.Since)}, args...)
	}
	return c.Call(&call.EntityCall, args...)
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
func scanAfterKey(c *copier.Copier, call *plan.ScanCall) []jen.Code {
	var body []jen.Code
	for i, part := range c.Entity.Key {
		body = append(body, jen.Var().Id(c.Parts[i]).Add(c.Typ(part.Type)))
	}
	key := printing.Brief(c.Dual("Key"), jen.Id("Kind").Op(":").Lit(c.Entity.Name), jen.Id("ID").Op(":").Id(c.Cursor))
	err := c.Names.Err
	body = append(body,
		jen.If(jen.Id(c.Cursor).Op("!=").Lit("")).Block(
			jen.Var().Id(err).Error(),
			jen.If(
				jen.List(append(copier.Ids(c.Parts), jen.Id(err))...).Op("=").Add(c.Parsed(key)),
				jen.Id(err).Op("!=").Nil(),
			).Block(jen.Return(jen.Nil(), jen.Lit(""), jen.Id(err))),
		),
		jen.List(jen.Id(c.Page), jen.Id(err)).Op(":=").Add(c.Call(&call.EntityCall, append(copier.Ids(c.Parts), jen.Id(c.Limit))...)),
		jen.If(jen.Id(err).Op("!=").Nil().Op("||").Len(jen.Id(c.Page)).Op("==").Lit(0)).
			Block(jen.Return(jen.Nil(), jen.Lit(""), jen.Id(err))),
		jen.Id(c.Last).Op(":=").Id(c.Page).Index(jen.Len(jen.Id(c.Page)).Op("-").Lit(1)),
		jen.Return(values(c, call, c.Page), c.Key(c.Last).Dot("ID"), jen.Nil()),
	)
	return body
}

// scanCursor pages by the store's own cursor: return store.List(ctx, cursor, limit).
func scanCursor(c *copier.Copier, call *plan.ScanCall) []jen.Code {
	invoke := listed(c, call, jen.Id(c.Cursor), jen.Id(c.Limit))
	if !call.Pointer {
		return []jen.Code{jen.Return(invoke)}
	}
	return []jen.Code{
		jen.List(jen.Id(c.Page), jen.Id(c.Next), jen.Id(c.Names.Err)).Op(":=").Add(invoke),
		jen.Return(values(c, call, c.Page), jen.Id(c.Next), jen.Id(c.Names.Err)),
	}
}

// scanAll takes everything as one page:
//
//	all, err := store.All(ctx)
//	return all, "", err
func scanAll(c *copier.Copier, call *plan.ScanCall) []jen.Code {
	err := jen.Nil()
	results := []jen.Code{jen.Id(c.All)}
	if call.Method == nil || call.Method.Error >= 0 {
		err = jen.Id(c.Names.Err)
		results = append(results, jen.Id(c.Names.Err))
	}
	return []jen.Code{
		jen.List(results...).Op(":=").Add(listed(c, call)),
		jen.Return(values(c, call, c.All), jen.Lit(""), err),
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
func scanSeq(c *copier.Copier, call *plan.ScanCall) []jen.Code {
	err := c.Names.Err
	loop := jen.For(jen.List(jen.Id(c.Variable), jen.Id(err)).Op(":=").Range().Add(listed(c, call))).Block(
		jen.If(jen.Id(err).Op("!=").Nil()).Block(jen.Return(jen.Nil(), jen.Lit(""), jen.Id(err))),
		jen.Id(c.All).Op("=").Append(jen.Id(c.All), value(c, call)),
	)
	return []jen.Code{
		jen.Var().Id(c.All).Index().Add(c.Typ(c.Entity.Type)),
		loop,
		jen.Return(jen.Id(c.All), jen.Lit(""), jen.Nil()),
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
func scanEach(c *copier.Copier, call *plan.ScanCall) []jen.Code {
	elem := c.Typ(c.Entity.Type)
	if call.Pointer {
		elem = jen.Op("*").Add(elem)
	}
	collect := jen.Func().Params(jen.Id(c.Variable).Add(elem)).Error().Block(
		jen.Id(c.All).Op("=").Append(jen.Id(c.All), value(c, call)),
		jen.Return(jen.Nil()),
	)
	return []jen.Code{
		jen.Var().Id(c.All).Index().Add(c.Typ(c.Entity.Type)),
		jen.Id(c.Names.Err).Op(":=").Add(listed(c, call, collect)),
		jen.Return(jen.Id(c.All), jen.Lit(""), jen.Id(c.Names.Err)),
	}
}

// value is the listed entity, without its pointer.
func value(c *copier.Copier, call *plan.ScanCall) *jen.Statement {
	if call.Pointer {
		return jen.Op("*").Id(c.Variable)
	}
	return jen.Id(c.Variable)
}

// values is a page of entities, without their pointers.
func values(c *copier.Copier, call *plan.ScanCall, page string) *jen.Statement {
	if call.Pointer {
		return c.Convert("Slice").Call(jen.Id(page), c.Convert("ValueOrZero"))
	}
	return jen.Id(page)
}
