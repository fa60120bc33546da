package touch

import (
	"fmt"
	"go/types"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/internal/plan"
)

// keyOfNamesake is the key in the struct that a method is handed, which has the entity's name though a directive says that another one
// is copied: mail.ID of Save(mail Mail), where a Mail is copied as a Filed.
func keyOfNamesake(in *model.Interface, m *model.Method, e *model.Entity) (plan.Key, string) {
	if e.Said == nil || e.Type == nil || len(e.Parts) == 0 {
		return plan.Key{}, ""
	}
	for _, i := range m.NonContext() {
		c := shape.ElementOf(m.Params[i].Type)
		named, _ := shape.NamedStruct(c.Type)
		if named == nil || c.Many || named.Obj().Name() != e.Name || types.Identical(c.Type, e.Type) {
			continue
		}
		var parts []plan.KeyPart
		var names []string
		for _, p := range e.Parts {
			part, err := in.Path(m.Params[i].Type, []string{p.Name})
			if err != nil || !types.Identical(part.Type, p.Type) {
				return plan.Key{}, ""
			}
			part.Param = i
			parts = append(parts, part)
			names = append(names, m.NameOf(i)+"."+p.Name)
		}
		return plan.Key{Form: plan.KeyOne, Parts: parts}, fmt.Sprintf("Key: %s.", strings.Join(names, ", "))
	}
	return plan.Key{}, ""
}
