package model

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// Path resolves selectors, fields or getters, from a value of type t to a part of a key.
func (in *Interface) Path(t types.Type, names []string) (plan.KeyPart, error) {
	part := plan.KeyPart{Type: t}
	for _, name := range names {
		_, pointer := shape.Deref(part.Type)
		name = strings.TrimSuffix(name, "()")
		object, _, _ := types.LookupFieldOrMethod(part.Type, true, in.Package, name)
		step := plan.PathStep{Name: name, Ptr: pointer}
		switch object := object.(type) {
		case *types.Var:
			if !object.Exported() && object.Pkg() != in.Output {
				return part, fmt.Errorf("field %s of %s is unexported", name, shape.String(part.Type))
			}
			part.Type = object.Type()
		case *types.Func:
			sig := object.Signature()
			if sig.Params().Len() != 0 || sig.Results().Len() != 1 {
				return part, fmt.Errorf("%s of %s is no getter: it takes parameters or returns more than one value", name, shape.String(part.Type))
			}
			step.Call = true
			part.Type = sig.Results().At(0).Type()
		default:
			return part, fmt.Errorf("%s has no field %s", shape.String(part.Type), name)
		}
		part.Path = append(part.Path, step)
	}
	if elem, pointer := shape.Deref(part.Type); pointer {
		part.Type, part.Deref = elem, true
	}
	if !in.IsKeyType(part.Type) {
		return part, fmt.Errorf("%s has type %s, which cannot be a key", strings.Join(names, "."), shape.String(part.Type))
	}
	return part, nil
}

// IsKeyType reports whether a type can be a key or a part of one, also by a constructor that makes it of one.
func (in *Interface) IsKeyType(t types.Type) bool { return shape.IsKeyType(t) || in.IsMadeKey(t) }

// IsMadeKey reports whether a directive names a constructor that makes a type of what can be a key: UserID of a text.
func (in *Interface) IsMadeKey(t types.Type) bool {
	if in.MadeOf == nil || shape.IsKeyType(t) {
		return false
	}
	value := in.MadeOf(t)
	return value != nil && shape.IsKeyType(value)
}

// Member is the part of a key that a field of a struct is: the field itself, or, where it is out of reach, what its getter
// returns.
func (in *Interface) Member(t types.Type, field string) (KeyField, bool) {
	if part, err := in.Path(t, []string{field}); err == nil {
		return KeyField{field, part}, true
	}
	if token.IsExported(field) {
		return KeyField{}, false
	}
	for _, name := range shape.GetterNames(t) {
		if !text.SameName(name, field) && !text.SameName(name, "Get"+field) {
			continue
		}
		if part, err := in.Path(t, []string{name}); err == nil {
			return KeyField{name, part}, true
		}
	}
	return KeyField{}, false
}

// FieldFor finds the field of an entity that a parameter is the value of.
func (in *Interface) FieldFor(p *plan.Param, e *Entity) (KeyField, bool) {
	for _, field := range shape.FieldNames(e.Type) {
		found, ok := in.Member(e.Type, field)
		if !ok || !types.Identical(found.Type, p.Type) {
			continue
		}
		if text.SameName(field, p.Name) || text.SameName(field, e.Name+p.Name) || text.SameName(e.Name+field, p.Name) {
			return found, true
		}
	}
	return KeyField{}, false
}
