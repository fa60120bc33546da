package templates

import (
	"go/constant"
	"go/types"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// some1 is some for a type that has a generator.
func (g *tests) some1(t types.Type) *jen.Statement {
	if s := g.some(t); s != nil {
		return s
	}
	return g.rapid("Just").Call(g.zero(t))
}

// some is an expression of a *rapid.Generator[T], or nil for what has no values to draw: functions, interfaces, channels.
func (g *tests) some(t types.Type) *jen.Statement {
	if p, ok := types.Unalias(t).(*types.TypeParam); ok {
		return g.draw(p)
	}
	if s := g.wellKnown(t); s != nil {
		return s
	}
	if plan.HoldsLock(t) {
		return nil // its value cannot be passed on
	}
	if s := g.enum(t); s != nil {
		return s
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return g.basic(t, u)
	case *types.Pointer:
		if elem := g.some(u.Elem()); elem != nil {
			return g.rapid("Ptr").Call(elem, jen.True())
		}
	case *types.Slice:
		return g.slice(t, u)
	case *types.Map:
		key, value := g.some(u.Key()), g.element(u.Elem())
		if key != nil && value != nil {
			return g.named(t, u, g.dualtest("Map").Call(key, value))
		}
	case *types.Struct, *types.Array:
		return g.declared(t)
	case *types.Interface:
		if u.Empty() {
			return g.named(t, types.Universe.Lookup("any").Type(), g.dualtest("Any").Call())
		}
	}
	return nil
}

// wellKnown generates the types that need care.
func (g *tests) wellKnown(t types.Type) *jen.Statement {
	switch types.Unalias(t).String() {
	case "time.Time":
		return g.dualtest("Time").Call()
	case "time.Duration":
		return g.dualtest("Duration").Types(g.typ(t)).Call()
	case "encoding/json.RawMessage":
		return g.dualtest("JSON").Types(g.typ(t)).Call()
	}
	return nil
}

// enum generates the constants of a type that has some: rapid.SampledFrom([]Color{Red, Green}).
func (g *tests) enum(t types.Type) *jen.Statement {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return nil
	}
	scope := named.Obj().Pkg().Scope()
	var members []*types.Const
	for _, name := range scope.Names() {
		c, ok := scope.Lookup(name).(*types.Const)
		if ok && types.Identical(c.Type(), t) && g.reaches(c) {
			members = append(members, c)
		}
	}
	if len(members) == 0 {
		return nil
	}
	slices.SortStableFunc(members, func(a, b *types.Const) int { return int(a.Pos() - b.Pos()) })
	var values []jen.Code
	for _, c := range members {
		if c.Val().Kind() != constant.Unknown {
			values = append(values, g.in(c.Pkg(), c.Name()))
		}
	}
	return g.rapid("SampledFrom").Call(jen.Index().Add(g.typ(t)).Values(values...))
}

func (g *tests) basic(t types.Type, u *types.Basic) *jen.Statement {
	name := ""
	switch info := u.Info(); {
	case info&types.IsString != 0:
		name = "Text"
	case info&types.IsInteger != 0:
		name = "Int"
	case info&types.IsFloat != 0:
		name = "Float"
	case info&types.IsBoolean != 0:
		name = "Bool"
	default:
		return nil
	}
	return g.dualtest(name).Types(g.typ(t)).Call()
}

func (g *tests) slice(t types.Type, u *types.Slice) *jen.Statement {
	if basic, ok := u.Elem().Underlying().(*types.Basic); ok && basic.Kind() == types.Byte {
		return g.dualtest("Bytes").Types(g.typ(t)).Call()
	}
	elem := g.element(u.Elem())
	if elem == nil {
		return nil
	}
	return g.named(t, u, g.dualtest("Slice").Call(elem))
}

// element is some for the elements of a list: a pointer to a struct is not nil there, which would be a caller's mistake.
func (g *tests) element(t types.Type) *jen.Statement {
	pointer, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return g.some(t)
	}
	_, isStruct := pointer.Elem().Underlying().(*types.Struct)
	elem := g.some(pointer.Elem())
	if elem == nil || !types.Identical(t, pointer) {
		return g.some(t)
	}
	return g.rapid("Ptr").Call(elem, jen.Lit(!isStruct))
}

