package generator

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/plan"
)

// decideKeys says which entities each method touches: by directive, else by types and names. A read without a key
// concerns the whole kind; a write without one is reported.
func (b *builder) decideKeys() {
	for _, d := range b.methods {
		if d.Kind != plan.Read && d.Kind != plan.Write {
			continue
		}
		e := b.ownerOf(d)
		switch {
		case d.said.Key != nil:
			b.saidKey(d, e)
		case e == nil && d.Kind == plan.Write:
			continue // reported where it was looked for
		case e == nil:
			d.Key = plan.Key{Form: plan.KeyNone}
		default:
			b.inferKey(d, e)
		}
		if d.Kind == plan.Read && d.Key.Form == plan.KeyEach {
			each := d.Key
			d.Key, d.each = plan.Key{Form: plan.KeyNone}, &each
			d.because("It may touch several: its reads go by the whole kind.")
		}
	}
}

// ownerOf is the entity that a method was assigned to.
func (b *builder) ownerOf(d *decision) *entity {
	for _, e := range b.entities {
		if e.Entity == d.Entity {
			return e
		}
	}
	return nil
}

// keyRule is one way to find a method's key.
type keyRule struct {
	name string
	find func(*builder, *decision, *entity) (plan.Key, string)
}

// keyRules are tried in order; the first that finds a key wins.
func keyRules() []keyRule {
	return []keyRule{
		{"singleton", (*builder).keyOfSingleton},
		{"made by the primary", (*builder).keyMade},
		{"entity argument", (*builder).keyOfEntity},
		{"parameters", (*builder).keyOfParams},
		{"list of entities", (*builder).keyOfEntities},
		{"list of keys", (*builder).keyOfKeys},
		{"result", (*builder).keyOfResult},
	}
}

// inferKey finds a key by types and names.
func (b *builder) inferKey(d *decision, e *entity) {
	if (len(e.parts) > 0 || b.isSingleton(e)) && !d.loose {
		for _, rule := range keyRules() {
			if key, reason := rule.find(b, d, e); key.Form != 0 {
				d.Key = key
				d.Reasons = append(d.Reasons, reason)
				return
			}
		}
	}
	if d.Kind == plan.Read {
		d.Key = plan.Key{Form: plan.KeyNone}
		d.because("No key: it reads the whole kind.")
		return
	}
	b.reportNoKey(d, e)
}

// isSingleton reports whether a directive says that there is only one of an entity.
func (b *builder) isSingleton(e *entity) bool {
	return e.said != nil && len(e.said.Key) == 1 && e.said.Key[0].Text == "none"
}

// reportNoKey asks for the key of a write.
func (b *builder) reportNoKey(d *decision, e *entity) {
	if len(e.parts) == 0 && e.said != nil && len(e.said.Key) > 0 {
		return // its directive was reported
	}
	if len(e.parts) == 0 {
		example := "…"
		for _, name := range fieldNames(e.Type) {
			if part, ok := b.member(e.Type, name); ok && token.IsExported(part.name) {
				example = part.name
				break
			}
		}
		remedy := fmt.Sprintf("write //dualgen:entity %s key=%s above the interface, or key=none if there is only one of it", e.Name, example)
		if len(b.params) > 0 {
			remedy += fmt.Sprintf("\nor, where a type parameter is the key, let its constraint be comparable, or wrap an instantiation: type Strings = %s[string, …]", b.object.Name())
		}
		got := b.gotBy(e)
		if got != "" {
			remedy += fmt.Sprintf("\nor, if %[1]s has no field for it, declare a struct that has, and functions over a store that copy it: //dualgen:entity %[1]sRecord key=… get=… put=… delete=…", e.Name)
		}
		b.ask(d, remedy, "cannot tell what the key of %s is, which %s writes%s", e.Name, d.Name, got)
		return
	}
	remedy := "write //dualgen:key none above it if it may touch any " + e.Name
	for _, i := range d.nonContext() {
		if types.Identical(d.Params[i].Type, e.parts[0].Type) {
			remedy += "\nor //dualgen:key " + d.nameOf(i) + " if " + d.nameOf(i) + " is the key"
			break
		}
	}
	remedy += "\nor //dualgen:key list Method if there is a method that lists what it may touch"
	b.ask(d, remedy,
		"cannot tell which %s %s writes: none of its parameters is certainly the key %s", e.Name, d.Name, partNames(e))
}

