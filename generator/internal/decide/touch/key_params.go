package touch

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// keyOfParams is a key whose parts are parameters, or fields of a request.
func keyOfParams(_ *model.Interface, m *model.Method, e *model.Entity) (plan.Key, string) {
	var parts []plan.KeyPart
	for n, part := range e.Parts {
		i, ok := paramFor(m, e, n)
		if !ok {
			return plan.Key{}, ""
		}
		parts = append(parts, plan.KeyPart{Param: i, Type: part.Type})
	}
	if len(parts) == 0 {
		return plan.Key{}, ""
	}
	return plan.Key{Form: plan.KeyOne, Parts: parts}, fmt.Sprintf("Key: %s.", Paths(m, parts))
}

// paramFor finds the parameter that is the nth part of an entity's key: by a type of the part's own, by name, or because
// the method has no other parameter and its name says nothing else.
func paramFor(m *model.Method, e *model.Entity, n int) (int, bool) {
	part := e.Parts[n]
	var typed []int
	for _, i := range m.NonContext() {
		if types.Identical(m.Params[i].Type, part.Type) && !m.Params[i].Variadic {
			typed = append(typed, i)
		}
	}
	for _, i := range typed {
		if namesPart(m.SourceName(i), e, part.Name) && !speaksOfOther(m, e, m.SourceName(i)) {
			return i, true
		}
	}
	if len(typed) != 1 {
		return 0, false
	}
	i := typed[0]
	name := m.SourceName(i)
	if !shape.IsBasic(part.Type) && !isSharedType(e, part) {
		begins := m.Kind == plan.Read && e.Lists(m) // where a list begins, or what its entities have in common
		return i, !begins || name == "" || slices.Contains(neutralKeys, text.BareName(name))
	}
	if len(e.Parts) > 1 {
		return 0, false
	}
	noun := m.Words.Noun
	by := len(noun) > 1 && strings.EqualFold(noun[len(noun)-2], "by") && text.SameName(noun[len(noun)-1], part.Name)
	if by || slices.Contains(neutralKeys, text.BareName(name)) && !isField(e, name) && !speaksOfOther(m, e, name) {
		return i, true
	}
	return i, name == "" && len(m.NonContext()) == 1 && e.IsNamed(noun) && !m.ReturnsMany()
}

// speaksOfOther reports whether a read's name speaks of something else than its entity, so that a parameter called id is
// rather that something's: GetPostAuthor(id) finds a User.
func speaksOfOther(m *model.Method, e *model.Entity, param string) bool {
	noun := m.Words.Noun
	if m.Kind != plan.Read || !slices.Contains(neutralKeys, text.BareName(param)) || !e.GetsOne(m) {
		return false
	}
	if len(noun) > 1 && strings.EqualFold(noun[0], "by") && !namesPart(noun[1], e, e.Parts[0].Name) && !slices.Contains(neutralKeys, text.BareName(noun[1])) {
		return m.Said.Of == nil
	}
	return len(noun) > 0 && !calls(noun, e) && !slices.Contains(neutralNouns, strings.ToLower(noun[0])) && m.Said.Of == nil && e.Beside == nil &&
		e.Said == nil
}

// isSharedType reports whether another field of the entity, or another part of its key, has the key part's type: the type
// alone then decides nothing. Nor does a type without a name where the entity has no fields.
func isSharedType(e *model.Entity, part model.KeyField) bool {
	if e.Type == nil {
		_, named := types.Unalias(part.Type).(*types.Named)
		return !named || slices.ContainsFunc(e.Parts, func(p model.KeyField) bool { return p.Name != part.Name && types.Identical(p.Type, part.Type) })
	}
	_, s := shape.NamedStruct(e.Type)
	if s == nil {
		return true
	}
	count := 0
	for field := range s.Fields() {
		if t, _ := shape.Deref(field.Type()); types.Identical(t, part.Type) {
			count++
		}
	}
	return count > 1
}
