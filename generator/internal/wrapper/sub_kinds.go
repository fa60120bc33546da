package wrapper

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/internal/plan"
)

// holder is one wrapper in a tree of wrappers, and how it is reached.
type holder struct {
	*Wrapper
	path string // "Users", "Shops.Users"; the interface's own name for the root
	by   *sub   // of the root; nil for the root itself
}

// holders are what a wrapper hands out, however deep.
func (w *Wrapper) holders(path string, by *sub) []holder {
	var all []holder
	for _, s := range w.subs {
		if s.of == nil {
			continue
		}
		h := holder{s.of, strings.TrimPrefix(path+"."+s.Name, "."), by}
		if by == nil {
			h.by = s
		}
		all = append(append(all, h), s.of.holders(h.path, h.by)...)
	}
	return all
}

// checkSubKinds reports kinds that two wrappers of one migration write: the journal knows a key by its kind, and one of the two
// would copy for both.
func (w *Wrapper) checkSubKinds() {
	all := append([]holder{{w, w.Object.Name(), nil}}, w.holders("", nil)...)
	for i, second := range all {
		for _, first := range all[:i] {
			switch {
			case second.by == first.by: // reported where the two meet
			case second.Request == first.Request:
				w.Reports.Addf(second.by.Pos, "leave one of the two out if they are the same\nelse declare an interface for the second, whose kinds have names of their own, and let "+second.by.Name+" return that:\n"+second.renamed(),
					"%s and %s both hand out a %s: its kinds would be those of two stores", first.path, second.path, second.Object.Name())
			default:
				w.checkKindsOf(first, second)
			}
		}
	}
}

// checkKindsOf reports the kinds that two wrappers both write. What one of them only reads is guarded by the other's writes.
func (w *Wrapper) checkKindsOf(first, second holder) {
	for _, e := range second.In.Entities {
		other := first.In.EntityNamed(e.Name)
		if other == nil || !e.Written || !other.Written {
			continue
		}
		if what, remedy := clash(first, other, second, e); what != "" {
			w.Reports.Add(second.by.Pos, what, remedy)
		}
	}
}

// clash says what stands between two wrappers that write a kind of one name; "" for nothing.
func clash(first holder, other *model.Entity, second holder, e *model.Entity) (what, remedy string) {
	apart := fmt.Sprintf("give it a name of its own, above %s: %s", second.Object.Name(), second.rename(e))
	both := fmt.Sprintf("%s and %s both write a %s", first.path, second.path, e.Name)
	switch {
	case e.Type != nil && other.Type != nil && !types.Identical(e.Type, other.Type):
		return fmt.Sprintf("%s, the one %s and the other %s: their keys would be of one kind", both, shape.String(other.Type), shape.String(e.Type)), apart
	case !sameKey(e, other):
		return fmt.Sprintf("%s, the one by the key %s and the other by %s", both, other.PartNames(), e.PartNames()), apart
	case e.Shared() || other.Shared():
		return "", ""
	}
	return both + ", and nothing says whether these are the same rows: one of the two would copy for both",
		fmt.Sprintf("if they are the same, say so above %s: //dualgen:entity %s shared\nelse %s", second.Object.Name(), e.Name, apart)
}

// rename is the directive that gives a kind of a wrapper a name of its own.
func (h holder) rename(e *model.Entity) string {
	var methods []string
	for _, m := range h.In.Methods {
		if slices.ContainsFunc(m.Touches(), func(t plan.Touch) bool { return t.Entity == e.Entity }) {
			methods = append(methods, m.Name)
		}
	}
	return fmt.Sprintf("//dualgen:entity %s type=%s key=%s methods=%s",
		h.by.Name+e.Name, entityType(e), strings.ReplaceAll(e.PartNames(), ", ", ","), strings.Join(methods, ","))
}

// renamed is an interface of the same methods, whose kinds have names of their own.
func (h holder) renamed() string {
	var lines []string
	for _, e := range h.In.Entities {
		if e.Written {
			lines = append(lines, h.rename(e))
		}
	}
	line := "//go:generate go tool dualgen"
	for i, said := range h.Request.Flags.Stores {
		if said.Text != "" {
			line += " -" + model.Sides[i] + " " + said.Text
		}
	}
	return strings.Join(append(lines, line, fmt.Sprintf("type %s%s interface{ %[2]s }", h.by.Name, h.Object.Name())), "\n")
}

// entityType is the name of an entity's type, as a directive has it.
func entityType(e *model.Entity) string {
	if named, ok := types.Unalias(e.Type).(*types.Named); ok && e.Type != nil {
		return named.Obj().Name()
	}
	return e.Name
}

// sameKey reports whether the keys of two kinds are of the same parts.
func sameKey(a, b *model.Entity) bool {
	return slices.EqualFunc(a.Parts, b.Parts, func(a, b model.KeyField) bool { return a.Name == b.Name && types.Identical(a.Type, b.Type) })
}
