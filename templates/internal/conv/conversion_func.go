package conv

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// overFunc makes a function over the store's types of one over the repository's, or the other way round:
//
//	func(r *pgstore.UserRow) (*pgstore.UserRow, error) {
//		user, err := userFromOld(*r)
//		if err != nil {
//			return nil, err
//		}
//		changed, err := f(user)
//		if err != nil {
//			return nil, err
//		}
//		return userToOld(changed), nil
//	}
func (b *Body) overFunc(c plan.Func, x jen.Code) *jen.Statement {
	sig := c.To.Underlying().(*types.Signature)
	inner := &Body{File: b.File, Scope: &printing.Scope{Taken: b.Scope.Taken.Clone(), Ctx: b.Ctx, Err: b.Err}}
	inner.Fail = func(err jen.Code, _ string) jen.Code { return jen.Return(inner.failing(c, err)...) }
	names, params := inner.funcParams(sig)
	args := make([]jen.Code, len(names))
	for i, name := range names {
		args[i] = inner.Value(c.Args[i].Conv, jen.Id(name), Initial(c.Args[i].To), "")
		if c.Back[i] != nil && !plan.Fallible(c.Args[i].Conv) {
			local := inner.Local(localWord(c.Back[i].From))
			inner.Add(jen.Id(local).Op(":=").Add(args[i]))
			args[i] = jen.Id(local)
		}
	}
	if c.Variadic {
		args[len(args)-1] = jen.Add(args[len(args)-1]).Op("...")
	}
	inner.callFunc(c, jen.Add(x).Call(args...), args, names)
	return jen.Func().Params(params...).Add(b.resultTypes(sig)).Add(block(inner.Statements))
}

// funcParams names the parameters of a function literal; a context has the name of the one around it.
func (b *Body) funcParams(sig *types.Signature) (names []string, params []jen.Code) {
	for i := range sig.Params().Len() {
		v := sig.Params().At(i)
		name := b.Ctx
		if !printing.IsContext(v.Type()) {
			name = b.Local(Initial(v.Type()))
		}
		names = append(names, name)
		params = append(params, jen.Id(name).Add(b.ParamType(v.Type(), sig.Variadic() && i == sig.Params().Len()-1)))
	}
	return names, params
}

// resultTypes are the results of a function literal.
func (b *Body) resultTypes(sig *types.Signature) jen.Code {
	var list []jen.Code
	for v := range sig.Results().Variables() {
		list = append(list, b.Typ(v.Type()))
	}
	switch len(list) {
	case 0:
		return jen.Null()
	case 1:
		return list[0]
	}
	return jen.Params(list...)
}

// failing are the results of a function literal that fails.
func (b *Body) failing(c plan.Func, err jen.Code) []jen.Code {
	var list []jen.Code
	for _, result := range c.Results {
		list = append(list, b.Zero(result.To))
	}
	return append(list, err)
}

// callFunc calls the function and returns what becomes of its results.
func (b *Body) callFunc(c plan.Func, call jen.Code, args []jen.Code, names []string) {
	changes := false
	for _, back := range c.Back {
		changes = changes || back != nil
	}
	plain := !changes
	for _, result := range c.Results {
		_, same := result.Conv.(plan.Same)
		plain = plain && same
	}
	switch {
	case plain && (c.Error || len(c.Results) > 0):
		b.Add(jen.Return(call))
		return
	case len(c.Results) == 0 && c.Error:
		b.Add(jen.If(jen.Id(b.Err).Op(":=").Add(call), jen.Id(b.Err).Op("!=").Nil()).Block(b.Fail(jen.Id(b.Err), "")))
	case len(c.Results) == 0:
		b.Add(call)
	}
	results := b.takeResults(c, call)
	for i, back := range c.Back {
		if back != nil {
			b.giveBack(*back, args[i], names[i])
		}
	}
	for i, result := range c.Results {
		results[i] = b.Value(result.Conv, results[i], "converted", "")
	}
	if c.Error {
		results = append(results, jen.Nil())
	}
	if len(results) > 0 {
		b.Add(jen.Return(results...))
	}
}

// takeResults declares locals for the results of a call.
func (b *Body) takeResults(c plan.Func, call jen.Code) []jen.Code {
	if len(c.Results) == 0 {
		return nil
	}
	var results, declared []jen.Code
	for _, result := range c.Results {
		local := jen.Id(b.Local(localWord(result.From)))
		results, declared = append(results, local), append(declared, local)
	}
	if !c.Error {
		b.Add(jen.List(declared...).Op(":=").Add(call))
		return results
	}
	b.Add(
		jen.List(append(declared, jen.Id(b.Err))...).Op(":=").Add(call),
		jen.If(jen.Id(b.Err).Op("!=").Nil()).Block(b.Fail(jen.Id(b.Err), "")),
	)
	return results
}

// giveBack copies what a function changed behind its pointer:
//
//	if user != nil {
//		*r = userToOld(*user)
//	}
func (b *Body) giveBack(back plan.Step, arg jen.Code, name string) {
	before := b.Statements
	b.Statements = nil
	value := b.Value(back.Conv, Deref(back.Conv, arg), "back", "")
	b.Add(jen.Op("*").Id(name).Op("=").Add(value))
	inside := b.Statements
	b.Statements = append(before, jen.If(jen.Add(arg).Op("!=").Nil()).Block(inside...))
}

// localWord is a name for a value of a type: user for a User or a *User, result for one without a name.
func localWord(t types.Type) string {
	if pointer, ok := types.Unalias(t).(*types.Pointer); ok {
		t = pointer.Elem()
	}
	if named, ok := types.Unalias(t).(*types.Named); ok {
		return localName(named.Obj().Name())
	}
	return "result"
}
