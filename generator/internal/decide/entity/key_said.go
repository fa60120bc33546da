package entity

import (
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// saidKey resolves the key of an entity directive. Of an entity without a type the parts are parameters' names.
func saidKey(in *model.Interface, e *model.Entity) {
	for _, w := range e.Said.Key {
		if w.Text == "none" && len(e.Said.Key) == 1 {
			return // a singleton
		}
		if e.Type == nil {
			if t := paramTyped(in, w.Text); t != nil {
				e.Parts = append(e.Parts, model.KeyField{Name: w.Text, KeyPart: plan.KeyPart{Type: t}})
				continue
			}
			in.Reports.Addf(w.Pos, "name a parameter of its methods, or a struct as the entity: "+report.Hint(w.Text, keyParams(in)),
				"entity %s is no type, and no method has a parameter %s", e.Name, w.Text)
			continue
		}
		part, err := in.Path(e.Type, strings.Split(w.Text, "."))
		if err != nil {
			in.Reports.Addf(w.Pos, in.PathHint("", e.Type, strings.Split(w.Text, ".")), "entity %s: %v", e.Name, err)
			continue
		}
		e.Parts = append(e.Parts, model.KeyField{Name: w.Text[strings.LastIndexByte(w.Text, '.')+1:], KeyPart: part})
	}
}

// keyParams are the names of the parameters that can be keys, each once. Those without a name have ours.
func keyParams(in *model.Interface) []string {
	var names []string
	for _, m := range in.Methods {
		for _, i := range m.NonContext() {
			if name := m.NameOf(i); in.IsKeyType(m.Params[i].Type) && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// paramTyped is the type of the first key-like parameter of that name, or nil.
func paramTyped(in *model.Interface, name string) types.Type {
	for _, m := range in.Methods {
		for _, i := range m.NonContext() {
			if text.SameName(m.NameOf(i), name) && in.IsKeyType(m.Params[i].Type) {
				return m.Params[i].Type
			}
		}
	}
	return nil
}
