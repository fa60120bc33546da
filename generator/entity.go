package generator

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/plan"
)

// carriers are endings of names of structs that carry a request or a page, not something that is stored.
var carriers = []string{
	"Options", "Opts", "Option", "Params", "Param", "Filter", "Filters", "Query", "Request", "Response", "Input", "Output", "Patch",
	"Args", "Page", "Cursor", "Config", "Criteria", "Result", "Stats", "Count", "Pagination", "Sort", "Order By", "Range", "Update", "Updates",
}

// carriersAlone are names that say so even alone.
var carriersAlone = []string{"Options", "Opts", "Params", "Filter", "Filters", "Args", "Cursor", "Criteria", "Pagination"}

// isCarrier reports whether a struct's name says that it is no entity.
func isCarrier(name string) bool {
	words := camelWords(name)
	return len(words) > 1 && slices.Contains(carriers, words[len(words)-1]) || slices.Contains(carriersAlone, name)
}

// findEntities finds what the interface stores: what directives name, then the structs that writes take or return and
// that reads find by a key.
func (b *builder) findEntities() {
	for _, said := range b.said.entities {
		b.addSaidEntity(said)
	}
	for _, d := range b.methods {
		for _, t := range b.storedTypes(d) {
			b.addEntityType(t)
		}
	}
	for _, e := range b.entities {
		b.decideEntityKey(e)
	}
}