// partNames lists a key's parts.
func partNames(e *entity) string {
	var names []string
	for _, p := range e.parts {
		names = append(names, p.name)
	}
	return strings.Join(names, ", ")
}

// keyOfSingleton is the key of an entity that there is one of.
func (b *builder) keyOfSingleton(_ *decision, e *entity) (plan.Key, string) {
	if !b.isSingleton(e) {
		return plan.Key{}, ""
	}
	return plan.Key{Form: plan.KeyOne}, fmt.Sprintf("There is one %s.", e.Name)
}

// keyMade is the key of a create whose entity comes back: in a result, or behind a pointer that the store may fill in.
// Both are right even where the caller made the key.
func (b *builder) keyMade(d *decision, e *entity) (plan.Key, string) {
	if d.Kind != plan.Write || d.rule.trait != creates || e.Type == nil {
		return plan.Key{}, ""
	}
	if key, reason := b.keyOfResult(d, e); key.Form != 0 {
		return key, reason
	}
	i, ok := d.entityParam(e, false)
	if !ok {
		return plan.Key{}, ""
	}
	if _, pointer := derefType(d.Params[i].Type); !pointer {
		return plan.Key{}, ""
	}
	parts := b.partsFrom(e, i, d.Params[i].Type)
	return plan.Key{Form: plan.KeyOut, Parts: parts},
		fmt.Sprintf("Key: %s, read after the primary's call, because a create may fill it in.", pathsOf(d, parts))
}

// keyOfEntity is the key of the one entity among the arguments.
func (b *builder) keyOfEntity(d *decision, e *entity) (plan.Key, string) {
	i, ok := d.entityParam(e, false)
	if !ok || d.fills(i) {
		return plan.Key{}, ""
	}
	parts := b.partsFrom(e, i, d.Params[i].Type)
	return plan.Key{Form: plan.KeyOne, Parts: parts}, fmt.Sprintf("Key: %s.", pathsOf(d, parts))
}

// fills reports whether a read fills in what a parameter points to: its key is not known before.
func (d *decision) fills(i int) bool {
	_, pointer := derefType(d.Params[i].Type)
	return d.Kind == plan.Read && pointer && len(d.nonError()) == 0
}

// entityParam is the only parameter that carries an entity: one, or a list of them.
func (d *decision) entityParam(e *entity, list bool) (index int, ok bool) {
	index = -1
	for _, i := range d.nonContext() {
		c := elementOf(d.Params[i].Type)
		if e.Type == nil || !types.Identical(c.typ, e.Type) {
			continue
		}
		if index >= 0 || c.many != list || list && !c.ordered {
			return -1, false
		}
		index = i
	}
	return index, index >= 0
}

// partsFrom are the parts of an entity's key, taken from a parameter or result that carries the entity.
func (b *builder) partsFrom(e *entity, index int, carrier types.Type) []plan.KeyPart {
	_, pointer := derefType(carrier)
	var parts []plan.KeyPart
	for _, p := range e.Key {
		p.Param = index
		p.Path = slices.Clone(p.Path)
		if len(p.Path) > 0 {
			p.Path[0].Ptr = pointer
		}
		parts = append(parts, p)
	}
	return parts
}

// pathsOf writes a key's parts as expressions.
func pathsOf(d *decision, parts []plan.KeyPart) string {
	var all []string
	for _, p := range parts {
		text := d.Params[p.Param].Name
		for _, step := range p.Path {
			text += "." + step.Name
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}
