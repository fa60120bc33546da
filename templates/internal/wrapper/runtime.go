package wrapper

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/bundles"
	"github.com/dualgen/dualgen/templates/internal/keyed"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// both is the way through the runtime, where the call may concern both stores.
func both(f *printing.File, repo *plan.Repository, m *plan.Method, s *printing.Scope) []jen.Code {
	var body []jen.Code
	var key jen.Code
	if m.Key.MayBeMade {
		body = append(body, jen.If(keyed.KeyIsZero(f, m, s)).Block(both(f, repo, m.Made(), s)...))
	}
	switch {
	case m.Key.Form.Made(), m.Key.Form == plan.KeyListed:
		key = jen.Lit(m.Entity.Name)
	case len(m.Also) > 0:
		keys := s.KeysName()
		body = append(body, keyed.KeysOfSeveral(f, m, s, keys)...)
		key = jen.Id(keys)
	case m.Key.Form == plan.KeyOne:
		key = keyed.KeyOf(f, m.Key.Func, m.Key.Parts, func(p plan.KeyPart) *jen.Statement { return jen.Id(m.Params[p.Param].Name) })
	case m.Key.Form == plan.KeyEach:
		keys := s.KeysName()
		body = append(body, keyed.KeysOfEach(f, m, s, keys)...)
		key = jen.Id(keys)
	default:
		key = keyed.WholeKind(f, m)
	}
	args := []jen.Code{background(f, m, s), jen.Id(s.Call), printing.Stores(repo), key, bundles.Pack(repo, m.Args, argumentNames(m))}
	switch {
	case m.MakesMany():
		args = append(args, jen.Line().Add(keyed.KeysOfMade(f, repo, m, s)))
	case m.Key.Form.Made():
		args = append(args, jen.Line().Add(keyed.KeyOfMade(f, repo, m, s)))
	case m.Key.Form == plan.KeyListed:
		args = append(args, jen.Line().Add(keyed.KeysListed(f, repo, m, s)))
	default:
		args = append(args, policy(f, repo, m))
	}
	if m.Paging != nil {
		args = append(args, jen.Op("&").Id(repo.Names.Receiver).Dot(m.Paging.Name))
	}
	args = append(args, jen.Line().Add(do(f, repo, m, s)))
	return append(body, answer(f, m, s, f.Dual(runtimeFunc(m)).Call(args...))...)
}

// runtimeFunc is the function of the runtime that runs a method.
func runtimeFunc(m *plan.Method) string {
	switch {
	case m.Paging != nil:
		return "ReadPage"
	case m.Kind == plan.Read:
		return "Read"
	case m.MakesMany():
		return "WriteMadeMany"
	case m.Key.Form.Made():
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
func policy(f *printing.File, repo *plan.Repository, m *plan.Method) *jen.Statement {
	if m.Kind == plan.Read && m.Reading != "" {
		return jen.Op("&").Id(repo.Names.Receiver).Dot(m.Reading)
	}
	if m.Kind == plan.Read {
		return jen.Nil()
	}
	return OrNil(f, m.CloneArgs)
}

// OrNil names a function, or nil where there is none.
func OrNil(f *printing.File, ref *plan.FuncRef) *jen.Statement {
	if ref == nil {
		return jen.Nil()
	}
	return f.Ref(ref)
}

// argumentNames are the parameters that a method's argument bundle carries.
func argumentNames(m *plan.Method) []jen.Code {
	var names []jen.Code
	for _, i := range m.Args.Index {
		names = append(names, jen.Id(m.Params[i].Name))
	}
	return names
}

// do is the function by which the runtime calls one store. It captures nothing, so that it costs no allocation:
//
//	func(ctx context.Context, store Users, id string) (User, error) {
//		return store.Get(ctx, id)
//	}
func do(f *printing.File, repo *plan.Repository, m *plan.Method, s *printing.Scope) *jen.Statement {
	args := bundles.ArgsName(f, m, s)
	result := []jen.Code{jen.Error()}
	if CarriesValue(f, m) {
		result = []jen.Code{bundles.BundleType(f, repo, m.Values), jen.Error()}
	}
	return jen.Func().Params(
		ClosureContext(f, m, s),
		jen.Id(s.Store).Add(f.StoreType(repo)),
		jen.Id(args).Add(bundles.BundleType(f, repo, m.Args)),
	).Add(printing.ResultList(result)).Block(CallStore(f, repo, m, s, storeArgs(f, m, s, args))...)
}

// CarriesValue reports whether the runtime's function takes and gives a value beside the error.
func CarriesValue(f *printing.File, m *plan.Method) bool {
	return m.Kind == plan.Read || len(m.Values.Index) > 0 ||
		m.Key.Form.Made() || m.Key.Form == plan.KeyListed
}

// storeArgs are the arguments for the store's method inside the runtime's function.
func storeArgs(f *printing.File, m *plan.Method, s *printing.Scope, args string) []jen.Code {
	bundled := bundles.Unpack(m.Args, args)
	var list []jen.Code
	for i, p := range m.Params {
		if i == m.Context {
			list = append(list, jen.Id(s.Ctx))
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

// CallStore calls the store and returns what the runtime's function returns.
func CallStore(f *printing.File, repo *plan.Repository, m *plan.Method, s *printing.Scope, args []jen.Code) []jen.Code {
	call := jen.Id(s.Store).Dot(m.Name).Call(args...)
	carries := CarriesValue(f, m)
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
		name := jen.Id(s.Err)
		if i == m.Error {
			err = jen.Id(s.Err)
		} else {
			local := s.Name(r.Name)
			name = jen.Id(local)
			values = append(values, jen.Id(local))
		}
		results = append(results, name)
	}
	return []jen.Code{
		jen.List(results...).Op(":=").Add(call),
		jen.Return(bundles.Pack(repo, m.Values, values), err),
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
func answer(f *printing.File, m *plan.Method, s *printing.Scope, call *jen.Statement) []jen.Code {
	carries := CarriesValue(f, m)
	if m.Error >= 0 && (!carries || len(m.Values.Index) == 1 && m.Error == 1) {
		return []jen.Code{jen.Return(call)}
	}
	if m.Error < 0 && len(m.Values.Index) == 1 {
		return []jen.Code{jen.Return(f.Dual("Must").Call(call))}
	}
	variable, assign := s.Value, ":="
	if len(m.Values.Index) == 0 {
		variable, assign = "_", "="
	}
	var body []jen.Code
	if carries {
		body = append(body, jen.List(jen.Id(variable), jen.Id(s.Err)).Op(assign).Add(call))
	} else {
		body = append(body, jen.Id(s.Err).Op("=").Add(call))
	}
	if m.Error < 0 {
		body = append(body, jen.If(jen.Id(s.Err).Op("!=").Nil()).Block(jen.Panic(jen.Id(s.Err))))
	}
	values := bundles.Unpack(m.Values, variable)
	var results []jen.Code
	for i := range m.Results {
		if i == m.Error {
			results = append(results, jen.Id(s.Err))
			continue
		}
		results = append(results, values[slices.Index(m.Values.Index, i)])
	}
	if len(results) > 0 {
		body = append(body, jen.Return(results...))
	}
	return body
}
