// Package arguments writes what conformance tests draw for the arguments of a method.
package arguments

import (
	"go/types"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/draw"
	"github.com/dualgen/dualgen/templates/internal/helpers"
	"github.com/dualgen/dualgen/templates/internal/keyed"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// PerStore is a list of which each store gets a copy of its own, where it may fill something in: of pointers, copies of what is behind.
func PerStore(g *draw.Values, p *plan.Param, arg *jen.Statement, spread, fills bool) *jen.Statement {
	slice, ok := p.Type.Underlying().(*types.Slice)
	if !ok {
		return arg
	}
	copied := g.Std("slices", "Clone")
	switch slice.Elem().Underlying().(type) {
	case *types.Pointer:
		copied = g.Dualtest("CopiedEach")
	case *types.Struct:
		if !fills {
			return arg
		}
	default:
		return arg
	}
	list := copied.Call(jen.Id(p.Name))
	if spread {
		list.Op("...")
	}
	return list
}

// noCursor is the cursor of the first page.
func noCursor(g *draw.Values, t types.Type) *jen.Statement {
	if _, ok := t.Underlying().(*types.Basic); ok {
		return emptyText(g, t)
	}
	return helpers.ConversionOf(g.File, t, jen.Nil())
}

// Drawing begins the function that draws a step's arguments: func(t *dualtest.T).
func Drawing(g *draw.Values, t string) *jen.Statement {
	return jen.Func().Params(jen.Id(t).Op("*").Add(g.Dualtest("T")))
}

// Drawn draws a method's arguments, and lists them for the store's call.
func Drawn(g *draw.Values, m *plan.Method, s *printing.Scope, t string) (draws, args []jen.Code, ok bool) {
	for i, p := range m.Params {
		if i == m.Context {
			args = append(args, jen.Id(s.Ctx))
			continue
		}
		generator, arg := Argument(g, m, i)
		if generator == nil {
			return nil, nil, false
		}
		draws = append(draws, jen.Id(p.Name).Op(":=").Add(g.Dualtest("Draw").Call(jen.Id(t), jen.Lit(p.Name), generator)))
		args = append(args, arg)
	}
	return draws, args, true
}

// Argument is the generator of a method's i-th parameter, and the expression that hands a drawn value to one store.
func Argument(g *draw.Values, m *plan.Method, i int) (generator, arg *jen.Statement) {
	p := m.Params[i]
	arg = jen.Id(p.Name)
	if p.Variadic {
		arg.Op("...")
	}
	if ref := g.Directed(m.Name+"."+p.Said, p.Said); ref != nil {
		return g.ByDirective(ref), arg
	}
	if sig, ok := p.Type.Underlying().(*types.Signature); ok {
		return modification(g, m, p, sig)
	}
	if pointer, ok := p.Type.Underlying().(*types.Pointer); ok {
		if elem := g.Some(pointer.Elem()); elem != nil { // each store gets a copy: it may fill it in
			return elem, g.Dualtest("Copied").Call(jen.Id(p.Name))
		}
		return nil, nil
	}
	return plainArgument(g, m, i), PerStore(g, p, arg, p.Variadic, m.Key.Form == plan.KeyOutEach)
}

// plainArgument generates an argument that is handed on as it is: a part of a key, a place in a listing, or any value.
func plainArgument(g *draw.Values, m *plan.Method, i int) *jen.Statement {
	p := m.Params[i]
	whole := func(part plan.KeyPart) bool { return part.Param == i && len(part.Path) == 0 }
	switch {
	case m.Key.Form == plan.KeyOne && slices.ContainsFunc(m.Key.Parts, whole):
		return keyPart(g, m.Entity, slices.IndexFunc(m.Key.Parts, whole), p.Type)
	case (m.Key.Form == plan.KeyEach || m.Key.Form == plan.KeyOutEach) && m.Key.Parts[0].Param == i:
		return each(g, m, p)
	}
	for _, touch := range m.Also {
		if n := slices.IndexFunc(touch.Key.Parts, whole); touch.Key.Form == plan.KeyOne && n >= 0 {
			return keyPart(g, touch.Entity, n, p.Type)
		}
	}
	basic, ok := p.Type.Underlying().(*types.Basic)
	switch {
	case namesKey(g, p) && !lists(g, m, plan.ScanAfterKey):
		return g.Id(p.Type)
	case m.Paging != nil && m.Paging.Param == i:
		return g.Rapid("Just").Call(noCursor(g, p.Type)) // a cursor is the store's own
	case ok && basic.Info()&types.IsInteger != 0 && types.Unalias(p.Type) == types.Type(basic) && sameField(g, p) == nil:
		return g.Dualtest("Small").Types(g.Typ(p.Type)).Call()
	case ok && basic.Info()&types.IsString != 0 && lists(g, m, plan.ScanCursor):
		return g.Rapid("Just").Call(emptyText(g, p.Type)) // a cursor is the store's own
	case lists(g, m, plan.ScanAfterKey):
		return g.Dualtest("OrZero").Call(g.Id(p.Type)) // the zero value is before all keys
	}
	if Opaque(p.Type) {
		return nil // what it wants is not to be seen
	}
	if field := sameField(g, p); field != nil {
		return g.FieldGenerator(owner(g, field), field.Name(), field.Type())
	}
	return g.Some(p.Type)
}

// keyPart generates a part of an entity's key: as a directive says for its field, so that calls meet the entities, else as any key.
func keyPart(g *draw.Values, e *plan.Entity, part int, t types.Type) *jen.Statement {
	if e == nil || e.Entry != nil || part >= len(e.Key) || len(e.Key[part].Path) != 1 || !types.Identical(e.Key[part].Type, t) {
		return g.Id(t)
	}
	name, owner := e.Key[part].Path[0].Name, ""
	if named, ok := types.Unalias(e.Type).(*types.Named); ok {
		owner = named.Obj().Name() + "."
	}
	if ref := g.Directed(owner+name, name); ref != nil {
		return g.ByDirective(ref)
	}
	return g.Id(t)
}

// emptyText is "" of a type of strings.
func emptyText(g *draw.Values, t types.Type) *jen.Statement {
	if types.Identical(t, types.Typ[types.String]) {
		return jen.Lit("")
	}
	return g.Typ(t).Call(jen.Lit(""))
}

// each generates the keys, or the entities, of a write on several. No two have one key.
func each(g *draw.Values, m *plan.Method, p *plan.Param) *jen.Statement {
	slice, ok := p.Type.Underlying().(*types.Slice)
	if !ok {
		return nil
	}
	if len(m.Key.Parts[0].Path) == 0 {
		return g.Named(p.Type, slice, g.Dualtest("Distinct").Call(g.Id(slice.Elem()), g.Rapid("ID").Types(g.Typ(slice.Elem()))))
	}
	elem := g.Some(slice.Elem())
	if pointer, ok := slice.Elem().Underlying().(*types.Pointer); ok {
		elem = g.Rapid("Ptr").Call(g.Some(pointer.Elem()), jen.False())
	}
	key := jen.Func().Params(jen.Id("v").Add(g.Typ(slice.Elem()))).Add(g.Dual("Key")).Add(printing.Inline(jen.Return(
		keyed.KeyOf(g.File, m.Key.Func, m.Key.Parts, func(plan.KeyPart) *jen.Statement { return jen.Id("v") }))))
	return g.Named(p.Type, slice, g.Dualtest("Distinct").Call(elem, key))
}

// lists reports whether a method is an entity's listing method of the given form.
func lists(g *draw.Values, m *plan.Method, form plan.ScanForm) bool {
	return slices.ContainsFunc(g.Repo.Entities, func(e *plan.Entity) bool {
		return e.Scan != nil && e.Scan.Method == m && e.Scan.Form == form
	})
}

// namesKey reports whether a parameter is, by its name and type, the key of an entity or a part of it.
func namesKey(g *draw.Values, p *plan.Param) bool {
	field := sameField(g, p)
	return g.RefersTo(p.Said, p.Type) || field != nil && g.KeyField(owner(g, field), field.Name())
}

// Opaque reports whether a type is an interface: what a method wants there is not to be seen.
func Opaque(t types.Type) bool {
	_, param := types.Unalias(t).(*types.TypeParam)
	return !param && types.IsInterface(t)
}

// sameField is the field of an entity that has a parameter's name and type: its values are worth asking for.
func sameField(g *draw.Values, p *plan.Param) *types.Var {
	for _, e := range g.Repo.Entities {
		u, ok := e.Type.Underlying().(*types.Struct)
		if !ok {
			continue
		}
		for f := range u.Fields() {
			if strings.EqualFold(f.Name(), p.Name) && types.Identical(f.Type(), p.Type) {
				return f
			}
		}
	}
	return nil
}

// owner is the entity type that a field belongs to.
func owner(g *draw.Values, field *types.Var) types.Type {
	for _, e := range g.Repo.Entities {
		if u, ok := e.Type.Underlying().(*types.Struct); ok {
			for f := range u.Fields() {
				if f == field {
					return e.Type
				}
			}
		}
	}
	return nil
}
