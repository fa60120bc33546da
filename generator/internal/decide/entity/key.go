package entity

import (
	"fmt"
	"go/token"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// NeutralKeys are names of parameters that mean the key whatever its field is called.
var NeutralKeys = []string{"id", "key", "k", "uid", "uuid", "pk"}

// decideKey finds the fields that are an entity's key: by directive, by the parameters of the methods that find one, or by
// their names. It leaves the key empty where it isn't certain; only writes make that a question.
func decideKey(in *model.Interface, e *model.Entity) {
	switch {
	case e.Beside != nil:
		e.KeyLevel = model.Certain
	case e.Said != nil && len(e.Said.Key) > 0:
		e.KeyLevel = model.Stated
		saidKey(in, e)
	case e.Type == nil:
		in.Reports.Addf(e.Said.Entity.Pos, report.Hint(e.Name, structNames(in)), "there is no type %s among the types of %s", e.Name, in.Object.Name())
	default:
		e.Parts, e.KeyLevel = findKey(in, e)
		if e.Parts == nil && isAlone(in, e) {
			e.Single, e.KeyLevel = true, model.Likely
		}
	}
	for _, part := range e.Parts {
		e.Key = append(e.Key, part.KeyPart)
	}
}

// isAlone reports whether there is likely one entity of a kind: a method that is called as the entity finds one without a key, one
// stores it without a key, and nothing finds or lists it otherwise.
func isAlone(in *model.Interface, e *model.Entity) bool {
	var found, stored bool
	for _, m := range in.Methods {
		_, given := e.Param(m, false)
		switch {
		case e.Lists(m):
			return false
		case m.Kind == plan.Read && e.GetsOne(m) && len(m.NonContext()) == 0:
			found = true
		case m.Kind == plan.Read && e.GetsOne(m):
			return false
		case m.Kind == plan.Write && given && len(m.Required()) == 1:
			stored = true
		}
	}
	return found && stored
}

// structNames are the names of the structs that the signatures mention.
func structNames(in *model.Interface) []string {
	var names []string
	for _, m := range in.Methods {
		for _, t := range m.Mentioned() {
			if n, _ := shape.NamedStruct(t); n != nil && !slices.Contains(names, n.Obj().Name()) {
				names = append(names, n.Obj().Name())
			}
		}
	}
	return names
}

// findKey finds an entity's key by what finds one, else by the names that keys have, unless what finds one goes by something
// else.
func findKey(in *model.Interface, e *model.Entity) ([]model.KeyField, model.Level) {
	finders := Finders(in, e)
	keys := distinct(in, e, finders)
	ids := slices.DeleteFunc(slices.Clone(keys), func(parts []model.KeyField) bool { return len(parts) > 1 || !IsID(e, parts[0].Name) })
	composite := slices.ContainsFunc(keys, func(parts []model.KeyField) bool { return len(parts) > 1 })
	switch {
	case len(keys) == 1 && len(keys[0]) == 1 && !IsID(e, keys[0][0].Name) && hasID(in, e):
		return keys[0], model.Likely // found by one thing, and identified by another
	case len(keys) == 1:
		return keys[0], model.Certain
	case len(ids) == 1 && !composite: // the others look one up by something else
		return ids[0], model.Certain
	case len(keys) > 1:
		return slices.MaxFunc(keys, func(a, b []model.KeyField) int { return len(a) - len(b) }), model.Likely
	}
	for _, name := range []string{"ID", e.Name + "ID", "UUID", "UID", "Key"} {
		for _, field := range shape.FieldNames(e.Type) {
			if !text.SameName(field, name) {
				continue
			}
			if found, ok := in.Member(e.Type, field); ok && foundBy(in, e, finders, field) {
				if !isReturned(in, e) {
					return []model.KeyField{found}, model.Likely
				}
				return []model.KeyField{found}, model.Certain
			}
			return likelyKey(in, e, finders)
		}
	}
	return likelyKey(in, e, finders)
}

// isReturned reports whether a method returns an entity, or a list of them: what none does may be no entity.
func isReturned(in *model.Interface, e *model.Entity) bool {
	return slices.ContainsFunc(in.Methods, func(m *model.Method) bool {
		return slices.ContainsFunc(m.NonError(), func(i int) bool { return e.Carries(shape.ElementOf(m.Results[i].Type).Type) })
	})
}

// likelyKey is the one field that can be a key where nothing finds an entity by something else, or that is called as what removes
// one takes it.
func likelyKey(in *model.Interface, e *model.Entity, finders []*model.Method) ([]model.KeyField, model.Level) {
	if len(finders) > 0 {
		return nil, model.Asked
	}
	for _, m := range in.Methods {
		if !m.Delete || len(m.Selecting()) == 0 {
			continue
		}
		if parts := fieldsOf(in, e, m); parts != nil {
			return parts, model.Likely
		}
	}
	for _, field := range shape.FieldNames(e.Type) {
		if !text.SameName(field, "Name") && !IsID(e, field) && !text.SameName(field, "Key") {
			continue
		}
		if found, ok := in.Member(e.Type, field); ok && token.IsExported(found.Name) {
			return []model.KeyField{found}, model.Likely
		}
	}
	return nil, model.Asked
}

// hasID reports whether an entity has a field that identifies it by its name.
func hasID(in *model.Interface, e *model.Entity) bool {
	return slices.ContainsFunc(shape.FieldNames(e.Type), func(field string) bool {
		_, ok := in.Member(e.Type, field)
		return ok && (text.SameName(field, "ID") || text.SameName(field, e.Name+"ID"))
	})
}

// IsID reports whether a field's name says that it identifies an entity.
func IsID(e *model.Entity, field string) bool {
	return slices.ContainsFunc([]string{"ID", e.Name + "ID", "UUID", "UID"}, func(name string) bool { return text.SameName(field, name) })
}

// IsNumbered reports whether a whole number identifies an entity.
func IsNumbered(e *model.Entity) bool {
	return slices.ContainsFunc(e.Parts, func(part model.KeyField) bool { return shape.IsInteger(part.Type) && IsID(e, part.Name) })
}

// Finders are the methods that find one entity by what may be its key: those that directives name as its get, else the plain
// getters.
func Finders(in *model.Interface, e *model.Entity) []*model.Method {
	var said, plain []*model.Method
	for _, m := range in.Methods {
		if m.Kind != plan.Read || !m.Levels.Kind.Decided() || !e.GetsOne(m) || len(m.Selecting()) == 0 {
			continue
		}
		if e.Said != nil && e.Said.Get.Text == m.Name {
			said = append(said, m)
		}
		if e.IsNamed(m.Words.Noun) {
			plain = append(plain, m)
		}
	}
	if len(said) > 0 {
		return said
	}
	return plain
}

// distinct are the keys that finders go by, each once: the fields that have the names and types of all that a finder takes.
func distinct(in *model.Interface, e *model.Entity, finders []*model.Method) [][]model.KeyField {
	var keys [][]model.KeyField
	for _, m := range finders {
		parts := fieldsOf(in, e, m)
		if parts == nil {
			continue
		}
		same := func(other []model.KeyField) bool {
			return slices.EqualFunc(parts, other, func(a, b model.KeyField) bool { return a.Name == b.Name })
		}
		if !slices.ContainsFunc(keys, same) {
			keys = append(keys, parts)
		}
	}
	return keys
}

// fieldsOf are the fields of an entity that a method's parameters are the values of, nil where one of them is none's.
func fieldsOf(in *model.Interface, e *model.Entity, m *model.Method) []model.KeyField {
	var parts []model.KeyField
	for _, i := range m.Selecting() {
		part, ok := in.FieldFor(m.Params[i], e)
		if !ok {
			return nil
		}
		parts = append(parts, part)
	}
	return parts
}

// foundBy reports whether the finders of an entity find it by one field: by a parameter that has its name, or a name that says
// no more than that it is the key. One that also takes another part, or takes something else, doesn't.
func foundBy(in *model.Interface, e *model.Entity, finders []*model.Method, field string) bool {
	for _, m := range finders {
		keys := slices.DeleteFunc(m.Selecting(), func(i int) bool { return !in.IsKeyType(m.Params[i].Type) })
		if len(keys) > 1 {
			return false
		}
		for _, i := range keys {
			name := m.SourceName(i)
			known := name == "" || slices.Contains(NeutralKeys, text.BareName(name)) || text.SameName(name, e.Name)
			if !known && !text.SameName(name, field) && !text.SameName(name, e.Name+field) && !text.SameName(e.Name+name, field) {
				return false
			}
		}
	}
	return true
}

// FoundBy says by which parameters an entity is found, for a message, and shows the key that this is: "UserID,Key", "" where
// no fields have the names.
func FoundBy(in *model.Interface, e *model.Entity) (how, key string) {
	finders := Finders(in, e)
	if len(finders) == 0 {
		return "", ""
	}
	m := finders[0]
	var names, parts []string
	for _, i := range m.Selecting() {
		names = append(names, m.NameOf(i))
	}
	for _, part := range fieldsOf(in, e, m) {
		parts = append(parts, part.Name)
	}
	return fmt.Sprintf(": %s finds one by %s", m.Name, strings.Join(names, " and ")), strings.Join(parts, ",")
}
