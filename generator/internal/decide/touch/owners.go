package touch

import (
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// Settle brings the owners of an interface together: reads of a struct that a write carries by directive, entities that nobody
// writes, and reads of no entity. It returns the entities that are left.
func Settle(in *model.Interface) []*model.Entity {
	shareWritten(in)
	left := dropUnwritten(in)
	open := slices.ContainsFunc(in.Methods, func(m *model.Method) bool {
		return m.Kind == plan.Write && (m.Owner == nil || m.Owner.Guessed && !m.Owner.IsRest())
	})
	for _, m := range in.Methods {
		if m.Kind == plan.Read && (open && !certainlyOf(m) || askedBeside(in, m)) { // what is written is asked, and this read may be of that
			m.Levels.Entity = model.Asked
		}
	}
	if len(left) == 1 && left[0].Written {
		for _, m := range in.Methods {
			if m.Kind == plan.Read && m.Owner == nil { // they go by its whole kind
				m.Own(left[0])
				m.Loose = true
			}
		}
	}
	return left
}

// certainlyOf reports whether a read is of its entity by what it returns, or by its name, or by directive.
func certainlyOf(m *model.Method) bool {
	e := m.Owner
	return e != nil && (m.Said.Of != nil || e.GetsOne(m) || e.Lists(m) || calls(m.Words.Noun, e) || calls(m.Words.First, e))
}

// askedBeside reports whether it is asked what a write touches that speaks of the same as a read does.
func askedBeside(in *model.Interface, m *model.Method) bool {
	noun := strings.Join(m.Words.Noun, "")
	return noun != "" && m.Said.Of == nil && slices.ContainsFunc(in.Methods, func(w *model.Method) bool {
		return w.Kind == plan.Write && !w.Levels.Entity.Decided() && (w.Owner == nil || !w.Owner.IsRest()) && text.SameName(strings.Join(w.Words.Noun, ""), noun)
	})
}

// shareWritten gives the reads of a struct to the entity whose write carries it by directive: what is written as a Model, and
// read as an AuthorizationModel, is one thing. They go by the whole kind.
func shareWritten(in *model.Interface) {
	for _, e := range in.Entities {
		if e.Written || e.Said != nil {
			continue
		}
		owner := carriedTo(in, e)
		if owner == nil {
			continue
		}
		for _, m := range in.Methods {
			if m.Owner == e {
				m.Own(owner)
				m.Loose = true
			}
		}
		e.Parts = nil
	}
}

// carriedTo is the one entity whose writes by directive carry another's type, or nil.
func carriedTo(in *model.Interface, e *model.Entity) *model.Entity {
	var owner *model.Entity
	for _, m := range in.Methods {
		if m.Kind != plan.Write || m.Owner == nil || m.Said.Of == nil {
			continue
		}
		params, results := carriedIn(in, m)
		if !slices.Contains(append(params, results...), e) {
			continue
		}
		if owner != nil && owner != m.Owner {
			return nil
		}
		owner = m.Owner
	}
	return owner
}

// dropUnwritten leaves out the entities that the interface only reads and whose key isn't known: their reads are of
// no kind that a write could make unclean.
func dropUnwritten(in *model.Interface) []*model.Entity {
	return slices.DeleteFunc(slices.Clone(in.Entities), func(e *model.Entity) bool {
		if e.Written || e.Said != nil || len(e.Parts) > 0 && e.KeyLevel.Decided() {
			return false
		}
		for _, m := range in.Methods {
			if m.Owner == e {
				m.Own(nil)
			}
		}
		return true
	})
}
