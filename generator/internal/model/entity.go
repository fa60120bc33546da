package model

import (
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// Entity is one kind of entity while it is decided.
type Entity struct {
	*plan.Entity
	Said    *directive.Entity
	Parts   []KeyField
	Beside  types.Type // the value, where the key lies beside it: Type is then the entry, both together
	Written bool       // a method of the interface writes it
	Guessed bool       // it is no struct, and named for what methods that write it are called
	Locked  bool       // it holds a lock: nothing copies it as it is
	Single  bool       // there is likely one of it: what finds one takes no key
	Alias   string     // what all methods call it that get or store one, where that isn't its type's name

	// Claimed are the writes that are likely its own, and that no directive above them can give to it: the entity's names them.
	Claimed []Claim

	KeyLevel Level
	Copiers  map[Role]Level
}

// Claim is a write that is likely an entity's, and why that is not certain.
type Claim struct {
	Method *Method
	Why    string
}

// Claim gives a write to an entity, likely: by the entity's own directive where none can stand above the method.
func (e *Entity) Claim(m *Method, why string) { e.Claimed = append(e.Claimed, Claim{m, why}) }

// KeyField is one part of an entity's key.
type KeyField struct {
	Name string
	plan.KeyPart
}

// Role is what a method does when an entity is copied.
type Role string

// The roles.
const (
	Get    Role = "get"
	Put    Role = "put"
	Delete Role = "delete"
	Scan   Role = "scan"
)

// Roles are all roles, in the order of the entity directive.
var Roles = []Role{Get, Put, Delete, Scan}

// Words are what an entity directive says for one role.
func (e *Entity) Words(role Role) []text.Word {
	if e.Said == nil {
		return nil
	}
	one := func(w text.Word) []text.Word {
		if w.Text == "" {
			return nil
		}
		return []text.Word{w}
	}
	switch role {
	case Get:
		return one(e.Said.Get)
	case Put:
		return e.Said.Put
	case Delete:
		return one(e.Said.Delete)
	case Scan:
		return one(e.Said.Scan)
	}
	return nil
}

// SaysNone reports whether a directive says that nothing has a role.
func (e *Entity) SaysNone(role Role) bool {
	words := e.Words(role)
	return len(words) == 1 && words[0].Text == "none"
}

// IsSingleton reports whether there is only one of an entity, or likely only one: by directive, or because nothing finds one by a key.
func (e *Entity) IsSingleton() bool {
	return e.Single || e.Said != nil && len(e.Said.Key) == 1 && e.Said.Key[0].Text == "none"
}

// Shared reports whether a directive says that another repository has the same rows of this kind.
func (e *Entity) Shared() bool { return e.Said != nil && e.Said.Shared }

// IsRest reports whether an entity is all that an interface stores, as one whole.
func (e *Entity) IsRest() bool { return e.Guessed && e.Single }

// Keyed reports whether it is known which of its kind an entity is.
func (e *Entity) Keyed() bool { return len(e.Parts) > 0 || e.IsSingleton() }

// Carries reports whether values of a type are what an entity is in the interface's signatures.
func (e *Entity) Carries(t types.Type) bool {
	if e.Beside != nil {
		return types.Identical(e.Beside, t)
	}
	return e.Type != nil && types.Identical(e.Type, t)
}

// PartNames lists a key's parts.
func (e *Entity) PartNames() string {
	var names []string
	for _, p := range e.Parts {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}

// PartsFrom are the parts of an entity's key, taken from a parameter or result that carries the entity.
func (e *Entity) PartsFrom(index int, carrier types.Type) []plan.KeyPart {
	_, pointer := shape.Deref(carrier)
	var parts []plan.KeyPart
	for _, p := range e.Parts {
		part := p.KeyPart
		part.Param = index
		part.Path = slices.Clone(part.Path)
		if len(part.Path) > 0 {
			part.Path[0].Ptr = pointer
		}
		parts = append(parts, part)
	}
	return parts
}

// Param is the only parameter of a method that carries an entity: one, or a list of them.
func (e *Entity) Param(m *Method, list bool) (index int, ok bool) {
	index = -1
	for _, i := range m.NonContext() {
		c := shape.ElementOf(m.Params[i].Type)
		if e.Type == nil || !types.Identical(c.Type, e.Type) {
			continue
		}
		if index >= 0 || c.Many != list || list && !c.Ordered {
			return -1, false
		}
		index = i
	}
	return index, index >= 0
}

// IsNamed reports whether words say no more than the entity: nothing, User, Users or One, but not UserByEmail.
func (e *Entity) IsNamed(noun []string) bool {
	said := strings.Join(noun, "")
	return said == "" || text.SameName(said, "One") || e.isCalled(said) || e.isCalled(text.Singular(said))
}

// isCalled reports whether a name is the entity's.
func (e *Entity) isCalled(name string) bool {
	return text.SameName(name, e.Name) || e.Alias != "" && text.SameName(name, e.Alias)
}

// HasField reports whether words name a field of an entity, in the singular or the plural.
func (e *Entity) HasField(words []string) bool {
	said := strings.Join(words, "")
	return said != "" && slices.ContainsFunc(shape.FieldNames(e.Type), func(field string) bool {
		return text.SameName(said, field) || text.SameName(said+"s", field) || text.SameName(text.Singular(said), text.Singular(field))
	})
}

// GetsOne reports whether a method returns one entity and nothing else of its own.
func (e *Entity) GetsOne(m *Method) bool {
	results := m.NonError()
	if len(results) == 2 && shape.IsBool(m.Results[results[1]].Type) {
		results = results[:1]
	}
	if len(results) != 1 || e.Type == nil {
		return false
	}
	r := shape.ElementOf(m.Results[results[0]].Type)
	if e.Beside != nil {
		value, _ := shape.Deref(m.Results[results[0]].Type)
		return types.Identical(value, e.Beside)
	}
	return !r.Many && types.Identical(r.Type, e.Type)
}

// Lists reports whether a method returns a list of an entity.
func (e *Entity) Lists(m *Method) bool {
	return slices.ContainsFunc(m.NonError(), func(i int) bool {
		c := shape.ElementOf(m.Results[i].Type)
		return c.Many && e.Carries(c.Type)
	})
}

// Least is the weakest level of what is decided of an entity.
func (e *Entity) Least() Level {
	least := e.KeyLevel
	if e.Locked {
		least = Asked
	}
	for _, level := range e.Copiers {
		least = min(least, level)
	}
	return least
}
