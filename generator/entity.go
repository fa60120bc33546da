package generator

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/convert"
	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/plan"
)

// carriers are endings of names of structs that carry a request or a page, not something that is stored.
var carriers = []string{
	"Options", "Opts", "Option", "Params", "Param", "Filter", "Filters", "Query", "Request", "Response", "Input", "Output", "Patch",
	"Args", "Page", "Cursor", "Config", "Criteria", "Result", "Stats", "Count", "Pagination", "Sort", "Order By", "Range", "Update", "Updates",
	"Error", "Insert",
}

// carriersAlone are names that say so even alone.
var carriersAlone = []string{"Options", "Opts", "Params", "Filter", "Filters", "Args", "Cursor", "Criteria", "Pagination"}

// isCarrier reports whether a struct's name says that it is no entity.
func isCarrier(name string) bool {
	words := text.Camel(name)
	return len(words) > 1 && slices.Contains(carriers, words[len(words)-1]) || slices.Contains(carriersAlone, name)
}

// findEntities finds what the interface stores: what directives name, then the structs that writes take or return and
// that reads find by a key.
func (b *builder) findEntities() {
	for _, said := range b.said.Entities {
		b.addSaidEntity(said)
	}
	for _, d := range b.methods {
		for _, t := range b.storedTypes(d) {
			b.addEntityType(t)
		}
	}
	b.findKeyed()
	for _, e := range b.entities {
		b.decideEntityKey(e)
	}
}

// addSaidEntity adds an entity that a directive names: a type of the signatures, else of the package; else an entity
// whose fields are the arguments of its methods.
func (b *builder) addSaidEntity(said *directive.Entity) {
	name := said.Entity.Text
	for _, e := range b.entities {
		if e.Name == name {
			b.reports.Addf(said.Pos, "keep one of the two", "entity %s is described twice: also in line %d", name, e.said.Pos.Line)
			return
		}
	}
	e := &entity{said: said, Entity: &plan.Entity{Name: name, Pos: said.Pos}}
	if t := b.typeNamed(name); t != nil {
		e.Type = t
	}
	b.entities = append(b.entities, e)
}

