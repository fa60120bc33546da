package copies

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/copier"
)

// getFunc reads one entity:
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
func getFunc(c *copier.Copier) *jen.Statement {
	call := c.Entity.Get
	if call == nil {
		return nil
	}
	zero := c.Zero(c.Entity.Type)
	body := c.Parse(zero, jen.False())
	body = append(body, fetch(c, call, copier.Ids(c.Parts))...)
	return jen.Func().Params(append(c.Head(copier.TakesContext(call)), c.KeyParameter())...).
		Params(c.Typ(c.Entity.Type), jen.Bool(), jen.Error()).Block(body...)
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
func absenceOf(c *copier.Copier, call *plan.EntityCall) absence {
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
func fetch(c *copier.Copier, call *plan.EntityCall, parts []jen.Code) []jen.Code {
	a := absenceOf(c, call)
	results := []jen.Code{jen.Id(c.Got)}
	if a.hasFound {
		results = append(results, jen.Id(c.Found))
	}
	if a.hasError {
		results = append(results, jen.Id(c.Names.Err))
	}
	invoke := c.Call(call, c.Arguments(call, nil, parts)...)
	if a.hasFound && a.hasError && !a.pointer && a.sentinel == nil && c.Entity.Entry == nil {
		return []jen.Code{jen.Return(invoke)}
	}
	body := []jen.Code{jen.List(results...).Op(":=").Add(invoke)}
	return append(body, absent(c, a)...)
}

// absent ends a read: first the ways to say that there is nothing, then the entity.
func absent(c *copier.Copier, a absence) []jen.Code {
	err, found := jen.Nil(), jen.True()
	if a.hasError {
		err, found = jen.Id(c.Names.Err), jen.Id(c.Names.Err).Op("==").Nil()
	}
	if a.hasFound {
		found = jen.Id(c.Found)
	}
	nothing := func(condition *jen.Statement, err jen.Code) jen.Code {
		return jen.If(condition).Block(jen.Return(c.Zero(c.Entity.Type), jen.False(), err))
	}
	var body []jen.Code
	if a.sentinel != nil {
		body = append(body, nothing(c.Std("errors", "Is").Call(jen.Id(c.Names.Err), c.Ref(a.sentinel)), jen.Nil()))
	}
	value := jen.Id(c.Got)
	if a.pointer {
		condition := jen.Id(c.Got).Op("==").Nil()
		if a.hasError {
			condition = jen.Id(c.Names.Err).Op("!=").Nil().Op("||").Add(condition)
		}
		body = append(body, nothing(condition, err))
		value = c.Entry(jen.Op("*").Add(value))
		if a.hasFound {
			return append(body, jen.Return(value, found, jen.Nil()))
		}
		return append(body, jen.Return(value, jen.True(), jen.Nil()))
	}
	if a.byNil {
		found = jen.Id(c.Got).Op("!=").Nil()
	}
	return append(body, jen.Return(c.Entry(value), found, err))
}
