package draw

import (
	"go/constant"
	"go/types"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/identifier"
	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// Some1 is some for a type that has a generator.
func (g *Values) Some1(t types.Type) *jen.Statement {
	if s := g.Some(t); s != nil {
		return s
	}
	return g.Rapid("Just").Call(g.Zero(t))
}

// Some is an expression of a *rapid.Generator[T], or nil for what has no values to draw: functions, interfaces, channels.
func (g *Values) Some(t types.Type) *jen.Statement {
	if p, ok := types.Unalias(t).(*types.TypeParam); ok {
		return g.draw(p)
	}
	if s := g.wellKnown(t); s != nil {
		return s
	}
	if plan.HoldsLock(t) {
		return nil // its value cannot be passed on
	}
	if s := g.Enum(t); s != nil {
		return s
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return g.basic(t, u)
	case *types.Pointer:
		if elem := g.Some(u.Elem()); elem != nil {
			return g.Rapid("Ptr").Call(elem, jen.True())
		}
	case *types.Slice:
		return g.slice(t, u)
	case *types.Map:
		key, value := g.Some(u.Key()), g.element(u.Elem())
		if key != nil && value != nil {
			return g.Named(t, u, g.Dualtest("Map").Call(key, value))
		}
	case *types.Struct, *types.Array:
		return g.declared(t)
	case *types.Interface:
		if u.Empty() {
			return g.Named(t, types.Universe.Lookup("any").Type(), g.Dualtest("Any").Call())
		}
	}
	return nil
}

// wellKnown generates the types that need care.
func (g *Values) wellKnown(t types.Type) *jen.Statement {
	switch types.Unalias(t).String() {
	case "time.Time":
		return g.Dualtest("Time").Call()
	case "time.Duration":
		return g.Dualtest("Duration").Types(g.Typ(t)).Call()
	case "encoding/json.RawMessage":
		return g.Dualtest("JSON").Types(g.Typ(t)).Call()
	}
	return nil
}

// Enum generates the constants of a type that has some: rapid.SampledFrom([]Color{Red, Green}).
func (g *Values) Enum(t types.Type) *jen.Statement {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return nil
	}
	scope := named.Obj().Pkg().Scope()
	var members []*types.Const
	for _, name := range scope.Names() {
		c, ok := scope.Lookup(name).(*types.Const)
		if ok && types.Identical(c.Type(), t) && g.Reaches(c) {
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
			values = append(values, g.In(c.Pkg(), c.Name()))
		}
	}
	return g.Rapid("SampledFrom").Call(jen.Index().Add(g.Typ(t)).Values(values...))
}

func (g *Values) basic(t types.Type, u *types.Basic) *jen.Statement {
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
	return g.Dualtest(name).Types(g.Typ(t)).Call()
}

func (g *Values) slice(t types.Type, u *types.Slice) *jen.Statement {
	if basic, ok := u.Elem().Underlying().(*types.Basic); ok && basic.Kind() == types.Byte {
		return g.Dualtest("Bytes").Types(g.Typ(t)).Call()
	}
	elem := g.element(u.Elem())
	if elem == nil {
		return nil
	}
	return g.Named(t, u, g.Dualtest("Slice").Call(elem))
}

// element is some for the elements of a list: a pointer to a struct is not nil there, which would be a caller's mistake.
func (g *Values) element(t types.Type) *jen.Statement {
	pointer, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return g.Some(t)
	}
	_, isStruct := pointer.Elem().Underlying().(*types.Struct)
	elem := g.Some(pointer.Elem())
	if elem == nil || !types.Identical(t, pointer) {
		return g.Some(t)
	}
	return g.Rapid("Ptr").Call(elem, jen.Lit(!isStruct))
}

// Named turns a generator of an unnamed type into one of a named type of that form.
func (g *Values) Named(t, underlying types.Type, generator *jen.Statement) *jen.Statement {
	if types.Identical(t, underlying) {
		return generator
	}
	return g.Rapid("Map").Call(generator, jen.Func().Params(jen.Id("v").Add(g.Typ(underlying))).Add(g.Typ(t)).
		Add(printing.Inline(jen.Return(g.Typ(t).Call(jen.Id("v"))))))
}

// declared generates a struct or an array by a function of its own, which is declared later.
func (g *Values) declared(t types.Type) *jen.Statement {
	if u, ok := t.Underlying().(*types.Struct); ok && len(g.settable(u)) == 0 && g.assembly(t) == nil {
		return g.Rapid("Just").Call(g.Zero(t))
	}
	key := t.String()
	if g.Names[key] == "" {
		name := "value"
		if named, ok := types.Unalias(t).(*types.Named); ok {
			name = named.Obj().Name()
		}
		if g.Repo.Names.Prefix != "" {
			name = identifier.UpperFirst(g.Repo.Names.Prefix) + identifier.UpperFirst(name)
		}
		g.Names[key] = g.Global.Name("some" + identifier.UpperFirst(name))
		g.Pending = append(g.Pending, t)
	}
	return jen.Id(g.Names[key]).Call(g.DrawArgs(plan.TypeParamsIn(t))...)
}

// Directed is the user's generator for the first of the names that has one, or nil.
func (g *Values) Directed(names ...string) *plan.FuncRef {
	for _, name := range names {
		for _, generator := range g.Repo.Generators {
			if generator.Name == name {
				return generator.Func
			}
		}
	}
	return nil
}

// ByDirective makes a generator of a user's function, func(*rapid.T) T: rapid.Custom(randomEmail).
func (g *Values) ByDirective(ref *plan.FuncRef) *jen.Statement {
	return g.Rapid("Custom").Call(g.Ref(ref))
}

// KeyField reports whether a field is part of the key of an entity of that type.
func (g *Values) KeyField(t types.Type, field string) bool {
	for _, e := range g.Repo.Entities {
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

// Id generates parts of keys: few, so that calls meet on the same entity.
func (g *Values) Id(t types.Type) *jen.Statement {
	if s := g.wellKnown(t); s != nil {
		return g.Dualtest("Few").Call(s)
	}
	if s := g.Enum(t); s != nil {
		return s
	}
	if basic, ok := t.Underlying().(*types.Basic); ok {
		switch {
		case basic.Info()&types.IsString != 0:
			return g.Dualtest("ID").Types(g.Typ(t)).Call()
		case basic.Info()&types.IsInteger != 0:
			return g.Dualtest("Number").Types(g.Typ(t)).Call()
		}
	}
	if s := g.Some(t); s != nil {
		return g.Dualtest("Few").Call(s)
	}
	return nil
}

// RefersTo reports whether a field or a parameter names an entity by its key: UserID, userID, user_id, for a User with the key
// ID of the same type.
func (g *Values) RefersTo(name string, t types.Type) bool {
	plain := strings.ReplaceAll(name, "_", "")
	return slices.ContainsFunc(g.Repo.Entities, func(e *plan.Entity) bool {
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
