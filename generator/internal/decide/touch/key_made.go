package touch

import (
	"fmt"
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/generator/internal/decide/entity"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/internal/verb"
	"github.com/dualgen/dualgen/internal/plan"
)

// keyMade is the key of a create whose entity comes back: in a result, or behind a pointer that the store may fill in.
// Both are right even where the caller made the key.
func keyMade(in *model.Interface, m *model.Method, e *model.Entity) (plan.Key, string) {
	if m.Kind != plan.Write || m.Trait != verb.Creates || e.Type == nil {
		return plan.Key{}, ""
	}
	if key, reason := keyOfResult(in, m, e); key.Form != 0 {
		return key, reason
	}
	i, ok := e.Param(m, false)
	if !ok {
		return plan.Key{}, ""
	}
	if _, pointer := shape.Deref(m.Params[i].Type); !pointer {
		return plan.Key{}, ""
	}
	parts := e.PartsFrom(i, m.Params[i].Type)
	return plan.Key{Form: plan.KeyOut, Parts: parts},
		fmt.Sprintf("Key: %s, read after the primary's call, because a create may fill it in.", Paths(m, parts))
}

// keysMade are the keys of a create of many, which the store may fill into what it is given: right, too, where the caller made them.
func keysMade(in *model.Interface, m *model.Method, e *model.Entity) (plan.Key, string) {
	if m.Kind != plan.Write || m.Trait != verb.Creates || e.Type == nil || callerMakes(in, e) {
		return plan.Key{}, ""
	}
	i, ok := e.Param(m, true)
	if !ok {
		return plan.Key{}, ""
	}
	parts := e.PartsFrom(i, m.Params[i].Type.Underlying().(*types.Slice).Elem())
	return plan.Key{Form: plan.KeyOutEach, Parts: parts},
		fmt.Sprintf("Key: %s of each, read after the primary's call, because a create may fill it in.", Paths(m, parts))
}

// callerMakes reports whether a create of one entity says that the caller makes its key: it is handed the entity by value, and
// returns no key.
func callerMakes(in *model.Interface, e *model.Entity) bool {
	return slices.ContainsFunc(in.Methods, func(m *model.Method) bool {
		if m.Kind != plan.Write || m.Trait != verb.Creates || m.Owner != e || len(m.NonError()) > 0 {
			return false
		}
		i, ok := e.Param(m, false)
		if !ok {
			return false
		}
		if said := m.Said.Key; said != nil {
			return said.Form == plan.KeyOne
		}
		_, pointer := shape.Deref(m.Params[i].Type)
		return !pointer
	})
}

// keyOfResult is the key of an entity that a write returns, or the key itself where a create returns one that is
// certainly it.
func keyOfResult(_ *model.Interface, m *model.Method, e *model.Entity) (plan.Key, string) {
	if m.Kind != plan.Write || m.Trait != verb.Creates && m.Trait != verb.Takes {
		return plan.Key{}, ""
	}
	for _, i := range m.NonError() {
		r := m.Results[i]
		if c := shape.ElementOf(r.Type); e.Type != nil && !c.Many && types.Identical(c.Type, e.Type) {
			return plan.Key{Form: plan.KeyResult, Parts: e.PartsFrom(i, r.Type)}, "Key: of the result, because the primary may make it."
		}
		if m.Trait == verb.Creates && isMadeKey(m, e, i) {
			return plan.Key{Form: plan.KeyResult, Parts: []plan.KeyPart{{Param: i, Type: r.Type}}}, "Key: the result, because the primary makes it."
		}
	}
	return plan.Key{}, ""
}

// isMadeKey reports whether a result is certainly the key of what a create stored: by its type, or by its name.
func isMadeKey(m *model.Method, e *model.Entity, i int) bool {
	r := m.Results[i]
	if len(e.Parts) != 1 || !types.Identical(r.Type, e.Parts[0].Type) {
		return false
	}
	named := m.Sig.Results().At(i).Name()
	return !shape.IsBasic(r.Type) || namesPart(named, e, e.Parts[0].Name) || slices.Contains(neutralKeys, text.BareName(named))
}

// mayMakeUntold reports whether a write that is handed entities by value may make the key of one that has none, and tells nobody. What
// stores one whole makes numbers alone: a text or a UUID is the caller's, and the conformance test finds a store that makes it.
func mayMakeUntold(m *model.Method, e *model.Entity) bool {
	if m.Kind != plan.Write || m.Said.Mirror != nil || !hasID(e) {
		return false
	}
	return m.Trait == verb.Creates || m.Trait == verb.Whole && entity.IsNumbered(e)
}

// hasID reports whether a part of an entity's key is what stores make: an ID.
func hasID(e *model.Entity) bool {
	return e.Type != nil && slices.ContainsFunc(e.Parts, func(part model.KeyField) bool { return entity.IsID(e, part.Name) })
}
