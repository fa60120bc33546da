// Package keyed writes how the keys of a call are found.
package keyed

import (
	"go/types"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/bundles"
	"github.com/dualgen/dualgen/templates/internal/conv"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// WholeKind is the key of a call whose keys are not known: dual.Key{Kind: "User", Whole: true}.
func WholeKind(f *printing.File, m *plan.Method) *jen.Statement {
	if m.Entity == nil {
		return printing.Brief(f.Dual("Key"))
	}
	return wholeOf(f, m.Entity)
}

func wholeOf(f *printing.File, e *plan.Entity) *jen.Statement {
	return printing.Brief(f.Dual("Key"), jen.Id("Kind").Op(":").Lit(e.Name), jen.Id("Whole").Op(":").True())
}

// KeysOfSeveral makes the keys of a write on several kinds. What is behind a nil pointer has none:
//
//	keys := []dual.Key{codeKey(code.ID), {Kind: "Request", Whole: true}}
//	if owner != nil {
//		keys = append(keys, ownerKey(owner.ID))
//	}
func KeysOfSeveral(f *printing.File, m *plan.Method, s *printing.Scope, keys string) []jen.Code {
	return KeysOfTouches(f, m, s, keys, func(_ plan.Key, param int) *jen.Statement { return jen.Id(m.Params[param].Name) })
}

// KeysOfTouches makes the keys of all that a write touches; at is where a key's parameter, or result, is found.
func KeysOfTouches(f *printing.File, m *plan.Method, s *printing.Scope, keys string, at func(key plan.Key, param int) *jen.Statement) []jen.Code {
	var plain, later []jen.Code
	for _, touch := range m.Touches() {
		key := touch.Key
		var condition *jen.Statement
		made := func() *jen.Statement {
			return KeyOf(f, key.Func, key.Parts, func(p plan.KeyPart) *jen.Statement { return at(key, p.Param) })
		}
		add := func(made jen.Code) jen.Code { return jen.Id(keys).Op("=").Append(jen.Id(keys), made) }
		for _, param := range printing.NilableParams(m, key) {
			if condition == nil {
				condition = at(key, param).Op("!=").Nil()
				continue
			}
			condition.Op("&&").Add(at(key, param)).Op("!=").Nil()
		}
		switch {
		case key.Form == plan.KeyEach || key.Form == plan.KeyOutEach:
			one := add(KeyOf(f, key.Func, key.Parts, func(plan.KeyPart) *jen.Statement { return jen.Id(s.Value) }))
			if key.Form == plan.KeyOutEach && NilElements(m.Params[key.Parts[0].Param].Type) {
				one = jen.If(jen.Id(s.Value).Op("!=").Nil()).Block(one)
			}
			later = append(later, jen.For(jen.List(jen.Id("_"), jen.Id(s.Value)).Op(":=").Range().Add(at(key, key.Parts[0].Param))).Block(one))
		case key.Form == plan.KeyNone:
			plain = append(plain, jen.Values(jen.Id("Kind").Op(":").Lit(touch.Entity.Name), jen.Id("Whole").Op(":").True()))
		case condition != nil:
			later = append(later, jen.If(condition).Block(add(made())))
		default:
			plain = append(plain, made())
		}
	}
	return append([]jen.Code{jen.Id(keys).Op(":=").Index().Add(f.Dual("Key")).Values(plain...)}, later...)
}

// NilElements reports whether the elements of a list may be nil.
func NilElements(list types.Type) bool {
	slice, ok := list.Underlying().(*types.Slice)
	if !ok {
		return false
	}
	_, pointer := slice.Elem().Underlying().(*types.Pointer)
	return pointer
}

// KeyOf calls a key function with the parts of a key: userKey(user.ID).
func KeyOf(f *printing.File, key *plan.FuncRef, parts []plan.KeyPart, of func(plan.KeyPart) *jen.Statement) *jen.Statement {
	args := conv.Codecs(f, key)
	for _, part := range parts {
		args = append(args, PartOf(of(part), part))
	}
	return f.Ref(key).Call(args...)
}

// PartOf follows a key part's path: user.Tenant().ID.
func PartOf(value *jen.Statement, part plan.KeyPart) *jen.Statement {
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

// KeyIsZero reports whether a part of the key in the arguments is the zero value, so that the primary makes it:
// user.ID == 0. Of a list, whether it is in any element:
//
//	slices.ContainsFunc(users, func(value *User) bool { return value != nil && value.ID == 0 })
func KeyIsZero(f *printing.File, m *plan.Method, s *printing.Scope) *jen.Statement {
	if m.Key.Form != plan.KeyEach {
		return anyPartIsZero(f, m.Key.Parts, func(p plan.KeyPart) *jen.Statement { return jen.Id(m.Params[p.Param].Name) })
	}
	list := m.Params[m.Key.Parts[0].Param]
	elem := list.Type.Underlying().(*types.Slice).Elem()
	zero := anyPartIsZero(f, m.Key.Parts, func(plan.KeyPart) *jen.Statement { return jen.Id(s.Value) })
	if NilElements(list.Type) {
		if len(m.Key.Parts) > 1 {
			zero = jen.Parens(zero)
		}
		zero = jen.Id(s.Value).Op("!=").Nil().Op("&&").Add(zero)
	}
	return f.Std("slices", "ContainsFunc").Call(jen.Id(list.Name),
		jen.Func().Params(jen.Id(s.Value).Add(f.Typ(elem))).Bool().Add(printing.Inline(jen.Return(zero))))
}

// anyPartIsZero reports whether one of a key's parts is the zero value.
func anyPartIsZero(f *printing.File, parts []plan.KeyPart, of func(plan.KeyPart) *jen.Statement) *jen.Statement {
	any := jen.Null()
	for i, part := range parts {
		if i > 0 {
			any.Op("||")
		}
		zero := f.Zero(part.Type)
		switch part.Type.Underlying().(type) {
		case *types.Struct, *types.Array:
			zero = jen.Parens(zero)
		}
		any.Add(PartOf(of(part), part)).Op("==").Add(zero)
	}
	return any
}

// KeysOfEach makes the keys of a write on several entities:
//
//	keys := make([]dual.Key, len(users))
//	for i, user := range users {
//		keys[i] = userKey(user.ID)
//	}
func KeysOfEach(f *printing.File, m *plan.Method, s *printing.Scope, keys string) []jen.Code {
	each := jen.Id(m.Params[m.Key.Parts[0].Param].Name)
	key := KeyOf(f, m.Key.Func, m.Key.Parts, func(plan.KeyPart) *jen.Statement { return jen.Id(s.Value) })
	return eachKey(f, s, keys, each, key)
}

// eachKey makes a key of each value of a list.
func eachKey(f *printing.File, s *printing.Scope, keys string, each, key jen.Code) []jen.Code {
	i := s.Name("i")
	return []jen.Code{
		jen.Id(keys).Op(":=").Make(jen.Index().Add(f.Dual("Key")), jen.Len(each)),
		jen.For(jen.List(jen.Id(i), jen.Id(s.Value)).Op(":=").Range().Add(each)).Block(
			jen.Id(keys).Index(jen.Id(i)).Op("=").Add(key)),
	}
}

// eachKeyOfPointers is eachKey for a list of pointers. It leaves out those that are nil.
func eachKeyOfPointers(f *printing.File, s *printing.Scope, keys string, each, key jen.Code) []jen.Code {
	return []jen.Code{
		jen.Id(keys).Op(":=").Make(jen.Index().Add(f.Dual("Key")), jen.Lit(0), jen.Len(each)),
		jen.For(jen.List(jen.Id("_"), jen.Id(s.Value)).Op(":=").Range().Add(each)).Block(
			jen.If(jen.Id(s.Value).Op("!=").Nil()).Block(jen.Id(keys).Op("=").Append(jen.Id(keys), key))),
	}
}

// KeyOfMade is the function that finds the key that the primary made:
//
//	func(id int64, _ User) dual.Key { return userKey(id) }
func KeyOfMade(f *printing.File, repo *plan.Repository, m *plan.Method, s *printing.Scope) *jen.Statement {
	args, value := bundles.ArgsName(f, m, s), s.Value
	bundle, variable, unused := m.Values, value, args
	if m.Key.Form == plan.KeyOut {
		bundle, variable, unused = m.Args, args, value
	}
	values := bundles.Unpack(bundle, variable)
	key := KeyOf(f, m.Key.Func, m.Key.Parts, func(p plan.KeyPart) *jen.Statement {
		return jen.Add(values[slices.Index(bundle.Index, p.Param)])
	})
	if unused == args {
		args = "_"
	} else {
		value = "_"
	}
	return jen.Func().Params(
		jen.Id(value).Add(bundles.BundleType(f, repo, m.Values)),
		jen.Id(args).Add(bundles.BundleType(f, repo, m.Args)),
	).Add(f.Dual("Key")).Add(printing.Inline(jen.Return(key)))
}

// KeysOfMade is the function that finds the keys that the primary made, and those that the write has beside:
//
//	func(_ struct{}, users []*User) []dual.Key {
//		keys := []dual.Key{}
//		for _, value := range users {
//			if value != nil {
//				keys = append(keys, userKey(value.ID))
//			}
//		}
//		return keys
//	}
func KeysOfMade(f *printing.File, repo *plan.Repository, m *plan.Method, s *printing.Scope) *jen.Statement {
	args, value, keys := bundles.ArgsName(f, m, s), s.Name("made"), s.KeysName()
	values, given := false, false
	body := KeysOfTouches(f, m, s, keys, func(key plan.Key, param int) *jen.Statement {
		bundle, variable := m.Args, args
		if key.Form == plan.KeyResult {
			bundle, variable, values = m.Values, value, true
		} else {
			given = true
		}
		return jen.Add(bundles.Unpack(bundle, variable)[slices.Index(bundle.Index, param)])
	})
	if !values {
		value = "_"
	}
	if !given {
		args = "_"
	}
	return jen.Func().Params(
		jen.Id(value).Add(bundles.BundleType(f, repo, m.Values)),
		jen.Id(args).Add(bundles.BundleType(f, repo, m.Args)),
	).Index().Add(f.Dual("Key")).Block(append(body, jen.Return(jen.Id(keys)))...)
}
