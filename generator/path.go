package generator

import (
	"fmt"
	"go/types"
	"strings"

	"github.com/dualgen/dualgen/generator/plan"
)

// path resolves selectors, fields or getters, from a value of type t to a part of a key.
func (b *builder) path(t types.Type, names []string) (plan.KeyPart, error) {
	part := plan.KeyPart{Type: t}
	for _, name := range names {
		_, pointer := derefType(part.Type)
		name = strings.TrimSuffix(name, "()")
		object, _, _ := types.LookupFieldOrMethod(part.Type, true, b.pkg.Types, name)
		step := plan.PathStep{Name: name, Ptr: pointer}
		switch object := object.(type) {
		case *types.Var:
			if !object.Exported() && object.Pkg() != b.repo.Output.Package {
				return part, fmt.Errorf("field %s of %s is unexported", name, typeString(part.Type))
			}
			part.Type = object.Type()
		case *types.Func:
			sig := object.Signature()
			if sig.Params().Len() != 0 || sig.Results().Len() != 1 {
				return part, fmt.Errorf("%s of %s is no getter: it takes parameters or returns more than one value", name, typeString(part.Type))
			}
			step.Call = true
			part.Type = sig.Results().At(0).Type()
		default:
			return part, fmt.Errorf("%s has no field %s", typeString(part.Type), name)
		}
		part.Path = append(part.Path, step)
	}
	if elem, pointer := derefType(part.Type); pointer {
		part.Type, part.Deref = elem, true
	}
	if !b.isKeyType(part.Type) {
		return part, fmt.Errorf("%s has type %s, which cannot be a key", strings.Join(names, "."), typeString(part.Type))
	}
	return part, nil
}

// isKeyType reports whether a type can be a key or a part of one, also by a constructor that makes it of one.
func (b *builder) isKeyType(t types.Type) bool { return isKeyType(t) || b.isMadeKey(t) }

// isMadeKey reports whether a directive names a constructor that makes a type of what can be a key: UserID of a text.
func (b *builder) isMadeKey(t types.Type) bool {
	if b.planner == nil || isKeyType(t) {
		return false
	}
	value := b.planner.MadeOf(t)
	return value != nil && isKeyType(value)
}

// typeString writes a type for messages, packages by their names.
func typeString(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string { return p.Name() })
}
