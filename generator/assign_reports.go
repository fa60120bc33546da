package generator

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/text"
)

// refuseKey reports directives that a method of another kind cannot follow.
func (b *builder) refuseKey(d *decision) {
	if d.said.Key != nil {
		b.reports.Addf(d.said.Key.Pos, "drop it", "//dualgen:key speaks of a read or a write, but %s is neither", d.Name)
	}
	if d.said.Of != nil {
		b.reports.Addf(d.said.Of.Pos, "drop it", "//dualgen:entity speaks of a read or a write, but %s is neither", d.Name)
	}
}

// reportNoEntity asks which entity a write touches.
func (b *builder) reportNoEntity(d *decision, why string) {
	remedy := b.chooseEntity(d)
	switch {
	case len(b.entities) == 0:
		remedy = b.describeEntity(d)
	case !b.foreign(d):
		remedy += "\nor, above the interface: //dualgen:entity " + b.nameFor(d) + " methods=" + d.Name
	default:
		remedy += "\nor describe another: " + b.describeEntity(d)
	}
	b.ask(d, remedy, "cannot tell which entity %s writes%s", d.Name, why)
}

// chooseEntity lists the directives of which one says what a method touches.
func (b *builder) chooseEntity(d *decision) string {
	remedy := "write one of these above it:"
	if b.foreign(d) {
		remedy = "add it to one of these above the interface:"
	}
	for _, name := range b.entityNames() {
		remedy += "\n//dualgen:entity " + name
		if b.foreign(d) {
			remedy += " methods=" + d.Name
		}
	}
	return remedy
}

// describeEntity shows a directive for a write of something that is no struct: what it writes is found by its first parameter
// that can be a key, and the others are its fields.
func (b *builder) describeEntity(d *decision) string {
	key := "none"
	for _, i := range d.nonContext() {
		if b.isKeyType(d.Params[i].Type) && !d.Params[i].Variadic {
			key = d.nameOf(i)
			break
		}
	}
	if name := d.carriesInterface(); name != "" {
		said := "//dualgen:entity " + name
		return "if what it writes is " + name + ": " + said + " key=… get=… put=… delete=… above the interface, with a getter of it as the key"
	}
	entity := b.nameFor(d)
	said := "//dualgen:entity " + entity + " key=" + key
	return "if its arguments are all that it writes: " + said + " get=none put=none delete=none methods=" + d.Name + " above the interface\nor declare a struct " + entity +
		", and functions over a store that copy one: " + said + " get=… put=… delete=… methods=" + d.Name
}

// nameFor is a name for the entity that a method writes, of the words after its verb: Session for SaveSessionByID. Where they
// say nothing, or what is there already, it is Name.
func (b *builder) nameFor(d *decision) string {
	noun := d.noun()
	if i := slices.IndexFunc(noun, func(word string) bool { return slices.Contains(neutralNouns, strings.ToLower(word)) }); i >= 0 {
		noun = noun[:i]
	}
	name := text.Singular(strings.Join(noun, ""))
	if !token.IsExported(name) || slices.Contains(b.entityNames(), name) || b.object.Pkg().Scope().Lookup(name) != nil {
		return "Name"
	}
	return name
}

// carriesInterface is the name of the first interface that a method's parameters or results carry, streams aside, or "".
func (d *decision) carriesInterface() string {
	for _, t := range d.mentioned() {
		named, ok := types.Unalias(t).(*types.Named)
		if !ok || named.Obj().Pkg() == nil || isContext(t) || moves(t, "Read") || moves(t, "Write") {
			continue
		}
		if iface, ok := named.Underlying().(*types.Interface); ok && iface.NumMethods() > 0 {
			return named.Obj().Name()
		}
	}
	return ""
}

// entityNames are the names of the entities.
func (b *builder) entityNames() []string {
	var names []string
	for _, e := range b.entities {
		names = append(names, e.Name)
	}
	return names
}
