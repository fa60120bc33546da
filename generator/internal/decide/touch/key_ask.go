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
	remedy += "\nor " + m.Directive("key", "list", "Method") + " if there is a method that lists what it may touch"
	in.Ask(m, remedy, "cannot tell which %s %s writes: none of its parameters is certainly the key %s", e.Name, m.Name, e.PartNames())
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
