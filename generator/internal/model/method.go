package model

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/verb"
	"github.com/dualgen/dualgen/internal/plan"
)

// Method is one method while it is decided. What it embeds is what the printer gets in the end.
type Method struct {
	*plan.Method
	Said    directive.Method
	Origin  *types.Package // that declares it; nil for a method of the stores alone
	Foreign bool           // declared where the user can't write a directive above it

	Words verb.Reading
	Trait verb.Trait // what its verb says of a write, where a directive doesn't disagree

	Owner *Entity   // its entity; nil for none
	Each  *plan.Key // of a read of several entities, which goes by the whole kind
	Loose bool      // a read that is given the only entity there is, though its name speaks of something else
	Why   string    // why it is open what a write touches
	Wide  string    // why a write may touch any entity of its kind, "" where nothing says so

	Levels Levels
}

// Levels are the levels of what is decided of a method.
type Levels struct{ Kind, Entity, Key, Mirror Level }

// Least is the weakest of a method's levels that matter for its kind.
func (m *Method) Least() Level {
	switch m.Kind {
	case plan.Read:
		return min(m.Levels.Kind, m.Levels.Entity, m.Levels.Key)
	case plan.Write:
		return min(m.Levels.Kind, m.Levels.Entity, m.Levels.Key, m.Levels.Mirror)
	}
	return m.Levels.Kind
}

// NonContext are the indices of a method's parameters other than the context.
func (m *Method) NonContext() []int {
	var list []int
	for i := range m.Params {
		if i != m.Context {
			list = append(list, i)
		}
	}
	return list
}

// NonError are the indices of a method's results other than the error.
func (m *Method) NonError() []int {
	var list []int
	for i := range m.Results {
		if i != m.Error {
			list = append(list, i)
		}
	}
	return list
}

// Because adds a reason.
func (m *Method) Because(format string, args ...any) {
	m.Reasons = append(m.Reasons, fmt.Sprintf(format, args...))
}

// SourceName is a parameter's name as the user wrote it, "" for none.
func (m *Method) SourceName(i int) string {
	if name := m.Sig.Params().At(i).Name(); name != "_" {
		return name
	}
	return ""
}

// NameOf is the name that a directive and a message call a parameter by: the user's, who doesn't know that the wrapper's
// gives way to another name of the package, else ours.
func (m *Method) NameOf(i int) string { return m.Params[i].Said }

// IsParam reports whether a directive's word means a parameter. It may be the wrapper's name, which explain shows, if the user
// calls no other parameter so.
func (m *Method) IsParam(i int, name string) bool {
	return m.NameOf(i) == name || m.Params[i].Name == name && !slices.Contains(m.ParamNames(), name)
}

// ParamCalled is the index of the parameter that a directive's word means, or -1.
func (m *Method) ParamCalled(name string) int {
	for i := range m.Params {
		if m.IsParam(i, name) {
			return i
		}
	}
	return -1
}

