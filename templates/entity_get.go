package templates

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// get reads one entity:
//
//	func(ctx context.Context, store Users, key dual.Key) (User, bool, error) {
//		id, err := parseUserKey(key)
//		if err != nil {
//			return User{}, false, err
//		}
//		user, err := store.Get(ctx, id)
//		if errors.Is(err, ErrNotFound) {
//			return User{}, false, nil
//		}
//		return user, err == nil, err
//	}
func (c *copier) get() *jen.Statement {
	call := c.entity.Get
	if call == nil {
		return nil
	}
	zero := c.zero(c.entity.Type)
	body := c.parse(zero, jen.False())
	body = append(body, c.fetch(call, ids(c.parts))...)
	return jen.Func().Params(append(c.head(takesContext(call)), c.keyParameter())...).
		Params(c.typ(c.entity.Type), jen.Bool(), jen.Error()).Block(body...)
}

// absence is how a read says that there is no such entity.
type absence struct {
	sentinel *plan.FuncRef // by this error
	byNil    bool          // by a nil entity
	hasFound bool          // by a bool beside the entity
	hasError bool          // the method returns an error
	pointer  bool          // the entity comes as a pointer
}

// absenceOf tells from a method's results and its translation of "absent" how it says so.
func (c *copier) absenceOf(call *plan.EntityCall) absence {
	a := absence{pointer: call.Pointer, hasError: true, hasFound: call.Method == nil}
	m := call.Method
	if m == nil {
		return a
	}
	a.hasError = m.Error >= 0
	if nf := m.Calls[0].NotFound; nf != nil {
		a.sentinel = nf.Caller
		a.byNil = nf.CallerNil
	}
	for i, r := range m.Results {
		if basic, ok := r.Type.Underlying().(*types.Basic); ok && i != m.Error && basic.Kind() == types.Bool {
			a.hasFound = true
		}
	}
	return a
}

// fetch calls the read and gives its answer as (entity, found, error).
func (c *copier) fetch(call *plan.EntityCall, parts []jen.Code) []jen.Code {
	a := c.absenceOf(call)
	results := []jen.Code{jen.Id(c.got)}
	if a.hasFound {
		results = append(results, jen.Id(c.found))
	}
	if a.hasError {
		results = append(results, jen.Id(c.names.err))
	}
	invoke := c.call(call, c.arguments(call, nil, parts)...)
	if a.hasFound && a.hasError && !a.pointer && a.sentinel == nil && c.entity.Entry == nil {
		return []jen.Code{jen.Return(invoke)}
	}
	body := []jen.Code{jen.List(results...).Op(":=").Add(invoke)}
	return append(body, c.absent(a)...)
}

// absent ends a read: first the ways to say that there is nothing, then the entity.
func (c *copier) absent(a absence) []jen.Code {
	err, found := jen.Nil(), jen.True()
	if a.hasError {
		err, found = jen.Id(c.names.err), jen.Id(c.names.err).Op("==").Nil()
	}
	if a.hasFound {
		found = jen.Id(c.found)
	}
	nothing := func(condition *jen.Statement, err jen.Code) jen.Code {
		return jen.If(condition).Block(jen.Return(c.zero(c.entity.Type), jen.False(), err))
	}
	var body []jen.Code
	if a.sentinel != nil {
		body = append(body, nothing(c.std("errors", "Is").Call(jen.Id(c.names.err), c.ref(a.sentinel)), jen.Nil()))
	}
	value := jen.Id(c.got)
	if a.pointer {
		condition := jen.Id(c.got).Op("==").Nil()
		if a.hasError {
			condition = jen.Id(c.names.err).Op("!=").Nil().Op("||").Add(condition)
		}
		body = append(body, nothing(condition, err))
		value = c.entry(jen.Op("*").Add(value))
		if a.hasFound {
			return append(body, jen.Return(value, found, jen.Nil()))
		}
		return append(body, jen.Return(value, jen.True(), jen.Nil()))
	}
	if a.byNil {
		found = jen.Id(c.got).Op("!=").Nil()
	}
	return append(body, jen.Return(c.entry(value), found, err))
}