// named turns a generator of an unnamed type into one of a named type of that form.
func (g *tests) named(t, underlying types.Type, generator *jen.Statement) *jen.Statement {
	if types.Identical(t, underlying) {
		return generator
	}
	return g.rapid("Map").Call(generator, jen.Func().Params(jen.Id("v").Add(g.typ(underlying))).Add(g.typ(t)).
		Add(inline(jen.Return(g.typ(t).Call(jen.Id("v"))))))
}

// declared generates a struct or an array by a function of its own, which is declared later.
func (g *tests) declared(t types.Type) *jen.Statement {
	if u, ok := t.Underlying().(*types.Struct); ok && len(g.settable(u)) == 0 && g.assembly(t) == nil {
		return g.rapid("Just").Call(g.zero(t))
	}
	key := t.String()
	if g.names[key] == "" {
		name := "value"
		if named, ok := types.Unalias(t).(*types.Named); ok {
			name = named.Obj().Name()
		}
		if g.repo.Names.Prefix != "" {
			name = upperFirst(g.repo.Names.Prefix) + upperFirst(name)
		}
		g.names[key] = g.global.name("some" + upperFirst(name))
		g.pending = append(g.pending, t)
	}
	return jen.Id(g.names[key]).Call(g.drawArgs(plan.TypeParamsIn(t))...)
}

// directed is the user's generator for the first of the names that has one, or nil.
func (g *tests) directed(names ...string) *plan.FuncRef {
	for _, name := range names {
		for _, generator := range g.repo.Generators {
			if generator.Name == name {
				return generator.Func
			}
		}
	}
	return nil
}

// byDirective makes a generator of a user's function, func(*rapid.T) T: rapid.Custom(randomEmail).
func (g *tests) byDirective(ref *plan.FuncRef) *jen.Statement {
	return g.rapid("Custom").Call(g.ref(ref))
}

// keyField reports whether a field is part of the key of an entity of that type.
func (g *tests) keyField(t types.Type, field string) bool {
	for _, e := range g.repo.Entities {
		if e.Type == nil || !types.Identical(e.Type, t) {
			continue
		}
		for _, part := range e.Key {
			if len(part.Path) == 1 && (part.Path[0].Name == field || part.Path[0].Call && part.Path[0].Name == "Get"+field) {
				return true
			}
		}
	}
	return false
}

// id generates parts of keys: few, so that calls meet on the same entity.
func (g *tests) id(t types.Type) *jen.Statement {
	if s := g.wellKnown(t); s != nil {
		return g.dualtest("Few").Call(s)
	}
	if s := g.enum(t); s != nil {
		return s
	}
	if basic, ok := t.Underlying().(*types.Basic); ok {
		switch {
		case basic.Info()&types.IsString != 0:
			return g.dualtest("ID").Types(g.typ(t)).Call()
		case basic.Info()&types.IsInteger != 0:
			return g.dualtest("Number").Types(g.typ(t)).Call()
		}
	}
	if s := g.some(t); s != nil {
		return g.dualtest("Few").Call(s)
	}
	return nil
}

// refersTo reports whether a field or a parameter names an entity by its key: UserID, userID, user_id, for a User with the key
// ID of the same type.
func (g *tests) refersTo(name string, t types.Type) bool {
	plain := strings.ReplaceAll(name, "_", "")
	return slices.ContainsFunc(g.repo.Entities, func(e *plan.Entity) bool {
		if len(e.Key) != 1 || len(e.Key[0].Path) == 0 || !types.Identical(e.Key[0].Type, t) {
			return false
		}
		last := e.Key[0].Path[len(e.Key[0].Path)-1]
		return strings.EqualFold(plain, e.Name+strings.TrimPrefix(last.Name, "Get"))
	})
}

// leadsTo reports whether a value of type t can hold one of type target.
func leadsTo(t, target types.Type, seen []types.Type) bool {
	if types.Identical(t, target) {
		return true
	}
	if slices.Contains(seen, t) {
		return false
	}
	seen = append(seen, t)
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return leadsTo(u.Elem(), target, seen)
	case *types.Slice:
		return leadsTo(u.Elem(), target, seen)
	case *types.Array:
		return leadsTo(u.Elem(), target, seen)
	case *types.Map:
		return leadsTo(u.Key(), target, seen) || leadsTo(u.Elem(), target, seen)
	case *types.Struct:
		for f := range u.Fields() {
			if leadsTo(f.Type(), target, seen) {
				return true
			}
		}
	}
	return false
}