// ParamNames are the names of a method's parameters as the user wrote them.
func (m *Method) ParamNames() []string {
	var names []string
	for _, i := range m.NonContext() {
		if name := m.SourceName(i); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// Required are the parameters that a call can't do without.
func (m *Method) Required() []int {
	return slices.DeleteFunc(m.NonContext(), func(i int) bool { return m.Params[i].Variadic })
}

// Selecting are the parameters of a getter that say what it finds: not its options.
func (m *Method) Selecting() []int {
	return slices.DeleteFunc(m.Required(), func(i int) bool {
		named, _ := shape.NamedStruct(shape.ElementOf(m.Params[i].Type).Type)
		return named != nil && shape.IsCarrier(named.Obj().Name())
	})
}

// Mentioned are the types that a method's parameters and results carry, functions looked into.
func (m *Method) Mentioned() []types.Type {
	var all []types.Type
	for _, i := range m.NonContext() {
		all = append(all, shape.Carried(m.Params[i].Type)...)
	}
	for _, i := range m.NonError() {
		all = append(all, shape.Carried(m.Results[i].Type)...)
	}
	return all
}

// ReturnsMany reports whether a method returns a list.
func (m *Method) ReturnsMany() bool {
	return slices.ContainsFunc(m.NonError(), func(i int) bool { return shape.ElementOf(m.Results[i].Type).Many })
}

// TakesFunction reports whether a method is given a function.
func (m *Method) TakesFunction() bool {
	return slices.ContainsFunc(m.NonContext(), func(i int) bool {
		_, ok := m.Params[i].Type.Underlying().(*types.Signature)
		return ok
	})
}

// TakesStream reports whether a method is given a channel, a reader or a writer.
func (m *Method) TakesStream() bool {
	return slices.ContainsFunc(m.NonContext(), func(i int) bool { return shape.IsStream(m.Params[i].Type) })
}

// TakesOnce reports whether a method is given something that can serve one call only: a function of the caller's, or a
// stream. What one store has read of it is gone for the other.
func (m *Method) TakesOnce() bool { return m.TakesFunction() || m.TakesStream() }

// FillsUnknown reports whether a read seems to fill in a value of any type: it returns none, and is given an interface. Two
// stores must not fill in the same one, and what is behind an interface can't be copied.
func (m *Method) FillsUnknown() bool {
	returns := slices.ContainsFunc(m.NonError(), func(i int) bool {
		t := shape.ElementOf(m.Results[i].Type).Type
		named, _ := shape.NamedStruct(t)
		return !shape.IsBool(t) && (named == nil || !shape.IsCarrier(named.Obj().Name()))
	})
	return !returns && slices.ContainsFunc(m.NonContext(), func(i int) bool {
		isKey := slices.ContainsFunc(m.Key.Parts, func(part plan.KeyPart) bool { return part.Param == i })
		_, generic := types.Unalias(m.Params[i].Type).(*types.TypeParam)
		return types.IsInterface(m.Params[i].Type) && !generic && !isKey
	})
}

// ReturnsOwnOptions reports whether a read is handed nothing, and returns a struct of options that is no entity: how the store was opened.
func (m *Method) ReturnsOwnOptions() bool {
	results := m.NonError()
	if m.Kind != plan.Read || len(m.NonContext()) > 0 || len(results) != 1 || m.Said.Compare != nil {
		return false
	}
	t := shape.ElementOf(m.Results[results[0]].Type)
	named, _ := shape.NamedStruct(t.Type)
	return named != nil && !t.Many && shape.IsOptions(named.Obj().Name()) && (m.Owner == nil || !m.Owner.Carries(t.Type))
}

// Fills reports whether a read fills in what a parameter points to: its key isn't known before.
func (m *Method) Fills(i int) bool {
	_, pointer := shape.Deref(m.Params[i].Type)
	return m.Kind == plan.Read && pointer && len(m.NonError()) == 0
}

// Own makes an entity the method's, nil for none.
func (m *Method) Own(e *Entity) {
	m.Owner, m.Entity = e, nil
	if e != nil {
		m.Entity = e.Entity
	}
}

// ChangesPart makes a write that removes or stores something of its entity one that changes it.
func (m *Method) ChangesPart(part []string) {
	if m.Delete {
		m.Reasons = slices.DeleteFunc(m.Reasons, func(reason string) bool { return reason == "Delete, by its name." })
		m.Because("Write, by its name: it removes %s of the entity, and not all of it.", strings.Join(part, ""))
	}
	m.Trait, m.Delete = verb.Plain, false
}

// InKey reports whether each of some parameters is a part of the method's key.
func (m *Method) InKey(params []int) bool {
	return !slices.ContainsFunc(params, func(i int) bool {
		return !slices.ContainsFunc(m.Key.Parts, func(p plan.KeyPart) bool { return p.Param == i })
	})
}

// PutsBeside reports whether a method takes nothing but the key and the value that lies beside it.
func (m *Method) PutsBeside(e *Entity) bool {
	if e == nil || e.Beside == nil || m.Key.Form != plan.KeyOne {
		return false
	}
	args := m.Required()
	if len(args) != len(e.Parts)+1 {
		return false
	}
	last := args[len(e.Parts)]
	value, _ := shape.Deref(m.Params[last].Type)
	return types.Identical(value, e.Beside) && !slices.ContainsFunc(m.Key.Parts, func(p plan.KeyPart) bool { return p.Param == last })
}
