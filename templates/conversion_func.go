package templates

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
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
func (b *body) overFunc(c plan.Func, x jen.Code) *jen.Statement {
	sig := c.To.Underlying().(*types.Signature)
	inner := &body{file: b.file, scope: &scope{taken: b.scope.taken.clone(), ctx: b.ctx, err: b.err}}
	inner.fail = func(err jen.Code, _ string) jen.Code { return jen.Return(inner.failing(c, err)...) }
	names, params := inner.funcParams(sig)
	args := make([]jen.Code, len(names))
	for i, name := range names {
		args[i] = inner.value(c.Args[i].Conv, jen.Id(name), initial(c.Args[i].To), "")
		if c.Back[i] != nil && !plan.Fallible(c.Args[i].Conv) {
			local := inner.local(localWord(c.Back[i].From))
			inner.add(jen.Id(local).Op(":=").Add(args[i]))
			args[i] = jen.Id(local)
		}
	}
	if c.Variadic {
		args[len(args)-1] = jen.Add(args[len(args)-1]).Op("...")
	}
	inner.callFunc(c, jen.Add(x).Call(args...), args, names)
	return jen.Func().Params(params...).Add(b.resultTypes(sig)).Add(block(inner.statements))
}

// funcParams names the parameters of a function literal; a context has the name of the one around it.
func (b *body) funcParams(sig *types.Signature) (names []string, params []jen.Code) {
	for i := range sig.Params().Len() {
		v := sig.Params().At(i)
		name := b.ctx
		if !isContext(v.Type()) {
			name = b.local(initial(v.Type()))
		}
		names = append(names, name)
		params = append(params, jen.Id(name).Add(b.paramType(v.Type(), sig.Variadic() && i == sig.Params().Len()-1)))
	}
	return names, params
}

// resultTypes are the results of a function literal.
func (b *body) resultTypes(sig *types.Signature) jen.Code {
	var list []jen.Code
	for v := range sig.Results().Variables() {
		list = append(list, b.typ(v.Type()))
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
func (b *body) failing(c plan.Func, err jen.Code) []jen.Code {
	var list []jen.Code
	for _, result := range c.Results {
		list = append(list, b.zero(result.To))
	}
	return append(list, err)
}

// callFunc calls the function and returns what becomes of its results.
func (b *body) callFunc(c plan.Func, call jen.Code, args []jen.Code, names []string) {
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
		b.add(jen.Return(call))
		return
	case len(c.Results) == 0 && c.Error:
		b.add(jen.If(jen.Id(b.err).Op(":=").Add(call), jen.Id(b.err).Op("!=").Nil()).Block(b.fail(jen.Id(b.err), "")))
	case len(c.Results) == 0:
		b.add(call)
	}
	results := b.takeResults(c, call)
	for i, back := range c.Back {
		if back != nil {
			b.giveBack(*back, args[i], names[i])
		}
	}
	for i, result := range c.Results {
		results[i] = b.value(result.Conv, results[i], "converted", "")
	}
	if c.Error {
		results = append(results, jen.Nil())
	}
	if len(results) > 0 {
		b.add(jen.Return(results...))
	}
}

// takeResults declares locals for the results of a call.
func (b *body) takeResults(c plan.Func, call jen.Code) []jen.Code {
	if len(c.Results) == 0 {
		return nil
	}
	var results, declared []jen.Code
	for _, result := range c.Results {
		local := jen.Id(b.local(localWord(result.From)))
		results, declared = append(results, local), append(declared, local)
	}
	if !c.Error {
		b.add(jen.List(declared...).Op(":=").Add(call))
		return results
	}
	b.add(
		jen.List(append(declared, jen.Id(b.err))...).Op(":=").Add(call),
		jen.If(jen.Id(b.err).Op("!=").Nil()).Block(b.fail(jen.Id(b.err), "")),
	)
	return results
}

// giveBack copies what a function changed behind its pointer:
//
//	if user != nil {
//		*r = userToOld(*user)
//	}
func (b *body) giveBack(back plan.Step, arg jen.Code, name string) {
	before := b.statements
	b.statements = nil
	value := b.value(back.Conv, deref(back.Conv, arg), "back", "")
	b.add(jen.Op("*").Id(name).Op("=").Add(value))
	inside := b.statements
	b.statements = append(before, jen.If(jen.Add(arg).Op("!=").Nil()).Block(inside...))
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
