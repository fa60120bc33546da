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
	update, _ := c.puts()
	return c.putBy(update)
}

// create writes an entity that is not there, where that is another method.
func (c *copier) create() *jen.Statement {
	_, create := c.puts()
	return c.putBy(create)
}

// putMany writes many entities by one call:
//
//	func(ctx context.Context, store Users, users []User) error {
//		return store.SaveAll(ctx, users)
//	}
//
// A method that takes pointers is given those of the list's elements.
func (c *copier) putMany() *jen.Statement {
	call := c.entity.PutMany
	if call == nil {
		return nil
	}
	list := jen.Code(jen.Id(c.all))
	if call.Pointer {
		list = c.convert("Pointers").Call(jen.Id(c.all))
	}
	var args []jen.Code
	if call.Method == nil {
		args = []jen.Code{list}
	} else {
		for i, p := range call.Method.Params {
			slice, ok := p.Type.Underlying().(*types.Slice)
			if i == call.Method.Context || !ok || !c.isEntity(slice.Elem()) {
				continue
			}
			arg := jen.Add(list)
			if p.Variadic {
				arg.Op("...")
			}
			args = append(args, arg)
		}
	}
	parameter := jen.Id(c.all).Index().Add(c.typ(c.entity.Type))
	return jen.Func().Params(append(c.head(takesContext(call)), parameter)...).Error().Add(inline(c.run(call, args)...))
}

// puts are the method that stores an entity over another one, and the one that stores one where there is none; nil where the
// first does both.
func (c *copier) puts() (update, create *plan.EntityCall) {
	update, create = c.entity.Put, c.entity.PutElse
	if create != nil && missing(update.Method) == nil && missing(create.Method) != nil {
		return create, update // it says that there is nothing to update
	}
	return update, create
}

// putBy is the function that stores an entity by one method.
func (c *copier) putBy(call *plan.EntityCall) *jen.Statement {
	if call == nil {
		return nil
	}
	return jen.Func().Params(append(c.head(takesContext(call)), c.parameter())...).Error().Add(inline(c.keep(call)...))
}

// keep stores an entity. Where the store may make the key, it must be the one that the entity has:
//
//	made, err := store.Create(ctx, user)
//	if err != nil {
//		return err
//	}
//	return dual.SameKey(userKey(user.ID), userKey(made.ID))
func (c *copier) keep(call *plan.EntityCall) []jen.Code {
	m := call.Method
	if m == nil || m.Key.Form != plan.KeyResult && m.Key.Form != plan.KeyOut {
		return c.run(call, c.putArguments(call))
	}
	made, had := jen.Id(c.variable), c.key(c.variable)
	var body []jen.Code
	var results []jen.Code
	for range m.Results {
		results = append(results, jen.Id("_"))
	}
	if m.Key.Form == plan.KeyOut {
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
		invoke = jen.List(results...).Op(":=").Add(invoke)
	}
	body = append(body, invoke)
	if m.Error >= 0 {
		body = append(body, jen.If(jen.Id(c.names.err).Op("!=").Nil()).Block(jen.Return(jen.Id(c.names.err))))
	}
	key := c.keyOf(c.entity.KeyFunc, m.Key.Parts, func(plan.KeyPart) *jen.Statement { return made.Clone() })
	return append(body, jen.Return(c.dual("SameKey").Call(had, key)))
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
