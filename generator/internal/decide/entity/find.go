// Package entity finds what the interface stores, and the key of each.
package entity

import (
	"cmp"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/internal/verb"
	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/plan"
)

// Find finds what the interface stores: what directives name, then the structs that writes take or return and that reads
// find by a key, then values that lie beside their keys.
func Find(in *model.Interface) []*model.Entity {
	var all []*model.Entity
	for _, said := range in.Said.Entities {
		all = addSaid(in, all, said)
	}
	for _, m := range in.Methods {
		for _, t := range stored(in, m) {
			if !isApart(all, m, t) {
				all = addType(in, all, t)
			}
		}
	}
	all = findBeside(in, all)
	for _, e := range all {
		e.Alias = cmp.Or(alias(in, e), e.Alias)
	}
	for _, e := range all {
		decideKey(in, e)
	}
	return all
}

// alias is the one name that all methods have for an entity which find one and which are handed one, where none of them calls it
// by its type's name: UserSetting for the Setting of GetUserSetting and SetUserSetting.
func alias(in *model.Interface, e *model.Entity) string {
	var found, stored []string
	for _, m := range in.Methods {
		noun := text.Singular(strings.Join(m.Words.Noun, ""))
		_, given := e.Param(m, false)
		_, several := e.Param(m, true)
		switch {
		case m.Kind == plan.Read && e.GetsOne(m) && looksUp(in, m):
			found = append(found, noun)
		case m.Kind == plan.Write && (given || several && !slices.Contains([]string{"", "All", "Many", "Batch"}, noun)):
			stored = append(stored, noun)
		default:
			continue
		}
		if e.IsNamed(m.Words.Noun) {
			return ""
		}
	}
	both := append(found, stored...)
	slices.Sort(both)
	if len(found) > 0 && len(stored) > 0 && len(slices.Compact(both)) == 1 {
		return both[0]
	}
	return ""
}

// addSaid adds an entity that a directive names: a type of the signatures, else of the package; else an entity whose fields
// are the arguments of its methods.
func addSaid(in *model.Interface, all []*model.Entity, said *directive.Entity) []*model.Entity {
	name := said.Entity.Text
	for _, e := range all {
		if e.Name == name {
			in.Reports.Addf(said.Pos, "keep one of the two", "entity %s is described twice: also in line %d", name, e.Said.Pos.Line)
			return all
		}
	}
	e := &model.Entity{Said: said, Entity: &plan.Entity{Name: name, Pos: said.Pos, Abandon: said.Abandon}}
	typeName := cmp.Or(said.Type.Text, name)
	if t := typeNamed(in, typeName); t != nil {
		e.Type = t
	} else if said.Type.Text != "" {
		in.Reports.Addf(said.Type.Pos, report.Hint(typeName, structNames(in)), "there is no type %s among the types of %s", typeName, in.Object.Name())
	}
	return append(all, e)
}

// typeNamed finds a type by its name: in the signatures and what their requests hold, whatever package it is from, else in the interface's package. The
// interface itself stores entities, and is none.
func typeNamed(in *model.Interface, name string) types.Type {
	for _, m := range in.Methods {
		mentioned := m.Mentioned()
		for _, t := range m.Mentioned() {
			mentioned = append(mentioned, shape.Inside(t)...)
		}
		for _, t := range mentioned {
			switch n := types.Unalias(t).(type) {
			case *types.Named:
				if n.Obj().Name() == name {
					return t
				}
			case *types.TypeParam:
				if n.Obj().Name() == name {
					return t
				}
			}
		}
	}
	if t, ok := in.Package.Scope().Lookup(name).(*types.TypeName); ok && t != in.Object {
		return t.Type()
	}
	return nil
}

// stored are the structs that a method shows to be entities: those that a write takes or returns whole, and those that a read
// finds by something that can be a key. What has a text form, as an address has, is rather a key.
func stored(in *model.Interface, m *model.Method) []types.Type {
	var found []types.Type
	add := func(t types.Type) {
		if onlyAsks(in, t) || in.IsRequest(m, t) || shape.EndsTransaction(t) {
			return
		}
		if named, _ := shape.NamedStruct(t); named != nil && !in.IsMadeKey(t) && (!gotype.HasTextForm(t) && !shape.IsCarrier(named.Obj().Name()) || isKept(in, t)) {
			found = append(found, t)
		}
	}
	switch {
	case m.Kind == plan.Write:
		for _, i := range m.NonContext() {
			for _, t := range shape.Carried(m.Params[i].Type) {
				if m.Trait == verb.Plain && !isElsewhere(in, m, t) {
					continue // it says what is changed, and is not what is stored
				}
				add(t)
				for _, inside := range shape.Inside(t) {
					if isMeant(in, m, inside) {
						add(inside)
					}
				}
			}
		}
		if len(found) > 0 || m.Trait == verb.Plain || m.Trait == verb.Removes { // what it returns tells something of that
			return found
		}
		for _, i := range m.NonError() {
			for _, t := range shape.Carried(m.Results[i].Type) {
				add(t)
			}
		}
	case m.Kind == plan.Read && m.Levels.Kind.Decided() && looksUp(in, m):
		for _, i := range m.NonError() {
			add(shape.ElementOf(m.Results[i].Type).Type)
		}
	}
	return found
}

