package templates

import (
	"go/types"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// methods writes the wrapper's methods in the interface's order, each after the structs that it needs.
func methods(f *file, repo *plan.Repository) {
	for _, m := range repo.Methods {
		for _, declaration := range f.bundles(repo, m) {
			f.add(declaration)
		}
		f.add(f.method(repo, m))
	}
}

// method declares one method of the wrapper.
func (f *file) method(repo *plan.Repository, m *plan.Method) *jen.Statement {
	s := f.scopeOf(repo, m)
	return commented(methodDoc(m),
		jen.Func().Params(jen.Id(repo.Names.Receiver).Op("*").Add(instance(repo.Names.Wrapper, repo.TypeParams))).
			Id(m.Name).Params(f.params(m.Params)...).Add(f.results(m.Results)).
			Block(f.body(repo, m, s)...))
}

// methodDoc is the user's comment, then why the method does what it does.
func methodDoc(m *plan.Method) []string {
	reasons := slices.Clone(m.Reasons)
	if m.Context < 0 && m.Kind != plan.Lifecycle {
		reasons = append(reasons, "It takes no context: what the runtime does beside the stores' calls runs under context.Background.")
	}
	iterator := iteratorOf(m)
	if iterator != nil {
		reasons = append(reasons, "The call lasts as long as the iteration.")
	}
	if m.Error < 0 && m.Kind != plan.Lifecycle && (iterator == nil || !yieldsError(iterator)) {
		reasons = append(reasons, "It returns no error: it panics with the runtime's error where the runtime refuses the call.")
	}
	ours := wrap(strings.Join(reasons, " "), commentWidth)
	if len(m.Doc) == 0 {
		return ours
	}
	return slices.Concat(m.Doc, []string{""}, ours)
}

// body is what a method does.
func (f *file) body(repo *plan.Repository, m *plan.Method, s *scope) []jen.Code {
	switch {
	case m.Kind == plan.Lifecycle:
		return f.lifecycle(repo, m, s)
	case iteratorOf(m) != nil:
		return f.iterate(repo, m, s, iteratorOf(m))
	case m.Kind == plan.Transaction:
		return append(append(f.begin(repo, m, s), f.single(repo, m, s)), f.transact(repo, m, s)...)
	case alone(m):
		return append(f.begin(repo, m, s), onPrimary(repo, m, s)...)
	case m.Paging != nil:
		return append(f.begin(repo, m, s), f.both(repo, m, s)...)
	default:
		body := append(f.begin(repo, m, s), f.single(repo, m, s))
		return append(body, f.both(repo, m, s)...)
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
func (f *file) begin(repo *plan.Repository, m *plan.Method, s *scope) []jen.Code {
	return append(f.beginCall(repo, m, s),
		jen.If(jen.Id(s.err).Op("!=").Nil()).Block(f.fail(m, jen.Id(s.err))),
		jen.Defer().Id(s.call).Dot("End").Call(),
	)
}

// beginCall is the runtime's call that counts a call in.
func (f *file) beginCall(repo *plan.Repository, m *plan.Method, s *scope) []jen.Code {
	name, before, args := f.beginArgs(m, s)
	args = append([]jen.Code{jen.Id(repo.Names.Receiver).Dot(m.Field)}, args...)
	return append(before, jen.List(jen.Id(s.call), jen.Id(s.err)).Op(":=").
		Id(repo.Names.Receiver).Dot("migration").Dot(name).Call(args...))
}

// fail leaves a method with an error: return User{}, err. Without an error result it panics.
func (f *file) fail(m *plan.Method, err jen.Code) jen.Code {
	if m.Error < 0 {
		return jen.Panic(err)
	}
	var values []jen.Code
	for i, r := range m.Results {
		if i == m.Error {
			values = append(values, err)
		} else {
			values = append(values, f.zero(r.Type))
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
func (f *file) single(repo *plan.Repository, m *plan.Method, s *scope) jen.Code {
	ok := s.name("ok")
	direct := s.direct(repo, m)
	block := []jen.Code{jen.Return(direct)}
	if len(m.Results) == 0 {
		block = []jen.Code{direct, jen.Return()}
	}
	condition := jen.Id(ok)
	for _, name := range nilable(m) {
		condition.Op("||").Id(name).Op("==").Nil()
	}
	return jen.If(
		jen.List(jen.Id(s.store), jen.Id(ok)).Op(":=").Id(s.call).Dot("Single").Call(),
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
	for _, part := range key.Parts {
		p := m.Params[part.Param]
		if _, ok := types.Unalias(p.Type).(*types.TypeParam); ok {
			continue // it may be no pointer
		}
		switch p.Type.Underlying().(type) {
		case *types.Pointer, *types.Interface:
			if (len(part.Path) > 0 || part.Deref) && !slices.Contains(names, p.Name) {
				names = append(names, p.Name)
			}
		}
	}
	return names
}

// direct is the call of the store in s.store with the method's own parameters: d.stores[store].Get(ctx, id).
func (s *scope) direct(repo *plan.Repository, m *plan.Method) *jen.Statement {
	return jen.Id(repo.Names.Receiver).Dot("stores").Index(jen.Id(s.store)).Dot(m.Name).Call(pass(m.Params)...)
}

// onPrimary calls the phase's primary and no other store:
//
//	store, _ := call.Single()
//	return d.stores[store].Lock(ctx, id)
func onPrimary(repo *plan.Repository, m *plan.Method, s *scope) []jen.Code {
	store := jen.List(jen.Id(s.store), jen.Id("_")).Op(":=").Id(s.call).Dot("Single").Call()
	direct := s.direct(repo, m)
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
func (f *file) lifecycle(repo *plan.Repository, m *plan.Method, s *scope) []jen.Code {
	call := jen.Id(s.store).Dot(m.Name).Call(pass(m.Params)...)
	body := []jen.Code{jen.Return(call)}
	if m.Error < 0 {
		body = []jen.Code{call, jen.Return(jen.Nil())}
	}
	both := f.dual("Both").Call(
		f.background(m, s), stores(repo),
		jen.Func().Params(f.closureContext(m, s), jen.Id(s.store).Add(f.storeType(repo))).Error().Block(body...))
	if m.Error < 0 {
		return []jen.Code{jen.Id("_").Op("=").Add(both)}
	}
	return []jen.Code{jen.Return(both)}
}

// stores is the pointer to the wrapper's stores: &d.stores.
func stores(repo *plan.Repository) *jen.Statement {
	return jen.Op("&").Id(repo.Names.Receiver).Dot("stores")
}

// background is the context of a call: the caller's where the method takes one.
func (f *file) background(m *plan.Method, s *scope) *jen.Statement {
	if m.Context < 0 {
		return f.std("context", "Background").Call()
	}
	return jen.Id(s.ctx)
}

// closureContext declares the context parameter of a function that the runtime calls.
func (f *file) closureContext(m *plan.Method, s *scope) *jen.Statement {
	name := s.ctx
	if m.Context < 0 {
		name = "_"
	}
	return jen.Id(name).Add(f.std("context", "Context"))
}
