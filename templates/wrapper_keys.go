package templates

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// wholeKind is the key of a call whose keys are not known: dual.Key{Kind: "User", Whole: true}.
func (f *file) wholeKind(m *plan.Method) *jen.Statement {
	if m.Entity == nil {
		return brief(f.dual("Key"))
	}
	return brief(f.dual("Key"), jen.Id("Kind").Op(":").Lit(m.Entity.Name), jen.Id("Whole").Op(":").True())
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

// keysOfEach makes the keys of a write on several entities:
//
//	keys := make([]dual.Key, len(users))
//	for i, user := range users {
//		keys[i] = userKey(user.ID)
//	}
func (f *file) keysOfEach(m *plan.Method, s *scope, keys string) []jen.Code {
	i, value := s.name("i"), s.value
	each := jen.Id(m.Params[m.Key.Parts[0].Param].Name)
	key := f.keyOf(m.Key.Func, m.Key.Parts, func(plan.KeyPart) *jen.Statement { return jen.Id(value) })
	return []jen.Code{
		jen.Id(keys).Op(":=").Make(jen.Index().Add(f.dual("Key")), jen.Len(each)),
		jen.For(jen.List(jen.Id(i), jen.Id(value)).Op(":=").Range().Add(each)).Block(
			jen.Id(keys).Index(jen.Id(i)).Op("=").Add(key)),
	}
}

// keyOfMade is the function that finds the key that the primary made:
//
//	func(id int64, _ User) dual.Key { return userKey(id) }
func (f *file) keyOfMade(repo *plan.Repository, m *plan.Method, s *scope) *jen.Statement {
	if m.Key.Form != plan.KeyResult && m.Key.Form != plan.KeyOut {
		return nil
	}
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
