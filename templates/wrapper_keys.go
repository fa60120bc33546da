package templates

import (
	"go/types"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// wholeKind is the key of a call whose keys are not known: dual.Key{Kind: "User", Whole: true}.
func (f *file) wholeKind(m *plan.Method) *jen.Statement {
	if m.Entity == nil {
		return brief(f.dual("Key"))
	}
	return f.wholeOf(m.Entity)
}

func (f *file) wholeOf(e *plan.Entity) *jen.Statement {
	return brief(f.dual("Key"), jen.Id("Kind").Op(":").Lit(e.Name), jen.Id("Whole").Op(":").True())
}

// keysOfSeveral makes the keys of a write on several kinds. What is behind a nil pointer has none:
//
//	keys := []dual.Key{codeKey(code.ID), {Kind: "Request", Whole: true}}
//	if owner != nil {
//		keys = append(keys, ownerKey(owner.ID))
//	}
func (f *file) keysOfSeveral(m *plan.Method, s *scope, keys string) []jen.Code {
	var plain, later []jen.Code
	for _, touch := range m.Touches() {
		key := touch.Key
		add := func(of jen.Code) jen.Code {
			made := f.keyOf(key.Func, key.Parts, func(p plan.KeyPart) *jen.Statement { return jen.Add(of) })
			return jen.Id(keys).Op("=").Append(jen.Id(keys), made)
		}
		switch {
		case key.Form == plan.KeyEach:
			each := jen.Id(m.Params[key.Parts[0].Param].Name)
			later = append(later, jen.For(jen.List(jen.Id("_"), jen.Id(s.value)).Op(":=").Range().Add(each)).Block(add(jen.Id(s.value))))
		case key.Form == plan.KeyOne && len(nilableOf(m, key)) > 0:
			condition := jen.Null()
			for i, name := range nilableOf(m, key) {
				if i > 0 {
					condition.Op("&&")
				}
				condition.Id(name).Op("!=").Nil()
			}
			made := f.keyOf(key.Func, key.Parts, func(p plan.KeyPart) *jen.Statement { return jen.Id(m.Params[p.Param].Name) })
			later = append(later, jen.If(condition).Block(jen.Id(keys).Op("=").Append(jen.Id(keys), made)))
		case key.Form == plan.KeyOne:
			plain = append(plain, f.keyOf(key.Func, key.Parts, func(p plan.KeyPart) *jen.Statement { return jen.Id(m.Params[p.Param].Name) }))
		default:
			plain = append(plain, jen.Values(jen.Id("Kind").Op(":").Lit(touch.Entity.Name), jen.Id("Whole").Op(":").True()))
		}
	}
	return append([]jen.Code{jen.Id(keys).Op(":=").Index().Add(f.dual("Key")).Values(plain...)}, later...)
}

// keyOf calls a key function with the parts of a key: userKey(user.ID).
func (f *file) keyOf(key *plan.FuncRef, parts []plan.KeyPart, of func(plan.KeyPart) *jen.Statement) *jen.Statement {
	args := f.codecs(key)
	for _, part := range parts {
		args = append(args, partOf(of(part), part))
	}
	return f.ref(key).Call(args...)
}

// partOf follows a key part's path: user.Tenant().ID.
func partOf(value *jen.Statement, part plan.KeyPart) *jen.Statement {
	for _, step := range part.Path {
		value = value.Dot(step.Name)
		if step.Call {
			value = value.Call()
		}
	}
	if part.Deref {
		return jen.Op("*").Add(value)
	}
	return value
}

// keyIsZero reports whether a part of the key in the arguments is the zero value, so that the primary makes it:
// user.ID == 0.
func (f *file) keyIsZero(m *plan.Method) *jen.Statement {
	any := jen.Null()
	for i, part := range m.Key.Parts {
		if i > 0 {
			any.Op("||")
		}
		value := partOf(jen.Id(m.Params[part.Param].Name), part)
		zero := f.zero(part.Type)
		switch part.Type.Underlying().(type) {
		case *types.Struct, *types.Array:
			zero = jen.Parens(zero)
		}
		any.Add(value).Op("==").Add(zero)
	}
	return any
}

// keysOfEach makes the keys of a write on several entities:
//
//	keys := make([]dual.Key, len(users))
//	for i, user := range users {
//		keys[i] = userKey(user.ID)
//	}
func (f *file) keysOfEach(m *plan.Method, s *scope, keys string) []jen.Code {
	each := jen.Id(m.Params[m.Key.Parts[0].Param].Name)
	key := f.keyOf(m.Key.Func, m.Key.Parts, func(plan.KeyPart) *jen.Statement { return jen.Id(s.value) })
	return f.eachKey(s, keys, each, key)
}

// eachKey makes a key of each value of a list.
func (f *file) eachKey(s *scope, keys string, each, key jen.Code) []jen.Code {
	i := s.name("i")
	return []jen.Code{
		jen.Id(keys).Op(":=").Make(jen.Index().Add(f.dual("Key")), jen.Len(each)),
		jen.For(jen.List(jen.Id(i), jen.Id(s.value)).Op(":=").Range().Add(each)).Block(
			jen.Id(keys).Index(jen.Id(i)).Op("=").Add(key)),
	}
}

// eachKeyOfPointers is eachKey for a list of pointers. It leaves out those that are nil.
func (f *file) eachKeyOfPointers(s *scope, keys string, each, key jen.Code) []jen.Code {
	return []jen.Code{
		jen.Id(keys).Op(":=").Make(jen.Index().Add(f.dual("Key")), jen.Lit(0), jen.Len(each)),
		jen.For(jen.List(jen.Id("_"), jen.Id(s.value)).Op(":=").Range().Add(each)).Block(
			jen.If(jen.Id(s.value).Op("!=").Nil()).Block(jen.Id(keys).Op("=").Append(jen.Id(keys), key))),
	}
}

// keyOfMade is the function that finds the key that the primary made:
//
//	func(id int64, _ User) dual.Key { return userKey(id) }
func (f *file) keyOfMade(repo *plan.Repository, m *plan.Method, s *scope) *jen.Statement {
	args, value := f.argsName(m, s), s.value
	bundle, variable, unused := m.Values, value, args
	if m.Key.Form == plan.KeyOut {
		bundle, variable, unused = m.Args, args, value
	}
	values := unpack(bundle, variable)
	key := f.keyOf(m.Key.Func, m.Key.Parts, func(p plan.KeyPart) *jen.Statement {
		return jen.Add(values[slices.Index(bundle.Index, p.Param)])
	})
	if unused == args {
		args = "_"
	} else {
		value = "_"
	}
	return jen.Func().Params(
		jen.Id(value).Add(f.bundleType(repo, m.Values)),
		jen.Id(args).Add(f.bundleType(repo, m.Args)),
	).Add(f.dual("Key")).Add(inline(jen.Return(key)))
}

// keysListed is the function that lists the keys which a write may touch:
//
//	func(ctx context.Context, store Users, now time.Time) ([]dual.Key, error) {
//		listed, err := store.Expired(ctx, now)
//		keys := make([]dual.Key, len(listed))
//		for i, value := range listed {
//			keys[i] = userKey(value.ID)
//		}
//		return keys, err
//	}
func (f *file) keysListed(repo *plan.Repository, m *plan.Method, s *scope) *jen.Statement {
	l, args := m.Key.Lister, f.argsName(m, s)
	listed, keys := s.name("listed"), s.name("keys")
	locals, err := []jen.Code{jen.Id(listed)}, jen.Nil()
	if l.Fails {
		locals, err = append(locals, jen.Id(s.err)), jen.Id(s.err)
	}
	each := f.eachKey
	if l.Pointer {
		each = f.eachKeyOfPointers
	}
	ctx := "_"
	if l.Func != nil && l.Func.Context || slices.Contains(l.Args, -1) {
		ctx = s.ctx
	}
	return jen.Func().Params(
		jen.Id(ctx).Add(f.std("context", "Context")),
		jen.Id(s.store).Add(f.storeType(repo)),
		jen.Id(args).Add(f.bundleType(repo, m.Args)),
	).Params(jen.Index().Add(f.dual("Key")), jen.Error()).Block(append(append(
		[]jen.Code{jen.List(locals...).Op(":=").Add(f.callLister(m, s, args))},
		each(s, keys, jen.Id(listed), f.keyOfListed(m, s.value))...),
		jen.Return(jen.Id(keys), err))...)
}

// callLister calls the lister with the arguments that are the write's too.
func (f *file) callLister(m *plan.Method, s *scope, args string) *jen.Statement {
	l, bundled := m.Key.Lister, unpack(m.Args, args)
	var list []jen.Code
	if l.Func != nil {
		if l.Func.Context {
			list = append(list, jen.Id(s.ctx))
		}
		list = append(list, jen.Id(s.store))
	}
	for n, i := range l.Args {
		arg := jen.Id(s.ctx)
		if i >= 0 {
			arg = jen.Add(bundled[slices.Index(m.Args.Index, i)])
		}
		if l.Spread && n == len(l.Args)-1 {
			arg.Op("...")
		}
		list = append(list, arg)
	}
	if l.Func != nil {
		return f.ref(l.Func).Call(list...)
	}
	return jen.Id(s.store).Dot(l.Method.Name).Call(list...)
}

// keyOfListed is the key of one thing that was listed.
func (f *file) keyOfListed(m *plan.Method, value string) *jen.Statement {
	parts := m.Entity.Key
	if m.Key.Lister.Keys {
		parts = []plan.KeyPart{{}}
	}
	return f.keyOf(m.Key.Func, parts, func(plan.KeyPart) *jen.Statement { return jen.Id(value) })
}