// addSaidEntity adds an entity that a directive names: a type of the signatures, else of the package; else an entity
// whose fields are the arguments of its methods.
func (b *builder) addSaidEntity(said *entityDirective) {
	name := said.entity.text
	for _, e := range b.entities {
		if e.Name == name {
			b.reports.addf(said.pos, "keep one of the two", "entity %s is described twice: also in line %d", name, e.said.pos.Line)
			return
		}
	}
	e := &entity{said: said, Entity: &plan.Entity{Name: name, Pos: said.pos}}
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
// that a read finds by something that can be a key.
func (b *builder) storedTypes(d *decision) []types.Type {
	var found []types.Type
	add := func(t types.Type) {
		if named, _ := namedStruct(t); named != nil && (!isCarrier(named.Obj().Name()) || b.isKept(t)) {
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

// isKept reports whether a struct whose name says that it carries a request is stored all the same: a write takes it, and
// a read finds it by a key.
func (b *builder) isKept(t types.Type) bool {
	carries := func(list []types.Type) bool {
		return slices.ContainsFunc(list, func(c types.Type) bool { return types.Identical(c, t) })
	}
	var taken, found bool
	for _, d := range b.methods {
		for _, i := range d.nonContext() {
			taken = taken || d.Kind == plan.Write && carries(carried(d.Params[i].Type))
		}
		for _, i := range d.nonError() {
			found = found || d.Kind == plan.Read && b.looksUp(d) && carries(carried(d.Results[i].Type))
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
	return slices.ContainsFunc(d.nonContext(), func(i int) bool { return isKeyType(d.Params[i].Type) })
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
			name = upperFirst(named.Obj().Pkg().Name()) + name
		}
	}
	b.entities = append(b.entities, &entity{Entity: &plan.Entity{Name: name, Type: t, Pos: b.pos}})
}

// checkCopied reports a written entity that cannot be copied, or not be compared, since it holds a lock.
func (b *builder) checkCopied(e *entity) {
	if e.Type == nil || !e.written || !reachesLock(e.Type, map[types.Type]bool{}) {
		return
	}
	b.reports.addf(e.Pos, "declare a struct with its key and its encoded form, and functions over a store that read and write it:\n//dualgen:entity "+e.Name+"Record key=… get=… put=… delete=… methods=…",
		"%s cannot be copied between the stores: a %s holds a lock, as messages of protocol buffers do, or something with one", e.Name, typeString(e.Type))
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

// decideEntityKey finds the fields that are an entity's key: by directive, by the parameters of the method that gets one,
// or by their names. It leaves the key empty where it is not certain; only writes make that a fault.
func (b *builder) decideEntityKey(e *entity) {
	switch {
	case e.said != nil && len(e.said.key) > 0:
		b.saidEntityKey(e)
	case e.Type == nil:
		b.reports.addf(e.said.entity.pos, hint(e.Name, b.structNames()), "there is no type %s among the types of %s", e.Name, b.object.Name())
	default:
		b.guessEntityKey(e)
	}
	for _, part := range e.parts {
		e.Key = append(e.Key, part.KeyPart)
	}
}

// structNames are the names of the structs that the signatures mention.
func (b *builder) structNames() []string {
	var names []string
	for _, d := range b.methods {
		for _, t := range d.mentioned() {
			if n, _ := namedStruct(t); n != nil && !slices.Contains(names, n.Obj().Name()) {
				names = append(names, n.Obj().Name())
			}
		}
	}
	return names
}

// saidEntityKey resolves the key of an entity directive. Of an entity without a type the parts are parameters' names.
func (b *builder) saidEntityKey(e *entity) {
	for _, w := range e.said.key {
		if w.text == "none" && len(e.said.key) == 1 {
			return // a singleton
		}
		if e.Type == nil {
			if t := b.paramTyped(w.text); t != nil {
				e.parts = append(e.parts, keyField{w.text, plan.KeyPart{Type: t}})
				continue
			}
			b.reports.addf(w.pos, "name a parameter of its methods, or a struct as the entity: "+hint(w.text, b.keyParams()),
				"entity %s is no type, and no method has a parameter %s", e.Name, w.text)
			continue
		}
		part, err := b.path(e.Type, strings.Split(w.text, "."))
		if err != nil {
			remedy := hint(w.text, fieldNames(e.Type))
			if slices.Contains(fieldNames(e.Type), w.text) {
				remedy = "a key is text, an integer, a bool, a UUID, a time or bytes; of a type parameter, the constraint must leave one of these"
			}
			b.reports.addf(w.pos, remedy, "entity %s: %v", e.Name, err)
			continue
		}
		e.parts = append(e.parts, keyField{w.text[strings.LastIndexByte(w.text, '.')+1:], part})
	}
}

// keyParams are the names of the parameters that can be keys, each once. Those without a name have ours.
func (b *builder) keyParams() []string {
	var names []string
	for _, d := range b.methods {
		for _, i := range d.nonContext() {
			if name := d.Params[i].Name; isKeyType(d.Params[i].Type) && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// paramTyped is the type of the first key-like parameter of that name, or nil.
func (b *builder) paramTyped(name string) types.Type {
	for _, d := range b.methods {
		for _, i := range d.nonContext() {
			if sameName(d.Params[i].Name, name) && isKeyType(d.Params[i].Type) {
				return d.Params[i].Type
			}
		}
	}
	return nil
}

// guessEntityKey finds the key by the parameters of the getter, else by the names that keys have, unless the getter finds it
// by something else.
func (b *builder) guessEntityKey(e *entity) {
	if parts := b.getterKey(e); parts != nil {
		e.parts = parts
		return
	}
	for _, name := range []string{"ID", e.Name + "ID", "UUID", "UID", "Key"} {
		for _, field := range fieldNames(e.Type) {
			if !sameName(field, name) {
				continue
			}
			if part, err := b.path(e.Type, []string{field}); err == nil {
				if b.foundBy(e, field) {
					e.parts = []keyField{{field, part}}
				}
				return
			}
		}
	}
}

// getterKey is the key by which the plain getter of an entity finds it: each of its parameters is a field of the same
// name and type, options aside.
func (b *builder) getterKey(e *entity) []keyField {
	for _, d := range b.methods {
		if d.Kind != plan.Read || !b.getsOne(d, e) || !plainNoun(d.noun(), e) {
			continue
		}
		var parts []keyField
		for _, i := range d.selecting() {
			if part, ok := b.fieldFor(d.Params[i], e); ok {
				parts = append(parts, part)
			}
		}
		if len(parts) > 0 && len(parts) == len(d.selecting()) {
			return parts
		}
	}
	return nil
}

// foundBy reports whether the plain getters of an entity find it by one field: by a parameter that has its name, or a name
// that says no more than that it is the key. One that also takes another part, or takes something else, does not.
func (b *builder) foundBy(e *entity, field string) bool {
	for _, d := range b.methods {
		if d.Kind != plan.Read || !b.getsOne(d, e) || !plainNoun(d.noun(), e) {
			continue
		}
		keys := slices.DeleteFunc(d.selecting(), func(i int) bool { return !isKeyType(d.Params[i].Type) })
		if len(keys) > 1 {
			return false
		}
		for _, i := range keys {
			name := d.sourceName(i)
			known := name == "" || slices.Contains(neutralKeys, bareName(name)) || sameName(name, e.Name)
			if !known && !sameName(name, field) && !sameName(name, e.Name+field) && !sameName(e.Name+name, field) {
				return false
			}
		}
	}
	return true
}

// gotBy says by which parameters a plain getter finds an entity, for a message.
func (b *builder) gotBy(e *entity) string {
	for _, d := range b.methods {
		if d.Kind != plan.Read || !b.getsOne(d, e) || !plainNoun(d.noun(), e) {
			continue
		}
		var names []string
		for _, i := range d.selecting() {
			names = append(names, d.Params[i].Name)
		}
		if len(names) > 0 {
			return fmt.Sprintf(": %s finds one by %s", d.Name, strings.Join(names, " and "))
		}
	}
	return ""
}

// selecting are the parameters of a getter that say what it finds: not its options.
func (d *decision) selecting() []int {
	return slices.DeleteFunc(d.required(), func(i int) bool {
		named, _ := namedStruct(elementOf(d.Params[i].Type).typ)
		return named != nil && isCarrier(named.Obj().Name())
	})
}

// fieldFor finds the field of an entity that a parameter is the value of.
func (b *builder) fieldFor(p *plan.Param, e *entity) (keyField, bool) {
	for _, field := range fieldNames(e.Type) {
		part, err := b.path(e.Type, []string{field})
		if err != nil || !types.Identical(part.Type, p.Type) {
			continue
		}
		if sameName(field, p.Name) || sameName(field, e.Name+p.Name) || sameName(e.Name+field, p.Name) {
			return keyField{field, part}, true
		}
	}
	return keyField{}, false
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
	return !r.many && types.Identical(r.typ, e.Type)
}

// plainNoun reports whether a method's name says no more than the entity: Get, GetUser, but not GetUserByEmail.
func plainNoun(noun []string, e *entity) bool {
	said := strings.Join(noun, "")
	return said == "" || sameName(said, e.Name) || sameName(said, "One") || sameName(singular(said), e.Name)
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
