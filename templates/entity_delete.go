package templates

import (
	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
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
func (c *copier) delete() *jen.Statement {
	call := c.entity.Delete
	if call == nil {
		return nil
	}
	body := c.parse()
	var entity jen.Code
	if call.Method != nil && c.takesEntity(call.Method) {
		entity = c.withKey(call.Pointer)
	}
	args := c.arguments(call, entity, ids(c.parts))
	if sentinel := missing(call.Method); sentinel != nil && call.Method.Error >= 0 {
		body = append(body, c.assignAgain(len(c.parts) > 0, call, args)...)
		body = append(body,
			jen.If(c.std("errors", "Is").Call(jen.Id(c.names.err), c.ref(sentinel))).Block(jen.Return(jen.Nil())),
			jen.Return(jen.Id(c.names.err)))
	} else {
		body = append(body, c.runAgain(len(c.parts) > 0, call, args)...)
	}
	return jen.Func().Params(append(c.head(takesContext(call)), c.keyParameter())...).Error().Block(body...)
}

// takesEntity reports whether a method has an entity among its parameters.
func (c *copier) takesEntity(m *plan.Method) bool {
	for i, p := range m.Params {
		if i != m.Context && c.isEntity(p.Type) {
			return true
		}
	}
	return false
}

// withKey makes an entity with nothing but its key: User{ID: id}.
func (c *copier) withKey(pointer bool) *jen.Statement {
	var fields []jen.Code
	for i, part := range c.entity.Key {
		value := jen.Id(c.parts[i])
		if part.Deref {
			value = jen.Op("&").Add(value)
		}
		fields = append(fields, jen.Id(part.Path[0].Name).Op(":").Add(value))
	}
	entity := brief(c.typ(c.entity.Type), fields...)
	if pointer {
		return jen.Op("&").Add(entity)
	}
	return entity
}

// run calls a method for its error: return store.Save(ctx, user). What else it returns is dropped.
func (c *copier) run(call *plan.EntityCall, args []jen.Code) []jen.Code {
	return c.runAgain(false, call, args)
}

// runAgain is run where err may be there already.
func (c *copier) runAgain(declared bool, call *plan.EntityCall, args []jen.Code) []jen.Code {
	invoke := c.call(call, args...)
	switch {
	case call.Method == nil || call.Method.Error == 0:
		return []jen.Code{jen.Return(invoke)}
	case call.Method.Error < 0:
		return []jen.Code{invoke, jen.Return(jen.Nil())}
	default:
		return append(c.assignAgain(declared, call, args), jen.Return(jen.Id(c.names.err)))
	}
}

// assignAgain calls a method and keeps its error, which may be there already: _, err := store.Save(ctx, user).
func (c *copier) assignAgain(declared bool, call *plan.EntityCall, args []jen.Code) []jen.Code {
	var results []jen.Code
	for i := range call.Method.Results {
		name := "_"
		if i == call.Method.Error {
			name = c.names.err
		}
		results = append(results, jen.Id(name))
	}
	op := ":="
	if declared {
		op = "="
	}
	return []jen.Code{jen.List(results...).Op(op).Add(c.call(call, args...))}
}
