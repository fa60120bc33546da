package wrapper

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/internal/plan"
)

// noteReferences says of each delete that is decided to touch one kind which other entities name what it deletes: the interface of this
// repository, and of others beside it, does not show whether a store removes those too, by its own statements or by a foreign key. No
// question is asked, since most stores do not, and the conformance tests try it.
func noteReferences(w *Wrapper) {
	beside := keptBeside(w)
	for _, m := range w.In.Methods {
		if m.Kind != plan.Write || !m.Delete || m.Owner == nil || len(m.Also) > 0 || len(m.Owner.Parts) != 1 {
			continue
		}
		for _, e := range w.In.Entities {
			if field := refers(e.Type, m.Owner); field != "" && e != m.Owner && w.Repo.Output.TestFile != "" {
				m.Because("It is taken to leave each %s alone whose %s names the %s, as the conformance test tries.", e.Name, field, m.Owner.Name)
			}
		}
		for _, kept := range beside {
			if field := refers(kept.typ, m.Owner); field != "" {
				name := kept.typ.Obj().Name()
				m.Because("It is taken to leave each %[1]s of %[2]s alone whose %[3]s names the %[4]s; if a store removes those too, say so by //dualgen:entity %[4]s,%[1]s.",
					name, kept.by, field, m.Owner.Name)
			}
		}
	}
}

// kept is a type that another repository of the package hands out.
type kept struct {
	typ *types.Named
	by  string
}

// keptBeside are the types that methods of other wrapped interfaces of the package return, and that are no entities here.
func keptBeside(w *Wrapper) []kept {
	var all []kept
	for _, object := range w.Program.Beside(w.Request) {
		iface, ok := object.Type().Underlying().(*types.Interface)
		if !ok {
			continue
		}
		for f := range iface.Methods() {
			for result := range f.Signature().Results().Variables() {
				named := namedIn(result.Type())
				known := slices.ContainsFunc(w.In.Entities, func(e *model.Entity) bool { return e.Type != nil && named != nil && types.Identical(e.Type, named) })
				if named != nil && !known && !slices.ContainsFunc(all, func(k kept) bool { return types.Identical(k.typ, named) }) {
					all = append(all, kept{named, object.Name()})
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b kept) int { return strings.Compare(fmt.Sprint(a.typ, a.by), fmt.Sprint(b.typ, b.by)) })
	return all
}

// namedIn is the named struct of a result: itself, behind a pointer, or the element of a list; nil for anything else.
func namedIn(t types.Type) *types.Named {
	switch u := types.Unalias(t).(type) {
	case *types.Named:
		if _, ok := u.Underlying().(*types.Struct); ok {
			return u
		}
	case *types.Pointer:
		return namedIn(u.Elem())
	case *types.Slice:
		return namedIn(u.Elem())
	}
	return nil
}

// refers is the field of a struct that names an entity by its key, as TeamID or team_id names a Team by its ID; "" for none.
func refers(t types.Type, e *model.Entity) string {
	if t == nil || len(e.Parts) != 1 {
		return ""
	}
	u, ok := t.Underlying().(*types.Struct)
	if !ok || e.Type != nil && types.Identical(t, e.Type) {
		return ""
	}
	for field := range u.Fields() {
		typ := field.Type()
		if pointer, ok := typ.Underlying().(*types.Pointer); ok {
			typ = pointer.Elem()
		}
		plain := strings.ReplaceAll(field.Name(), "_", "")
		if types.Identical(typ, e.Parts[0].Type) && strings.EqualFold(plain, e.Name+strings.TrimPrefix(e.Parts[0].Name, "Get")) {
			return field.Name()
		}
	}
	return ""
}
