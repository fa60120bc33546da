package copies

import (
	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/copier"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// delete removes one entity; finding nothing is success:
//
//	func(ctx context.Context, store Users, key dual.Key) error {
//		id, err := parseUserKey(key)
//		if err != nil {
//			return err
//		}
//		err = store.Delete(ctx, id)
//		if errors.Is(err, ErrNotFound) {
//			return nil
//		}
//		return err
//	}
func delete(c *copier.Copier) *jen.Statement {
	call := c.Entity.Delete
	if call == nil {
		return nil
	}
	body := c.Parse()
	var entity jen.Code
	if call.Method != nil && takesEntity(c, call.Method) {
		entity = withKey(c, call.Pointer)
	}
	args := c.Arguments(call, entity, copier.Ids(c.Parts))
	if sentinel := printing.Missing(call.Method); sentinel != nil && call.Method.Error >= 0 {
		body = append(body, assignAgain(c, len(c.Parts) > 0, call, args)...)
		body = append(body,
			jen.If(c.Std("errors", "Is").Call(jen.Id(c.Names.Err), c.Ref(sentinel))).Block(jen.Return(jen.Nil())),
			jen.Return(jen.Id(c.Names.Err)))
	} else {
		body = append(body, runAgain(c, len(c.Parts) > 0, call, args)...)
	}
	return jen.Func().Params(append(c.Head(copier.TakesContext(call)), c.KeyParameter())...).Error().Block(body...)
}

// takesEntity reports whether a method has an entity among its parameters.
func takesEntity(c *copier.Copier, m *plan.Method) bool {
	for i, p := range m.Params {
		if i != m.Context && c.IsEntity(p.Type) {
			return true
		}
	}
	return false
}

// withKey makes an entity with nothing but its key: User{ID: id}.
func withKey(c *copier.Copier, pointer bool) *jen.Statement {
	var fields []jen.Code
	for i, part := range c.Entity.Key {
		value := jen.Id(c.Parts[i])
		if part.Deref {
			value = jen.Op("&").Add(value)
		}
		fields = append(fields, jen.Id(part.Path[0].Name).Op(":").Add(value))
	}
	entity := printing.Brief(c.Typ(c.Entity.Type), fields...)
	if pointer {
		return jen.Op("&").Add(entity)
	}
	return entity
}

// run calls a method for its error: return store.Save(ctx, user). What else it returns is dropped.
func run(c *copier.Copier, call *plan.EntityCall, args []jen.Code) []jen.Code {
	return runAgain(c, false, call, args)
}

// runAgain is run where err may be there already.
func runAgain(c *copier.Copier, declared bool, call *plan.EntityCall, args []jen.Code) []jen.Code {
	invoke := c.Call(call, args...)
	switch {
	case call.Method == nil || call.Method.Error == 0:
		return []jen.Code{jen.Return(invoke)}
	case call.Method.Error < 0:
		return []jen.Code{invoke, jen.Return(jen.Nil())}
	default:
		return append(assignAgain(c, declared, call, args), jen.Return(jen.Id(c.Names.Err)))
	}
}

// assignAgain calls a method and keeps its error, which may be there already: _, err := store.Save(ctx, user).
func assignAgain(c *copier.Copier, declared bool, call *plan.EntityCall, args []jen.Code) []jen.Code {
	var results []jen.Code
	for i := range call.Method.Results {
		name := "_"
		if i == call.Method.Error {
			name = c.Names.Err
		}
		results = append(results, jen.Id(name))
	}
	op := ":="
	if declared {
		op = "="
	}
	return []jen.Code{jen.List(results...).Op(op).Add(c.Call(call, args...))}
}