// isElsewhere reports whether another method takes or returns a type.
func isElsewhere(in *model.Interface, m *model.Method, t types.Type) bool {
	return slices.ContainsFunc(in.Methods, func(other *model.Method) bool {
		return other != m && slices.ContainsFunc(other.Mentioned(), func(mentioned types.Type) bool { return types.Identical(mentioned, t) })
	})
}

// isMeant reports whether what a request holds is what a write stores: the write is named for it, or another method takes or returns
// it by itself.
func isMeant(in *model.Interface, m *model.Method, t types.Type) bool {
	named, _ := shape.NamedStruct(t)
	if named == nil {
		return false
	}
	name := named.Obj().Name()
	said := strings.Join(m.Words.Noun, "")
	if said != "" && (text.SameName(said, name) || text.SameName(text.Singular(said), name)) {
		return true
	}
	return isElsewhere(in, m, t)
}

// onlyAsks reports whether a struct says what a read is to find, and none returns it: a serial number, an id with its realm.
func onlyAsks(in *model.Interface, t types.Type) bool {
	carries := func(list []types.Type) bool {
		return slices.ContainsFunc(list, func(c types.Type) bool { return types.Identical(c, t) })
	}
	asks := false
	for _, m := range in.Methods {
		if m.Kind != plan.Read {
			continue
		}
		for _, i := range m.NonError() {
			if carries(shape.Carried(m.Results[i].Type)) {
				return false
			}
		}
		asks = asks || len(m.NonError()) > 0 && slices.ContainsFunc(m.NonContext(), func(i int) bool { return carries(shape.Carried(m.Params[i].Type)) })
	}
	return asks && !slices.ContainsFunc(in.Said.Entities, func(said *directive.Entity) bool {
		named, ok := types.Unalias(t).(*types.Named)
		return ok && named.Obj().Name() == said.Entity.Text
	})
}

// isKept reports whether a struct that seems to carry a request, or to be a key, is stored all the same: a write takes it, and
// a read finds it by a key, not by another of its kind.
func isKept(in *model.Interface, t types.Type) bool {
	carries := func(list []types.Type) bool {
		return slices.ContainsFunc(list, func(c types.Type) bool { return types.Identical(c, t) })
	}
	var taken, found bool
	for _, m := range in.Methods {
		given := slices.ContainsFunc(m.NonContext(), func(i int) bool { return carries(shape.Carried(m.Params[i].Type)) })
		taken = taken || m.Kind == plan.Write && given
		for _, i := range m.NonError() {
			found = found || m.Kind == plan.Read && !given && looksUp(in, m) && carries(shape.Carried(m.Results[i].Type))
		}
	}
	return taken && found
}

// looksUp reports whether a read finds something single by a key.
func looksUp(in *model.Interface, m *model.Method) bool {
	for _, i := range m.NonError() {
		if shape.ElementOf(m.Results[i].Type).Many {
			return false
		}
	}
	return slices.ContainsFunc(m.NonContext(), func(i int) bool { return in.IsKeyType(m.Params[i].Type) })
}

// isApart reports whether a directive gives a method to one of several entities of a type.
func isApart(all []*model.Entity, m *model.Method, t types.Type) bool {
	return m.Said.Of != nil && slices.ContainsFunc(all, func(e *model.Entity) bool {
		return e.Type != nil && types.Identical(e.Type, t) && e.Name == m.Said.Of.Entity.Text
	})
}

// addType adds a struct as an entity, once.
func addType(in *model.Interface, all []*model.Entity, t types.Type) []*model.Entity {
	for _, e := range all {
		if e.Type != nil && types.Identical(e.Type, t) && (e.Said == nil || e.Said.Type.Text == "") {
			return all
		}
	}
	named, _ := shape.NamedStruct(t)
	name := named.Obj().Name()
	for _, e := range all {
		if e.Name == name {
			name = text.UpperFirst(named.Obj().Pkg().Name()) + name
		}
	}
	return append(all, &model.Entity{Entity: &plan.Entity{Name: name, Type: t, Pos: in.Pos}})
}
