package templates

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// both is the way through the runtime, where the call may concern both stores.
func (f *file) both(repo *plan.Repository, m *plan.Method, s *scope) []jen.Code {
	var body []jen.Code
	var key jen.Code
	if m.Key.MayBeMade {
		body = append(body, jen.If(f.keyIsZero(m)).Block(f.both(repo, m.Made(), s)...))
	}
	switch {
	case len(m.Also) > 0:
		keys := s.name("keys")
		body = append(body, f.keysOfSeveral(m, s, keys)...)
		key = jen.Id(keys)
	case m.Key.Form == plan.KeyOne:
		key = f.keyOf(m.Key.Func, m.Key.Parts, func(p plan.KeyPart) *jen.Statement { return jen.Id(m.Params[p.Param].Name) })
	case m.Key.Form == plan.KeyEach:
		keys := s.name("keys")
		body = append(body, f.keysOfEach(m, s, keys)...)
		key = jen.Id(keys)
	case m.Key.Form == plan.KeyResult, m.Key.Form == plan.KeyOut, m.Key.Form == plan.KeyListed:
		key = jen.Lit(m.Entity.Name)
	default:
		key = f.wholeKind(m)
	}
	args := []jen.Code{f.background(m, s), jen.Id(s.call), stores(repo), key, pack(repo, m.Args, argumentNames(m))}
	switch m.Key.Form {
	case plan.KeyResult, plan.KeyOut:
		args = append(args, jen.Line().Add(f.keyOfMade(repo, m, s)))
	case plan.KeyListed:
		args = append(args, jen.Line().Add(f.keysListed(repo, m, s)))
	default:
		args = append(args, f.policy(repo, m))
	}
	if m.Paging != nil {
		args = append(args, jen.Op("&").Id(repo.Names.Receiver).Dot(m.Paging.Name))
	}
	args = append(args, jen.Line().Add(f.do(repo, m, s)))
	return append(body, f.answer(m, s, f.dual(runtimeFunc(m)).Call(args...))...)
}

// runtimeFunc is the function of the runtime that runs a method.
func runtimeFunc(m *plan.Method) string {
	switch {
	case m.Paging != nil:
		return "ReadPage"
	case m.Kind == plan.Read:
		return "Read"
	case m.Key.Form == plan.KeyResult || m.Key.Form == plan.KeyOut:
		return "WriteMade"
	case m.Key.Form == plan.KeyListed:
		return "WriteListed"
	case (len(m.Also) > 0 || m.Key.Form == plan.KeyEach) && len(m.Values.Index) == 0:
		return "WriteMany"
	case len(m.Also) > 0, m.Key.Form == plan.KeyEach:
		return "WriteManyValue"
	case len(m.Values.Index) == 0:
		return "Write"
	default:
		return "WriteValue"
	}
}

// policy is what the runtime needs to know of the method's values: how to clone its arguments, or how to read.
func (f *file) policy(repo *plan.Repository, m *plan.Method) *jen.Statement {
	if m.Kind == plan.Read && m.Reading != "" {
		return jen.Op("&").Id(repo.Names.Receiver).Dot(m.Reading)
	}
	if m.Kind == plan.Read {
		return jen.Nil()
	}
	return f.orNil(m.CloneArgs)
}

// orNil names a function, or nil where there is none.
func (f *file) orNil(ref *plan.FuncRef) *jen.Statement {
	if ref == nil {
		return jen.Nil()
	}
	return f.ref(ref)
}

// argumentNames are the parameters that a method's argument bundle carries.
func argumentNames(m *plan.Method) []jen.Code {
	var names []jen.Code
	for _, i := range m.Args.Index {
		names = append(names, jen.Id(m.Params[i].Name))
	}
	return names
}

// argsName is the name of the arguments inside a function that the runtime calls.
func (f *file) argsName(m *plan.Method, s *scope) string {
	switch {
	case m.Args.Name != "":
		return s.args
	case len(m.Args.Index) == 1:
		return m.Params[m.Args.Index[0]].Name
	default:
		return "_"
	}
}

