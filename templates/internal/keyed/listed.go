package keyed

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/bundles"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// KeysListed is the function that lists the keys which a write may touch:
//
//	func(ctx context.Context, store Users, now time.Time) ([]dual.Key, error) {
//		listed, err := store.Expired(ctx, now)
//		keys := make([]dual.Key, len(listed))
//		for i, value := range listed {
//			keys[i] = userKey(value.ID)
//		}
//		return keys, err
//	}
func KeysListed(f *printing.File, repo *plan.Repository, m *plan.Method, s *printing.Scope) *jen.Statement {
	l, args := m.Key.Lister, bundles.ArgsName(f, m, s)
	listed := s.Name("listed")
	locals, err := []jen.Code{jen.Id(listed)}, jen.Nil()
	if l.Fails {
		locals, err = append(locals, jen.Id(s.Err)), jen.Id(s.Err)
	}
	if l.Found {
		locals = append(locals[:1], append([]jen.Code{jen.Id(s.Name("found"))}, locals[1:]...)...)
	}
	keysOf := keysOfList
	if l.One {
		keysOf = keyOfOne
	}
	ctx := "_"
	if l.Func != nil && l.Func.Context || slices.Contains(l.Args, -1) {
		ctx = s.Ctx
	}
	call := jen.List(locals...).Op(":=").Add(callLister(f, m, s, args))
	return jen.Func().Params(
		jen.Id(ctx).Add(f.Std("context", "Context")),
		jen.Id(s.Store).Add(f.StoreType(repo)),
		jen.Id(args).Add(bundles.BundleType(f, repo, m.Args)),
	).Params(jen.Index().Add(f.Dual("Key")), jen.Error()).Block(append([]jen.Code{call}, keysOf(f, m, s, locals, err)...)...)
}

// keysOfList makes a key of each that was listed.
func keysOfList(f *printing.File, m *plan.Method, s *printing.Scope, locals []jen.Code, err jen.Code) []jen.Code {
	each, keys := eachKey, s.KeysName()
	if m.Key.Lister.Pointer {
		each = eachKeyOfPointers
	}
	return append(each(f, s, keys, locals[0], keyOfListed(f, m, jen.Id(s.Value))), jen.Return(jen.Id(keys), err))
}

// keyOfOne makes a key of the one that was found:
//
//	if errors.Is(err, ErrNotFound) {
//		return nil, nil
//	}
//	if err != nil {
//		return nil, err
//	}
//	return []dual.Key{userKey(listed.ID)}, nil
func keyOfOne(f *printing.File, m *plan.Method, s *printing.Scope, locals []jen.Code, err jen.Code) (body []jen.Code) {
	l := m.Key.Lister
	none := func(condition jen.Code, err jen.Code) {
		body = append(body, jen.If(condition).Block(jen.Return(jen.Nil(), err)))
	}
	if l.Fails {
		if l.Method != nil && printing.Missing(l.Method) != nil {
			none(f.Std("errors", "Is").Call(err, f.Ref(printing.Missing(l.Method))), jen.Nil())
		}
		none(jen.Add(err).Op("!=").Nil(), err)
	}
	if l.Found {
		none(jen.Op("!").Add(locals[1]), jen.Nil())
	}
	if l.Pointer {
		none(jen.Add(locals[0]).Op("==").Nil(), jen.Nil())
	}
	key := keyOfListed(f, m, jen.Add(locals[0]))
	return append(body, jen.Return(jen.Index().Add(f.Dual("Key")).Values(key), jen.Nil()))
}

// callLister calls the lister with the arguments that are the write's too.
func callLister(f *printing.File, m *plan.Method, s *printing.Scope, args string) *jen.Statement {
	l, bundled := m.Key.Lister, bundles.Unpack(m.Args, args)
	var list []jen.Code
	if l.Func != nil {
		if l.Func.Context {
			list = append(list, jen.Id(s.Ctx))
		}
		list = append(list, jen.Id(s.Store))
	}
	for n, i := range l.Args {
		arg := jen.Id(s.Ctx)
		if i >= 0 {
			arg = jen.Add(bundled[slices.Index(m.Args.Index, i)])
		}
		if l.Spread && n == len(l.Args)-1 {
			arg.Op("...")
		}
		list = append(list, arg)
	}
	if l.Func != nil {
		return f.Ref(l.Func).Call(list...)
	}
	return jen.Id(s.Store).Dot(l.Method.Name).Call(list...)
}

// keyOfListed is the key of one thing that was listed.
func keyOfListed(f *printing.File, m *plan.Method, value *jen.Statement) *jen.Statement {
	parts := m.Entity.Key
	if m.Key.Lister.Keys {
		parts = []plan.KeyPart{{}}
	}
	return KeyOf(f, m.Key.Func, parts, func(plan.KeyPart) *jen.Statement { return value.Clone() })
}
