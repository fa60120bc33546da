package touch

import (
	"fmt"
	"go/token"
	"go/types"

	"github.com/dualgen/dualgen/generator/internal/decide/entity"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
)

// AskKey asks for the key of a write.
func AskKey(in *model.Interface, m *model.Method, e *model.Entity) {
	if len(e.Parts) == 0 && e.Said != nil && len(e.Said.Key) > 0 {
		return // its directive was reported
	}
	if len(e.Parts) == 0 {
		if !e.KeyAsked {
			askEntityKey(in, m, e)
		}
		e.KeyAsked = true
		return
	}
	remedy := "write " + m.Directive("key", "none") + " " + m.Place() + " if it may touch any " + e.Name
	for _, i := range m.NonContext() {
		if types.Identical(m.Params[i].Type, e.Parts[0].Type) {
			remedy += "\nor " + m.Directive("key", m.NameOf(i)) + " if " + m.NameOf(i) + " is the key"
			break
		}
	}
	if path := requestPath(m, e); path != "" {
		remedy += "\nor " + m.Directive("key", path) + " if that is the key"
	}
	remedy += "\nor " + m.Directive("key", "list", "Method") + " if there is a method that lists what it may touch"
	in.Ask(m, remedy, "cannot tell which %s %s writes: none of its parameters is certainly the key %s", e.Name, m.Name, e.PartNames())
}

// requestPath is the path of an entity's key in a request: request.User.ID, or request.ID; "" where there is none.
func requestPath(m *model.Method, e *model.Entity) string {
	if len(e.Parts) != 1 {
		return ""
	}
	for _, i := range m.NonContext() {
		named, s := shape.NamedStruct(shape.ElementOf(m.Params[i].Type).Type)
		if named == nil || !shape.IsCarrier(named.Obj().Name()) {
			continue
		}
		for field := range s.Fields() {
			t := shape.ElementOf(field.Type())
			switch {
			case !field.Exported():
			case !t.Many && e.Carries(t.Type):
				return m.NameOf(i) + "." + field.Name() + "." + e.Parts[0].Name
			case namesPart(field.Name(), e, e.Parts[0].Name) && types.Identical(t.Type, e.Parts[0].Type):
				return m.NameOf(i) + "." + field.Name()
			}
		}
	}
	return ""
}

// askEntityKey asks what the key of an entity is.
func askEntityKey(in *model.Interface, m *model.Method, e *model.Entity) {
	got, key := entity.FoundBy(in, e)
	example := key
	if example == "" {
		example = "…"
		for _, name := range shape.FieldNames(e.Type) {
			if part, ok := in.Member(e.Type, name); ok && token.IsExported(part.Name) {
				example = part.Name
				break
			}
		}
	}
	remedy := fmt.Sprintf("write //dualgen:entity %s key=%s above the interface, or key=none if there is only one of it", e.Name, example)
	if len(in.TypeParams) > 0 {
		remedy += fmt.Sprintf("\nor, where a type parameter is the key, let its constraint be comparable, or wrap an instantiation: type Strings = %s[string, …]", in.Object.Name())
	}
	if got != "" && key == "" {
		remedy += fmt.Sprintf("\nor, if %[1]s has no field for it, declare a struct that has, and functions over a store that copy it: //dualgen:entity %[1]sRecord key=… get=… put=… delete=…", e.Name)
	}
	in.Ask(m, remedy, "cannot tell what the key of %s is, which %s writes%s", e.Name, m.Name, got)
}