// typeNamed finds a type by its name: in the signatures, whatever package it is from, else in the interface's package. The
// interface itself stores entities, and is none.
func (b *builder) typeNamed(name string) types.Type {
	for _, d := range b.methods {
		for _, t := range d.mentioned() {
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
	if t, ok := b.pkg.Types.Scope().Lookup(name).(*types.TypeName); ok && t != b.object {
		return t.Type()
	}
	return nil
}

// mentioned are the types that a method's parameters and results carry, functions looked into.
func (d *decision) mentioned() []types.Type {
	var all []types.Type
	for _, i := range d.nonContext() {
		all = append(all, carried(d.Params[i].Type)...)
	}
	for _, i := range d.nonError() {
		all = append(all, carried(d.Results[i].Type)...)
	}
	return all
}

// carried is the element that a type carries, or for a function those that it takes and returns.
func carried(t types.Type) []types.Type {
	sig, ok := t.Underlying().(*types.Signature)
	if !ok {
		return []types.Type{elementOf(t).typ}
	}
	var all []types.Type
	for v := range sig.Params().Variables() {
		all = append(all, elementOf(v.Type()).typ)
	}
	for v := range sig.Results().Variables() {
		all = append(all, elementOf(v.Type()).typ)
	}
	return all
}

// storedTypes are the structs that a method shows to be entities: those that a write takes or returns whole, and those
// that a read finds by something that can be a key. What has a text form, as an address has, is rather a key.
func (b *builder) storedTypes(d *decision) []types.Type {
	var found []types.Type
	add := func(t types.Type) {
		if named, _ := namedStruct(t); named != nil && !b.isMadeKey(t) && (!convert.HasTextForm(t) && !isCarrier(named.Obj().Name()) || b.isKept(t)) {
			found = append(found, t)
		}
	}
	switch {
	case d.Kind == plan.Write, d.Kind == 0:
		for _, t := range d.mentioned() {
			add(t)
		}
	case d.Kind == plan.Read && b.looksUp(d):
		for _, i := range d.nonError() {
			add(elementOf(d.Results[i].Type).typ)
		}
	}
	return found
}

// isKept reports whether a struct that seems to carry a request, or to be a key, is stored all the same: a write takes it, and
// a read finds it by a key, not by another of its kind.
func (b *builder) isKept(t types.Type) bool {
	carries := func(list []types.Type) bool {
		return slices.ContainsFunc(list, func(c types.Type) bool { return types.Identical(c, t) })
	}
	var taken, found bool
	for _, d := range b.methods {
		given := slices.ContainsFunc(d.nonContext(), func(i int) bool { return carries(carried(d.Params[i].Type)) })
		taken = taken || d.Kind == plan.Write && given
		for _, i := range d.nonError() {
			found = found || d.Kind == plan.Read && !given && b.looksUp(d) && carries(carried(d.Results[i].Type))
		}
	}
	return taken && found
}

// looksUp reports whether a read finds something single by a key.
func (b *builder) looksUp(d *decision) bool {
	for _, i := range d.nonError() {
		if elementOf(d.Results[i].Type).many {
			return false
		}
	}
	return slices.ContainsFunc(d.nonContext(), func(i int) bool { return b.isKeyType(d.Params[i].Type) })
}

// addEntityType adds a struct as an entity, once.
func (b *builder) addEntityType(t types.Type) {
	for _, e := range b.entities {
		if e.Type != nil && types.Identical(e.Type, t) {
			return
		}
	}
	named, _ := namedStruct(t)
	name := named.Obj().Name()
	for _, e := range b.entities {
		if e.Name == name {
			name = text.UpperFirst(named.Obj().Pkg().Name()) + name
		}
	}
	b.entities = append(b.entities, &entity{Entity: &plan.Entity{Name: name, Type: t, Pos: b.pos}})
}

// checkCopied reports a written entity that cannot be copied, or not be compared, since it holds a lock.
func (b *builder) checkCopied(e *entity) {
	if e.Type == nil || !e.written || !reachesLock(e.Type, map[types.Type]bool{}) {
		return
	}
	b.reports.Put(report.Diagnostic{Pos: e.Pos, Cause: report.NoCopier, About: e.Name,
		Remedy: "declare a struct with its key and its encoded form, and functions over a store that read and write it:\n//dualgen:entity " + e.Name + "Record key=… get=… put=… delete=… methods=…",
		What:   fmt.Sprintf("%s cannot be copied between the stores: a %s holds a lock, as messages of protocol buffers do, or something with one", e.Name, typeString(e.Type))})
}

// reachesLock reports whether a lock is in a type, or behind the pointers, lists and maps in it.
func reachesLock(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	if plan.HoldsLock(t) {
		return true
	}
	inside := func(t types.Type) bool { return reachesLock(t, seen) }
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return inside(u.Elem())
	case *types.Slice:
		return inside(u.Elem())
	case *types.Array:
		return inside(u.Elem())
	case *types.Map:
		return inside(u.Elem())
	case *types.Struct:
		return anyType(u.NumFields(), func(i int) types.Type { return u.Field(i).Type() }, inside)
	}
	return false
}

// getsOne reports whether a method returns one entity of a kind and nothing else of its own.
func (b *builder) getsOne(d *decision, e *entity) bool {
	results := d.nonError()
	if len(results) == 2 && isBool(d.Results[results[1]].Type) {
		results = results[:1]
	}
	if len(results) != 1 || e.Type == nil {
		return false
	}
	r := elementOf(d.Results[results[0]].Type)
	if e.beside != nil {
		value, _ := derefType(d.Results[results[0]].Type)
		return types.Identical(value, e.beside)
	}
	return !r.many && types.Identical(r.typ, e.Type)
}

// plainNoun reports whether a method's name says no more than the entity: Get, GetUser, but not GetUserByEmail.
func plainNoun(noun []string, e *entity) bool {
	said := strings.Join(noun, "")
	return said == "" || text.SameName(said, e.Name) || text.SameName(said, "One") || text.SameName(text.Singular(said), e.Name)
}

// fieldNames are the names of a struct's fields and of those promoted from embedded structs.
func fieldNames(t types.Type) []string {
	_, s := namedStruct(t)
	if s == nil {
		return nil
	}
	var names []string
	for field := range s.Fields() {
		if elem, _ := derefType(field.Type()); field.Embedded() {
			names = append(names, fieldNames(elem)...)
		}
		names = append(names, field.Name())
	}
	return names
}
