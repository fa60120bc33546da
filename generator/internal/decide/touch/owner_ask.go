package touch

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
)

// askOwner asks which entity a write touches.
func askOwner(in *model.Interface, m *model.Method, why string) {
	remedy := ChooseEntity(in, m)
	switch {
	case len(in.Entities) == 0:
		remedy = describe(in, m)
	case !m.Foreign:
		remedy += "\nor, above the interface: //dualgen:entity " + nameFor(in, m) + " methods=" + m.Name
	default:
		remedy += "\nor describe another: " + describe(in, m)
	}
	in.Ask(m, remedy, "cannot tell which entity %s writes%s", m.Name, why)
}

// ChooseEntity lists the directives of which one says what a method touches, and the one that says that it touches them all.
func ChooseEntity(in *model.Interface, m *model.Method) string {
	names := in.EntityNames()
	if m.Foreign {
		remedy := "add it to one of these above the interface, or to several:"
		for _, name := range names {
			remedy += "\n//dualgen:entity " + name + " methods=" + m.Name
		}
		return remedy
	}
	remedy := "write one of these above it:"
	for _, name := range names {
		remedy += "\n//dualgen:entity " + name
	}
	if len(names) > 1 {
		remedy += "\n//dualgen:entity " + strings.Join(names, ",") + ", or those of them that it touches"
	}
	return remedy
}

// describe shows a directive for a write of something that is no struct: what it writes is found by its first parameter
// that can be a key, and the others are its fields.
func describe(in *model.Interface, m *model.Method) string {
	key := "none"
	for _, i := range m.NonContext() {
		if in.IsKeyType(m.Params[i].Type) && !m.Params[i].Variadic {
			key = m.NameOf(i)
			break
		}
	}
	if name := carriesInterface(m); name != "" {
		said := "//dualgen:entity " + name
		return "if what it writes is " + name + ": " + said + " key=… get=… put=… delete=… above the interface, with a getter of it as the key"
	}
	entity := nameFor(in, m)
	said := "//dualgen:entity " + entity + " key=" + key
	return "if its arguments are all that it writes: " + said + " get=none put=none delete=none methods=" + m.Name + " above the interface\nor declare a struct " + entity +
		", and functions over a store that copy one: " + said + " get=… put=… delete=… methods=" + m.Name
}

// nameFor is a name for the entity that a method writes, of the words after its verb: Session for SaveSessionByID. Where they
// say nothing, or what is there already, it is Name.
func nameFor(in *model.Interface, m *model.Method) string {
	noun := m.Words.Noun
	if i := slices.IndexFunc(noun, func(word string) bool { return slices.Contains(neutralNouns, strings.ToLower(word)) }); i >= 0 {
		noun = noun[:i]
	}
	name := text.Singular(strings.Join(noun, ""))
	if !token.IsExported(name) || slices.Contains(in.EntityNames(), name) || in.Object.Pkg().Scope().Lookup(name) != nil {
		return "Name"
	}
	return name
}

// carriesInterface is the name of the first interface that a method's parameters or results carry, streams aside, or "".
func carriesInterface(m *model.Method) string {
	for _, t := range m.Mentioned() {
		named, ok := types.Unalias(t).(*types.Named)
		if !ok || named.Obj().Pkg() == nil || shape.IsContext(t) || shape.IsStream(t) {
			continue
		}
		if iface, ok := named.Underlying().(*types.Interface); ok && iface.NumMethods() > 0 {
			return named.Obj().Name()
		}
	}
	return ""
}
