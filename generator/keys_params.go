package generator

import (
	"cmp"
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/plan"
)

// keyOfParams is a key whose parts are parameters.
func (b *builder) keyOfParams(d *decision, e *entity) (plan.Key, string) {
	var parts []plan.KeyPart
	for n, part := range e.parts {
		i, ok := b.paramFor(d, e, n)
		if !ok {
			return plan.Key{}, ""
		}
		parts = append(parts, plan.KeyPart{Param: i, Type: part.Type})
	}
	if len(parts) == 0 {
		return plan.Key{}, ""
	}
	return plan.Key{Form: plan.KeyOne, Parts: parts}, fmt.Sprintf("Key: %s.", pathsOf(d, parts))
}

// neutralKeys are names of parameters that mean the key whatever its field is called.
var neutralKeys = []string{"id", "key", "k", "uid", "uuid", "pk"}

// paramFor finds the parameter that is the nth part of an entity's key: by a type of the part's own, by name, or because
// the method has no other parameter and its name says nothing else.
func (b *builder) paramFor(d *decision, e *entity, n int) (int, bool) {
	part := e.parts[n]
	var typed []int
	for _, i := range d.nonContext() {
		if types.Identical(d.Params[i].Type, part.Type) && !d.Params[i].Variadic {
			typed = append(typed, i)
		}
	}
	for _, i := range typed {
		if b.namesPart(d.sourceName(i), e, part.name) {
			return i, true
		}
	}
	if len(typed) != 1 {
		return 0, false
	}
	i := typed[0]
	name := d.sourceName(i)
	if !isBasic(part.Type) && !isSharedType(e, part) {
		begins := d.Kind == plan.Read && d.lists(e) // where a list begins, or what its entities have in common
		return i, !begins || name == "" || slices.Contains(neutralKeys, text.BareName(name))
	}
	if len(e.parts) > 1 {
		return 0, false
	}
	noun := d.noun()
	by := len(noun) > 1 && strings.EqualFold(noun[len(noun)-2], "by") && text.SameName(noun[len(noun)-1], part.name)
	if by || slices.Contains(neutralKeys, text.BareName(name)) && !b.isField(e, name) {
		return i, true
	}
	return i, name == "" && len(d.nonContext()) == 1 && plainNoun(noun, e) && !d.returnsMany()
}

// returnsMany reports whether a method returns a list: what it is given is then not certainly the key of one.
func (d *decision) returnsMany() bool {
	return slices.ContainsFunc(d.nonError(), func(i int) bool { return elementOf(d.Results[i].Type).many })
}

// namesPart reports whether a parameter's name means a part of an entity's key: id, userID or user for User.ID, or for a getter
// GetID.
func (b *builder) namesPart(param string, e *entity, part string) bool {
	part = cmp.Or(strings.TrimPrefix(part, "Get"), part)
	switch {
	case param == "":
		return false
	case text.SameName(param, part), text.SameName(param, e.Name+part):
		return true
	}
	return text.SameName(e.Name+param, part) || len(e.parts) == 1 && text.SameName(param, e.Name) && text.SameName(part, "ID")
}

// isField reports whether an entity has a field of that name that is not its key.
func (b *builder) isField(e *entity, name string) bool {
	return slices.ContainsFunc(fieldNames(e.Type), func(field string) bool {
		return text.SameName(field, name) && !slices.ContainsFunc(e.parts, func(p keyField) bool { return text.SameName(p.name, field) })
	})
}

// isSharedType reports whether another field of the entity, or another part of its key, has the key part's type: the type
// alone then decides nothing. Nor does a type without a name where the entity has no fields.
func isSharedType(e *entity, part keyField) bool {
	if e.Type == nil {
		_, named := types.Unalias(part.Type).(*types.Named)
		return !named || slices.ContainsFunc(e.parts, func(p keyField) bool { return p.name != part.name && types.Identical(p.Type, part.Type) })
	}
	_, s := namedStruct(e.Type)
	if s == nil {
		return true
	}
	count := 0
	for field := range s.Fields() {
		if t, _ := derefType(field.Type()); types.Identical(t, part.Type) {
			count++
		}
	}
	return count > 1
}
