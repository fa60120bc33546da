package templates

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// put writes one entity:
//
//	func(ctx context.Context, store Users, user User) error {
//		return store.Save(ctx, user)
//	}
func (c *copier) put() *jen.Statement {
	call := c.entity.Put
	if call == nil {
		return nil
	}
	var body []jen.Code
	switch {
	case c.entity.PutElse == nil:
		body = c.keep(false, call)
	case missing(call.Method) != nil:
		body = c.putOr(call, c.entity.PutElse)
	default:
		body = c.putOr(c.entity.PutElse, call)
	}
	uses := takesContext(call) || c.entity.PutElse != nil && takesContext(c.entity.PutElse)
	return jen.Func().Params(append(c.head(uses), c.parameter())...).Error().Add(inline(body...))
}

// putOr updates, and creates where there is nothing to update. An update that tells is enough; else a read tells:
//
//	err := store.Update(ctx, user)
//	if errors.Is(err, ErrNotFound) {
//		return store.Create(ctx, user)
//	}
//	return err
func (c *copier) putOr(update, create *plan.EntityCall) []jen.Code {
	if sentinel := missing(update.Method); sentinel != nil && update.Method.Error >= 0 {
		return append(c.assign(update, c.putArguments(update)),
			jen.If(c.std("errors", "Is").Call(jen.Id(c.names.err), c.ref(sentinel))).
				Block(c.keep(true, create)...),
			jen.Return(jen.Id(c.names.err)))
	}
	return c.putAfterRead(c.entity.Put, c.entity.PutElse)
}

// putAfterRead asks the store whether the entity is there before it updates or creates:
//
//	_, found, err := getUser(ctx, store, user.ID)
func (c *copier) putAfterRead(update, create *plan.EntityCall) []jen.Code {
	probe := *c
	probe.got = c.names.name("existing")
	get := c.names.name("get")
	return []jen.Code{
		jen.Id(get).Op(":=").Add(probe.get()),
		jen.List(jen.Id("_"), jen.Id(c.found), jen.Id(c.names.err)).Op(":=").
			Id("get").Call(jen.Id(c.names.ctx), jen.Id(c.names.store), c.key(c.variable)),
		jen.If(jen.Id(c.names.err).Op("!=").Nil()).Block(jen.Return(jen.Id(c.names.err))),
		jen.If(jen.Id(c.found)).Block(c.run(update, c.putArguments(update))...),
		jen.Add(lined(c.keep(true, create))),
	}
}

// keep stores an entity. Where the store may make the key, it must be the one that the entity has:
//
//	made, err := store.Create(ctx, user)
//	if err != nil {
//		return err
//	}
//	return dual.SameKey(userKey(user.ID), userKey(made.ID))
func (c *copier) keep(declared bool, call *plan.EntityCall) []jen.Code {
	m := call.Method
	if m == nil || m.Key.Form != plan.KeyResult && m.Key.Form != plan.KeyOut {
		return c.runAgain(declared, call, c.putArguments(call))
	}
	made, had := jen.Id(c.variable), c.key(c.variable)
	var body []jen.Code
	var results []jen.Code
	for range m.Results {
		results = append(results, jen.Id("_"))
	}
	op := ":="
	if m.Key.Form == plan.KeyOut {
		if declared {
			op = "="
		}
		body = append(body, jen.Id(c.keyName).Op(":=").Add(had))
		had = jen.Id(c.keyName)
	} else {
		made = jen.Id(c.names.name("made"))
		results[m.Key.Parts[0].Param] = made.Clone()
	}
	if m.Error >= 0 {
		results[m.Error] = jen.Id(c.names.err)
	}
	invoke := c.call(call, c.putArguments(call)...)
	if m.Key.Form == plan.KeyResult || m.Error >= 0 {
		invoke = jen.List(results...).Op(op).Add(invoke)
	}
	body = append(body, invoke)
	if m.Error >= 0 {
		body = append(body, jen.If(jen.Id(c.names.err).Op("!=").Nil()).Block(jen.Return(jen.Id(c.names.err))))
	}
	key := c.keyOf(c.entity.KeyFunc, m.Key.Parts, func(plan.KeyPart) *jen.Statement { return made.Clone() })
	return append(body, jen.Return(c.dual("SameKey").Call(had, key)))
}

// lined writes statements below each other.
func lined(statements []jen.Code) *jen.Statement {
	s := jen.Null()
	for i, statement := range statements {
		if i > 0 {
			s.Line()
		}
		s.Add(statement)
	}
	return s
}

// putArguments are the arguments of a method that stores an entity.
func (c *copier) putArguments(call *plan.EntityCall) []jen.Code {
	entity := c.stored()
	if call.Pointer {
		entity = jen.Op("&").Add(entity)
	}
	var parts []jen.Code
	for _, part := range c.entity.Key {
		parts = append(parts, partOf(jen.Id(c.variable), part))
	}
	if !call.Modify {
		return c.arguments(call, entity, parts)
	}
	return c.modifyArguments(call, entity, parts)
}

// modifyArguments are those of a method that takes a function from the old entity to the new one:
//
//	user.ID, func(User) (User, error) { return user, nil }
func (c *copier) modifyArguments(call *plan.EntityCall, entity jen.Code, parts []jen.Code) []jen.Code {
	var args []jen.Code
	for i, p := range call.Method.Params {
		if i == call.Method.Context {
			continue
		}
		sig, ok := p.Type.Underlying().(*types.Signature)
		if !ok {
			args = append(args, parts[0])
			parts = parts[1:]
			continue
		}
		args = append(args, c.modifier(sig, entity))
	}
	return args
}

// modifier is a function of the given signature that answers with the entity, or fills it in.
func (c *copier) modifier(sig *types.Signature, entity jen.Code) *jen.Statement {
	if sig.Results().Len() == 0 || !c.isEntity(sig.Results().At(0).Type()) { // func(*User) error
		param := c.names.name("stored")
		body := []jen.Code{jen.Op("*").Id(param).Op("=").Id(c.variable)}
		result := jen.Null()
		if sig.Results().Len() == 1 {
			body = append(body, jen.Return(jen.Nil()))
			result = jen.Error()
		}
		return jen.Func().Params(jen.Id(param).Add(c.typ(sig.Params().At(0).Type()))).Add(result).Block(body...)
	}
	answer := []jen.Code{entity}
	if sig.Results().Len() == 2 {
		answer = append(answer, jen.Nil())
	}
	return jen.Func().Add(c.signature(sig)).Block(jen.Return(answer...))
}
