package copier

import (
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// fitsGet reports whether a method reads one entity by its key and nothing else.
func fitsGet(m *model.Method, e *model.Entity) (candidate, bool) {
	if m.Kind != plan.Read || m.Key.Form != plan.KeyOne || !e.GetsOne(m) || !m.InKey(m.Required()) || m.Error < 0 && len(m.NonError()) < 1 {
		return candidate{}, false
	}
	_, pointer := shape.Deref(m.Results[m.NonError()[0]].Type)
	return candidate{method: m, call: &plan.EntityCall{Method: m.Method, Pointer: pointer}, plain: e.IsNamed(withoutKey(m.Words.Noun, e))}, true
}

// withoutKey is a noun without the clause that names the key: User of UserByID.
func withoutKey(noun []string, e *model.Entity) []string {
	by := slices.IndexFunc(noun, func(word string) bool { return strings.EqualFold(word, "by") || strings.EqualFold(word, "with") })
	if by < 0 {
		return noun
	}
	said := strings.Join(noun[by+1:], "")
	for _, part := range e.Parts {
		if text.SameName(said, part.Name) || text.SameName(said, e.Name+part.Name) || text.SameName(said, "ID") || text.SameName(said, "Key") || text.SameName(said, "PK") {
			return noun[:by]
		}
	}
	return noun
}

// fitsDelete reports whether a method removes by key, or given the entity.
func fitsDelete(m *model.Method, e *model.Entity) (candidate, bool) {
	if m.Kind != plan.Write || !m.Delete || !m.InKey(m.Required()) || m.Key.Form != plan.KeyOne && m.Key.Form != plan.KeyEach {
		return candidate{}, false
	}
	if _, many := e.Param(m, true); many {
		return candidate{}, false // a copy has the key alone to remove by
	}
	call := &plan.EntityCall{Method: m.Method}
	if i, ok := e.Param(m, false); ok {
		_, call.Pointer = shape.Deref(m.Params[i].Type)
	}
	return candidate{method: m, call: call, plain: e.IsNamed(withoutKey(m.Words.Noun, e)) && (e.Beside != nil || !m.Words.Empties())}, true
}

// fitsPut reports whether a method stores the whole entity, whatever the verb.
func fitsPut(m *model.Method, e *model.Entity) (candidate, bool) {
	if m.Kind != plan.Write || m.Delete {
		return candidate{}, false
	}
	c := candidate{method: m, plain: e.IsNamed(m.Words.Noun)}
	if c.call = modifies(m, e); c.call != nil {
		return c, true
	}
	if m.PutsBeside(e) {
		_, pointer := shape.Deref(m.Params[m.Required()[len(e.Parts)]].Type)
		c.call = &plan.EntityCall{Method: m.Method, Pointer: pointer}
		return c, true
	}
	i, ok := e.Param(m, false)
	if !ok {
		i, ok = e.Param(m, true)
	}
	if !ok || slices.ContainsFunc(m.Required(), func(r int) bool { return r != i }) {
		return candidate{}, false
	}
	c.call = &plan.EntityCall{Method: m.Method, Pointer: shape.ElementOf(m.Params[i].Type).Pointer}
	return c, true
}

// modifies is the call of a method that is given the key and a function from the old entity to the new one, or nil.
func modifies(m *model.Method, e *model.Entity) *plan.EntityCall {
	var sig *types.Signature
	for _, i := range m.NonContext() {
		if s, ok := m.Params[i].Type.Underlying().(*types.Signature); ok {
			if sig != nil {
				return nil
			}
			sig = s
		}
	}
	if sig == nil || sig.Params().Len() != 1 || m.Key.Form != plan.KeyOne || len(m.NonContext()) != len(e.Parts)+1 {
		return nil
	}
	elem, pointer := shape.Deref(sig.Params().At(0).Type())
	if !types.Identical(elem, e.Type) || sig.Results().Len() == 0 && !pointer {
		return nil
	}
	return &plan.EntityCall{Method: m.Method, Pointer: pointer, Modify: true}
}

// fitsScan reports whether a method lists entities in one of the forms that a scan can have.
func fitsScan(m *model.Method, e *model.Entity) (candidate, bool) {
	if m.Kind != plan.Read {
		return candidate{}, false
	}
	for _, form := range scanForms {
		if pointer, ok := form.is(m, e); ok {
			return candidate{method: m, call: &plan.EntityCall{Method: m.Method, Pointer: pointer}, form: form.form, plain: listsAll(m, e)}, true
		}
	}
	return candidate{}, false
}

// listsAll reports whether a method's name says that it lists all entities and not some of them.
func listsAll(m *model.Method, e *model.Entity) bool {
	said := strings.Join(m.Words.Noun, "")
	if e.Beside != nil && slices.Contains(keyNouns, strings.ToLower(said)) {
		return true
	}
	return said == "" || slices.ContainsFunc([]string{"All", "After", "Page", e.Name, "All" + e.Name, e.Name + "After", e.Name + "Page"}, func(name string) bool {
		return text.SameName(said, name) || text.SameName(text.Singular(said), name) || text.SameName(said, name+"s")
	})
}

// keyNouns are words for keys in names of methods: ListKeys.
var keyNouns = []string{"keys", "ids"}

// partNames are the names of a key's parts.
func partNames(e *model.Entity) []string {
	var list []string
	for _, p := range e.Parts {
		list = append(list, p.Name)
	}
	return list
}

// joinComma joins names as directives have them.
func joinComma(list []string) string { return strings.Join(list, ",") }
