package copies

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/copier"
	"github.com/dualgen/dualgen/templates/internal/keyed"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// put writes one entity:
//
//	func(ctx context.Context, store Users, user User) error {
//		return store.Save(ctx, user)
//	}
func put(c *copier.Copier) *jen.Statement {
	update, _ := puts(c)
	return putBy(c, update)
}

// create writes an entity that is not there, where that is another method.
func create(c *copier.Copier) *jen.Statement {
	_, create := puts(c)
	return putBy(c, create)
}

// putMany writes many entities by one call:
//
//	func(ctx context.Context, store Users, users []User) error {
//		return store.SaveAll(ctx, users)
//	}
//
// A method that takes pointers is given those of the list's elements.
func putMany(c *copier.Copier) *jen.Statement {
	call := c.Entity.PutMany
	if call == nil {
		return nil
	}
	list := jen.Code(jen.Id(c.All))
	if call.Pointer {
		list = c.Convert("Pointers").Call(jen.Id(c.All))
	}
	var args []jen.Code
	if call.Method == nil {
		args = []jen.Code{list}
	} else {
		for i, p := range call.Method.Params {
			slice, ok := p.Type.Underlying().(*types.Slice)
			if i == call.Method.Context || !ok || !c.IsEntity(slice.Elem()) {
				continue
			}
			arg := jen.Add(list)
			if p.Variadic {
				arg.Op("...")
			}
			args = append(args, arg)
		}
	}
	parameter := jen.Id(c.All).Index().Add(c.Typ(c.Entity.Type))
	return jen.Func().Params(append(c.Head(copier.TakesContext(call)), parameter)...).Error().Add(printing.Inline(run(c, call, args)...))
}

// puts are the method that stores an entity over another one, and the one that stores one where there is none; nil where the
// first does both.
func puts(c *copier.Copier) (update, create *plan.EntityCall) {
	update, create = c.Entity.Put, c.Entity.PutElse
	if create != nil && printing.Missing(update.Method) == nil && printing.Missing(create.Method) != nil {
		return create, update // it says that there is nothing to update
	}
	return update, create
}

// putBy is the function that stores an entity by one method.
func putBy(c *copier.Copier, call *plan.EntityCall) *jen.Statement {
	if call == nil {
		return nil
	}
	return jen.Func().Params(append(c.Head(copier.TakesContext(call)), c.Parameter())...).Error().Add(printing.Inline(keep(c, call)...))
}

// keep stores an entity. Where the store may make the key, it must be the one that the entity has:
//
//	made, err := store.Create(ctx, user)
//	if err != nil {
//		return err
//	}
//	return dual.SameKey(userKey(user.ID), userKey(made.ID))
func keep(c *copier.Copier, call *plan.EntityCall) []jen.Code {
	m := call.Method
	if m == nil || m.Key.Form != plan.KeyResult && m.Key.Form != plan.KeyOut {
		return run(c, call, putArguments(c, call))
	}
	made, had := jen.Id(c.Variable), c.Key(c.Variable)
	var body []jen.Code
	var results []jen.Code
	for range m.Results {
		results = append(results, jen.Id("_"))
	}
	if m.Key.Form == plan.KeyOut {
		body = append(body, jen.Id(c.KeyName).Op(":=").Add(had))
		had = jen.Id(c.KeyName)
	} else {
		made = jen.Id(c.Names.Name("made"))
		results[m.Key.Parts[0].Param] = made.Clone()
	}
	if m.Error >= 0 {
		results[m.Error] = jen.Id(c.Names.Err)
	}
	invoke := c.Call(call, putArguments(c, call)...)
	if m.Key.Form == plan.KeyResult || m.Error >= 0 {
		invoke = jen.List(results...).Op(":=").Add(invoke)
	}
	body = append(body, invoke)
	if m.Error >= 0 {
		body = append(body, jen.If(jen.Id(c.Names.Err).Op("!=").Nil()).Block(jen.Return(jen.Id(c.Names.Err))))
	}
	key := keyed.KeyOf(c.File, c.Entity.KeyFunc, m.Key.Parts, func(plan.KeyPart) *jen.Statement { return made.Clone() })
	return append(body, jen.Return(c.Dual("SameKey").Call(had, key)))
}

// putArguments are the arguments of a method that stores an entity.
func putArguments(c *copier.Copier, call *plan.EntityCall) []jen.Code {
	entity := c.Stored()
	if call.Pointer {
		entity = jen.Op("&").Add(entity)
	}
	var parts []jen.Code
	for _, part := range c.Entity.Key {
		parts = append(parts, keyed.PartOf(jen.Id(c.Variable), part))
	}
	if !call.Modify {
		return c.Arguments(call, entity, parts)
	}
	return modifyArguments(c, call, entity, parts)
}

// modifyArguments are those of a method that takes a function from the old entity to the new one:
//
//	user.ID, func(User) (User, error) { return user, nil }
func modifyArguments(c *copier.Copier, call *plan.EntityCall, entity jen.Code, parts []jen.Code) []jen.Code {
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
		args = append(args, modifier(c, sig, entity))
	}
	return args
}

// modifier is a function of the given signature that answers with the entity, or fills it in.
func modifier(c *copier.Copier, sig *types.Signature, entity jen.Code) *jen.Statement {
	if sig.Results().Len() == 0 || !c.IsEntity(sig.Results().At(0).Type()) { // func(*User) error
		param := c.Names.Name("stored")
		body := []jen.Code{jen.Op("*").Id(param).Op("=").Id(c.Variable)}
		result := jen.Null()
		if sig.Results().Len() == 1 {
			body = append(body, jen.Return(jen.Nil()))
			result = jen.Error()
		}
		return jen.Func().Params(jen.Id(param).Add(c.Typ(sig.Params().At(0).Type()))).Add(result).Block(body...)
	}
	answer := []jen.Code{entity}
	if sig.Results().Len() == 2 {
		answer = append(answer, jen.Nil())
	}
	return jen.Func().Add(c.Signature(sig)).Block(jen.Return(answer...))
}