// do is the function by which the runtime calls one store. It captures nothing, so that it costs no allocation:
//
//	func(ctx context.Context, store Users, id string) (User, error) {
//		return store.Get(ctx, id)
//	}
func (f *file) do(repo *plan.Repository, m *plan.Method, s *scope) *jen.Statement {
	args := f.argsName(m, s)
	result := []jen.Code{jen.Error()}
	if f.carriesValue(m) {
		result = []jen.Code{f.bundleType(repo, m.Values), jen.Error()}
	}
	return jen.Func().Params(
		f.closureContext(m, s),
		jen.Id(s.store).Add(f.storeType(repo)),
		jen.Id(args).Add(f.bundleType(repo, m.Args)),
	).Add(resultList(result)).Block(f.callStore(repo, m, s, f.storeArgs(m, s, args))...)
}

// carriesValue reports whether the runtime's function takes and gives a value beside the error.
func (f *file) carriesValue(m *plan.Method) bool {
	return m.Kind == plan.Read || len(m.Values.Index) > 0 ||
		m.Key.Form == plan.KeyResult || m.Key.Form == plan.KeyOut || m.Key.Form == plan.KeyListed
}

// storeArgs are the arguments for the store's method inside the runtime's function.
func (f *file) storeArgs(m *plan.Method, s *scope, args string) []jen.Code {
	bundled := unpack(m.Args, args)
	var list []jen.Code
	for i, p := range m.Params {
		if i == m.Context {
			list = append(list, jen.Id(s.ctx))
			continue
		}
		arg := jen.Add(bundled[slices.Index(m.Args.Index, i)])
		if p.Variadic {
			arg.Op("...")
		}
		list = append(list, arg)
	}
	return list
}

// callStore calls the store and returns what the runtime's function returns.
func (f *file) callStore(repo *plan.Repository, m *plan.Method, s *scope, args []jen.Code) []jen.Code {
	call := jen.Id(s.store).Dot(m.Name).Call(args...)
	carries := f.carriesValue(m)
	switch values := len(m.Values.Index); {
	case values == 0 && m.Error < 0:
		return []jen.Code{call, returnValue(carries, jen.Nil())}
	case values == 0:
		return []jen.Code{returnValue(carries, call)}
	case values == 1 && m.Error == 1:
		return []jen.Code{jen.Return(call)}
	case values == 1 && m.Error < 0:
		return []jen.Code{jen.Return(call, jen.Nil())}
	}
	var results, values []jen.Code
	err := jen.Nil()
	for i, r := range m.Results {
		name := jen.Id(s.err)
		if i == m.Error {
			err = jen.Id(s.err)
		} else {
			local := s.name(r.Name)
			name = jen.Id(local)
			values = append(values, jen.Id(local))
		}
		results = append(results, name)
	}
	return []jen.Code{
		jen.List(results...).Op(":=").Add(call),
		jen.Return(pack(repo, m.Values, values), err),
	}
}

// returnValue returns an error alone, or with an empty value.
func returnValue(carries bool, err *jen.Statement) jen.Code {
	if carries {
		return jen.Return(jen.Struct().Values(), err)
	}
	return jen.Return(err)
}

// answer gives the runtime's answer to the caller in the form of the method's results.
func (f *file) answer(m *plan.Method, s *scope, call *jen.Statement) []jen.Code {
	carries := f.carriesValue(m)
	if m.Error >= 0 && (!carries || len(m.Values.Index) == 1 && m.Error == 1) {
		return []jen.Code{jen.Return(call)}
	}
	if m.Error < 0 && len(m.Values.Index) == 1 {
		return []jen.Code{jen.Return(f.dual("Must").Call(call))}
	}
	variable, assign := s.value, ":="
	if len(m.Values.Index) == 0 {
		variable, assign = "_", "="
	}
	var body []jen.Code
	if carries {
		body = append(body, jen.List(jen.Id(variable), jen.Id(s.err)).Op(assign).Add(call))
	} else {
		body = append(body, jen.Id(s.err).Op("=").Add(call))
	}
	if m.Error < 0 {
		body = append(body, jen.If(jen.Id(s.err).Op("!=").Nil()).Block(jen.Panic(jen.Id(s.err))))
	}
	values := unpack(m.Values, variable)
	var results []jen.Code
	for i := range m.Results {
		if i == m.Error {
			results = append(results, jen.Id(s.err))
			continue
		}
		results = append(results, values[slices.Index(m.Values.Index, i)])
	}
	if len(results) > 0 {
		body = append(body, jen.Return(results...))
	}
	return body
}
