package wrapper

import (
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/bundles"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// Methods writes the wrapper's methods in the interface's order, each after the structs that it needs, and before them those that hand
// out other wrappers.
func Methods(f *printing.File, repo *plan.Repository) {
	for _, s := range repo.Subs {
		f.Put(getter(f, repo, s))
	}
	for _, m := range repo.Methods {
		for _, declaration := range bundles.Bundles(f, repo, m) {
			f.Put(declaration)
		}
		f.Put(method(f, repo, m))
	}
}

// method declares one method of the wrapper.
func method(f *printing.File, repo *plan.Repository, m *plan.Method) *jen.Statement {
	s := f.ScopeOf(repo, m)
	return printing.Commented(methodDoc(m),
		jen.Func().Params(jen.Id(repo.Names.Receiver).Op("*").Add(printing.Instance(repo.Names.Wrapper, repo.TypeParams))).
			Id(m.Name).Params(f.Params(m.Params)...).Add(f.Results(m.Results)).
			Block(body(f, repo, m, s)...))
}

// methodDoc is the user's comment, then why the method does what it does.
func methodDoc(m *plan.Method) []string {
	reasons := slices.Clone(m.Reasons)
	if m.Context < 0 && m.Kind != plan.Lifecycle {
		reasons = append(reasons, "It takes no context: what the runtime does beside the stores' calls runs under context.Background.")
	}
	iterator := IteratorOf(m)
	if iterator != nil {
		reasons = append(reasons, "The call lasts as long as the iteration.")
	}
	if m.Error < 0 && m.Kind != plan.Lifecycle && (iterator == nil || !YieldsError(iterator)) {
		reasons = append(reasons, "It returns no error: it panics with the runtime's error where the runtime refuses the call.")
	}
	ours := printing.Wrap(strings.Join(reasons, " "), printing.CommentWidth)
	if len(m.Doc) == 0 {
		return ours
	}
	return slices.Concat(m.Doc, []string{""}, ours)
}

// body is what a method does.
func body(f *printing.File, repo *plan.Repository, m *plan.Method, s *printing.Scope) []jen.Code {
	switch {
	case m.Kind == plan.Lifecycle:
		return lifecycle(f, repo, m, s)
	case IteratorOf(m) != nil:
		return iterate(f, repo, m, s, IteratorOf(m))
	case m.Kind == plan.Transaction && inside(repo): // in every phase: who asks for a repository is given its wrapper
		return append(begin(f, repo, m, s), transact(f, repo, m, s)...)
	case m.Kind == plan.Transaction:
		return append(append(begin(f, repo, m, s), single(f, repo, m, s)), transact(f, repo, m, s)...)
	case alone(m):
		return append(begin(f, repo, m, s), onPrimary(repo, m, s)...)
	case m.Paging != nil:
		return append(begin(f, repo, m, s), both(f, repo, m, s)...)
	default:
		body := append(begin(f, repo, m, s), single(f, repo, m, s))
		return append(body, both(f, repo, m, s)...)
	}
}

// alone reports whether a method is served by one store in every phase.
func alone(m *plan.Method) bool {
	return m.Kind == plan.Primary || m.Kind == plan.Write && m.Mirror == plan.Skip
}

// begin counts the call in, or refuses it:
//
//	call, err := d.migration.Begin(d.get)
//	if err != nil {
//		return User{}, err
//	}
//	defer call.End()
func begin(f *printing.File, repo *plan.Repository, m *plan.Method, s *printing.Scope) []jen.Code {
	return append(beginCall(f, repo, m, s),
		jen.If(jen.Id(s.Err).Op("!=").Nil()).Block(fail(f, m, jen.Id(s.Err))),
		jen.Defer().Id(s.Call).Dot("End").Call(),
	)
}

// beginCall is the runtime's call that counts a call in.
func beginCall(f *printing.File, repo *plan.Repository, m *plan.Method, s *printing.Scope) []jen.Code {
	name, before, args := beginArgs(f, m, s)
	args = append([]jen.Code{jen.Id(repo.Names.Receiver).Dot(m.Field)}, args...)
	return append(before, jen.List(jen.Id(s.Call), jen.Id(s.Err)).Op(":=").
		Id(repo.Names.Receiver).Dot("migration").Dot(name).Call(args...))
}

// fail leaves a method with an error: return User{}, err. Without an error result it panics.
func fail(f *printing.File, m *plan.Method, err jen.Code) jen.Code {
	if m.Error < 0 {
		return jen.Panic(err)
	}
	var values []jen.Code
	for i, r := range m.Results {
		if i == m.Error {
			values = append(values, err)
		} else {
			values = append(values, f.Zero(r.Type))
		}
	}
	return jen.Return(values...)
}

// single is the short way where one store serves the call:
//
//	if store, ok := call.Single(); ok {
//		return d.stores[store].Get(ctx, id)
//	}
//
// An entity behind a nil pointer has no key. The primary says what it makes of it, and there is nothing to mirror:
//
//	if store, ok := call.Single(); ok || user == nil {
func single(f *printing.File, repo *plan.Repository, m *plan.Method, s *printing.Scope) jen.Code {
	ok := s.Name("ok")
	direct := s.Direct(repo, m)
	block := []jen.Code{jen.Return(direct)}
	if len(m.Results) == 0 {
		block = []jen.Code{direct, jen.Return()}
	}
	condition := jen.Id(ok)
	for _, name := range nilable(m) {
		condition.Op("||").Id(name).Op("==").Nil()
	}
	return jen.If(
		jen.List(jen.Id(s.Store), jen.Id(ok)).Op(":=").Id(s.Call).Dot("Single").Call(),
		condition,
	).Block(block...)
}

// nilable are the parameters behind which a method's key is found, and which may be nil, each once.
func nilable(m *plan.Method) []string {
	if len(m.Also) > 0 || m.Key.Form != plan.KeyOne && m.Key.Form != plan.KeyOut {
		return nil // of several kinds, one may have a key where another has none
	}
	return nilableOf(m, m.Key)
}

// nilableOf are those behind which one of a method's keys is found.
func nilableOf(m *plan.Method, key plan.Key) []string {
	var names []string
	for _, param := range printing.NilableParams(m, key) {
		names = append(names, m.Params[param].Name)
	}
	return names
}

// onPrimary calls the phase's primary and no other store:
//
//	store, _ := call.Single()
//	return d.stores[store].Lock(ctx, id)
func onPrimary(repo *plan.Repository, m *plan.Method, s *printing.Scope) []jen.Code {
	store := jen.List(jen.Id(s.Store), jen.Id("_")).Op(":=").Id(s.Call).Dot("Single").Call()
	direct := s.Direct(repo, m)
	if len(m.Results) == 0 {
		return []jen.Code{store, direct}
	}
	return []jen.Code{store, jen.Return(direct)}
}

// lifecycle calls both stores:
//
//	return dual.Both(ctx, &d.stores, func(ctx context.Context, store Users) error {
//		return store.Close(ctx)
//	})
func lifecycle(f *printing.File, repo *plan.Repository, m *plan.Method, s *printing.Scope) []jen.Code {
	call := jen.Id(s.Store).Dot(m.Name).Call(printing.Pass(m.Params)...)
	body := []jen.Code{jen.Return(call)}
	if m.Error < 0 {
		body = []jen.Code{call, jen.Return(jen.Nil())}
	}
	both := f.Dual("Both").Call(
		background(f, m, s), printing.Stores(repo),
		jen.Func().Params(ClosureContext(f, m, s), jen.Id(s.Store).Add(f.StoreType(repo))).Error().Block(body...))
	if m.Error < 0 {
		return []jen.Code{jen.Id("_").Op("=").Add(both)}
	}
	return []jen.Code{jen.Return(both)}
}

// background is the context of a call: the caller's where the method takes one.
func background(f *printing.File, m *plan.Method, s *printing.Scope) *jen.Statement {
	if m.Context < 0 {
		return f.Std("context", "Background").Call()
	}
	return jen.Id(s.Ctx)
}

// ClosureContext declares the context parameter of a function that the runtime calls.
func ClosureContext(f *printing.File, m *plan.Method, s *printing.Scope) *jen.Statement {
	name := s.Ctx
	if m.Context < 0 {
		name = "_"
	}
	return jen.Id(name).Add(f.Std("context", "Context"))
}
