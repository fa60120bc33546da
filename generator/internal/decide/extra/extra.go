// Package extra makes methods of the internal store interface: those that both stores have, that the repository interface
// doesn't, and that directives name.
package extra

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/internal/verb"
	"github.com/dualgen/dualgen/internal/plan"
)

// Known is the method of that name that only the stores have, if a directive has named it already; else nil.
func Known(in *model.Interface, name string) *model.Method {
	for _, m := range in.Extra {
		if m.Name == name {
			return m
		}
	}
	return nil
}

// Have reports whether both stores have a method.
func Have(in *model.Interface, name string) bool {
	return in.Stores[0].Method[name] != nil && in.Stores[1].Method[name] != nil
}

// ForRole makes a method that both stores have into one of the internal store interface, in the repository's own types; nil where
// a store lacks it.
func ForRole(in *model.Interface, e *model.Entity, role model.Role, said text.Word) *model.Method {
	if m := Known(in, said.Text); m != nil {
		return m
	}
	if !Have(in, said.Text) {
		return nil
	}
	m := in.Describe(said.Text, roleSignature(in, e, role, example(in, said.Text)), said.Pos)
	m.Own(e)
	m.Kind, m.Delete = plan.Write, role == model.Delete
	switch role {
	case model.Get, model.Scan:
		m.Kind = plan.Read
	case model.Delete:
		m.Trait = verb.Removes
	default:
		m.Trait = verb.Whole
	}
	m.Key = keyOf(m, e)
	in.Extra = append(in.Extra, m)
	return m
}

// example is the signature that a method of both stores has in one of them: in one without a shim, where its calls are passed on as
// they are, if there is one.
func example(in *model.Interface, name string) *types.Signature {
	if in.Stores[0].Shim && !in.Stores[1].Shim {
		return in.Stores[1].Signature(name)
	}
	return in.Stores[0].Signature(name)
}

// keyOf is the key of a method that was made for a role: of its entity, or all its parameters but those of a listing.
func keyOf(m *model.Method, e *model.Entity) plan.Key {
	key := plan.Key{Form: plan.KeyOne}
	if i, ok := e.Param(m, false); ok {
		key.Parts = e.PartsFrom(i, m.Params[i].Type)
		return key
	}
	args := m.NonContext()
	if len(args) != len(e.Parts) {
		return key
	}
	for n, part := range e.Parts {
		if !types.Identical(m.Params[args[n]].Type, part.Type) {
			return plan.Key{Form: plan.KeyOne}
		}
		key.Parts = append(key.Parts, plan.KeyPart{Param: args[n], Type: part.Type})
	}
	return key
}

// ForList makes a method that both stores have, and that lists what a write may touch, into one of the internal store interface.
func ForList(in *model.Interface, m *model.Method, w text.Word) *model.Method {
	if known := Known(in, w.Text); known != nil {
		return known
	}
	sig := scanSignature(in, m.Owner, example(in, w.Text))
	var params []*types.Var
	for p := range sig.Params().Variables() {
		if i := m.ParamCalled(p.Name()); i >= 0 && !shape.IsContext(p.Type()) {
			p = types.NewVar(p.Pos(), in.Package, p.Name(), m.Params[i].Type)
		}
		params = append(params, p)
	}
	sig = types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), sig.Results(), sig.Variadic())
	made := in.Describe(w.Text, sig, w.Pos)
	made.Own(m.Owner)
	made.Kind = plan.Read
	in.Extra = append(in.Extra, made)
	return made
}

// ReportNone reports a directive's word that names no method of the interface, and none that both stores have. function is one over a
// store that could be written in its place; "" for none.
func ReportNone(in *model.Interface, said text.Word, function string) {
	for i, s := range in.Stores {
		if s.Method[said.Text] != nil && in.Stores[1-i].Method[said.Text] == nil {
			remedy := "give the " + model.Sides[1-i] + " store " + shape.StringIn(in.Stores[1-i].Type, in.Package) + " one too"
			if in.Stores[1-i].Same {
				remedy = "add it to " + in.Object.Name() + ", which the " + model.Sides[1-i] + " store is"
			}
			if function == "" {
				remedy += ", or name a function over a store"
			} else {
				remedy += "\nor write a function over a store: " + function
			}
			in.Reports.Addf(said.Pos, remedy, "the %s store has a method %s, but the %s store does not", model.Sides[i], said.Text, model.Sides[1-i])
			return
		}
	}
	known := slices.Concat(in.MethodNames(), in.StoreMethods())
	slices.Sort(known)
	remedy := report.Hint(said.Text, slices.Compact(known))
	if function != "" && !strings.HasPrefix(remedy, "did you mean") {
		remedy += "\nor write a function over a store: " + function
	}
	in.Reports.Addf(said.Pos, remedy, "neither %s nor both stores have a method %s", in.Object.Name(), said.Text)
}

// roleSignature is what a method for a role looks like in the repository's own types.
func roleSignature(in *model.Interface, e *model.Entity, role model.Role, like *types.Signature) *types.Signature {
	variable := func(name string, t types.Type) *types.Var { return types.NewVar(token.NoPos, in.Package, name, t) }
	var params, results []*types.Var
	if like.Params().Len() > 0 && shape.IsContext(like.Params().At(0).Type()) {
		params = append(params, variable("ctx", like.Params().At(0).Type()))
	}
	fail := variable("", types.Universe.Lookup("error").Type())
	switch role {
	case model.Get:
		results = []*types.Var{variable("", asIn(e, like.Results(), 0)), fail}
	case model.Put:
		params, results = append(params, variable(text.LowerFirst(e.Name), asIn(e, like.Params(), len(params)))), []*types.Var{fail}
	case model.Scan:
		return scanSignature(in, e, like)
	default:
		results = []*types.Var{fail}
	}
	if role != model.Put {
		for _, p := range e.Parts {
			params = append(params, variable(text.LowerFirst(p.Name), p.Type))
		}
	}
	return types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), types.NewTuple(results...), false)
}

// asIn is an entity's type, or the pointer to it that stands in the store's own signature.
func asIn(e *model.Entity, tuple *types.Tuple, n int) types.Type {
	if n < tuple.Len() {
		if elem, pointer := shape.Deref(tuple.At(n).Type()); pointer && types.Identical(elem, e.Type) {
			return tuple.At(n).Type()
		}
	}
	return e.Type
}

// scanSignature is a listing method's signature with the store's own entity type replaced by the repository's.
func scanSignature(in *model.Interface, e *model.Entity, like *types.Signature) *types.Signature {
	var params, results []*types.Var
	offset := 0
	if like.Params().Len() > 0 && shape.IsContext(like.Params().At(0).Type()) {
		offset = 1
	}
	for i := range like.Params().Len() {
		v := like.Params().At(i)
		if n := i - offset; n >= 0 && n < len(e.Parts) && strings.HasPrefix(text.BareName(v.Name()), "after") {
			v = types.NewVar(token.NoPos, in.Package, v.Name(), e.Parts[n].Type)
		}
		params = append(params, v)
	}
	for v := range like.Results().Variables() {
		if slice, ok := v.Type().Underlying().(*types.Slice); ok {
			own, _ := shape.Deref(slice.Elem())
			if _, isStruct := shape.NamedStruct(shape.ElementOf(slice).Type); isStruct != nil && !types.Identical(own, e.Type) {
				v = types.NewVar(token.NoPos, in.Package, "", types.NewSlice(e.Type))
			}
		}
		results = append(results, v)
	}
	return types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), types.NewTuple(results...), false)
}
