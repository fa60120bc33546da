package generator

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/plan"
)

// decideEntityKey finds the fields that are an entity's key: by directive, by the parameters of the method that gets one,
// or by their names. It leaves the key empty where it is not certain; only writes make that a fault.
func (b *builder) decideEntityKey(e *entity) {
	switch {
	case e.beside != nil:
	case e.said != nil && len(e.said.Key) > 0:
		b.saidEntityKey(e)
	case e.Type == nil:
		b.reports.Addf(e.said.Entity.Pos, report.Hint(e.Name, b.structNames()), "there is no type %s among the types of %s", e.Name, b.object.Name())
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
	for _, w := range e.said.Key {
		if w.Text == "none" && len(e.said.Key) == 1 {
			return // a singleton
		}
		if e.Type == nil {
			if t := b.paramTyped(w.Text); t != nil {
				e.parts = append(e.parts, keyField{w.Text, plan.KeyPart{Type: t}})
				continue
			}
			b.reports.Addf(w.Pos, "name a parameter of its methods, or a struct as the entity: "+report.Hint(w.Text, b.keyParams()),
				"entity %s is no type, and no method has a parameter %s", e.Name, w.Text)
			continue
		}
		part, err := b.path(e.Type, strings.Split(w.Text, "."))
		if err != nil {
			remedy := report.Hint(w.Text, fieldNames(e.Type))
			if slices.Contains(fieldNames(e.Type), w.Text) {
				remedy = "a key is text, an integer, a bool, a UUID, a time, bytes or what has text marshalers; a type parameter must be comparable, and its constraint leave one of these"
			}
			b.reports.Addf(w.Pos, remedy, "entity %s: %v", e.Name, err)
			continue
		}
		e.parts = append(e.parts, keyField{w.Text[strings.LastIndexByte(w.Text, '.')+1:], part})
	}
}

// keyParams are the names of the parameters that can be keys, each once. Those without a name have ours.
func (b *builder) keyParams() []string {
	var names []string
	for _, d := range b.methods {
		for _, i := range d.nonContext() {
			if name := d.nameOf(i); b.isKeyType(d.Params[i].Type) && !slices.Contains(names, name) {
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
			if text.SameName(d.nameOf(i), name) && b.isKeyType(d.Params[i].Type) {
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
			if !text.SameName(field, name) {
				continue
			}
			if found, ok := b.member(e.Type, field); ok {
				if b.foundBy(e, field) {
					e.parts = []keyField{found}
				}
				return
			}
		}
	}
}

// member is the part of a key that a field of a struct is: the field itself, or, where it is out of reach, what its getter
// returns.
func (b *builder) member(t types.Type, field string) (keyField, bool) {
	if part, err := b.path(t, []string{field}); err == nil {
		return keyField{field, part}, true
	}
	if token.IsExported(field) {
		return keyField{}, false
	}
	for _, name := range getterNames(t) {
		if !text.SameName(name, field) && !text.SameName(name, "Get"+field) {
			continue
		}
		if part, err := b.path(t, []string{name}); err == nil {
			return keyField{name, part}, true
		}
	}
	return keyField{}, false
}

// getterNames are the names of a type's exported methods that take nothing.
func getterNames(t types.Type) []string {
	var names []string
	for selection := range types.NewMethodSet(types.NewPointer(t)).Methods() {
		if f, ok := selection.Obj().(*types.Func); ok && f.Exported() && f.Signature().Params().Len() == 0 {
			names = append(names, f.Name())
		}
	}
	return names
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
		keys := slices.DeleteFunc(d.selecting(), func(i int) bool { return !b.isKeyType(d.Params[i].Type) })
		if len(keys) > 1 {
			return false
		}
		for _, i := range keys {
			name := d.sourceName(i)
			known := name == "" || slices.Contains(neutralKeys, text.BareName(name)) || text.SameName(name, e.Name)
			if !known && !text.SameName(name, field) && !text.SameName(name, e.Name+field) && !text.SameName(e.Name+name, field) {
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
			names = append(names, d.nameOf(i))
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
		found, ok := b.member(e.Type, field)
		if !ok || !types.Identical(found.Type, p.Type) {
			continue
		}
		if text.SameName(field, p.Name) || text.SameName(field, e.Name+p.Name) || text.SameName(e.Name+field, p.Name) {
			return found, true
		}
	}
	return keyField{}, false
}
