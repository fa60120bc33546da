package convert

import (
	"go/token"
	"go/types"
	"slices"
)

// isNamed says whether t is the type of that import path and name, behind any alias.
func isNamed(t types.Type, path, name string) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == path && named.Obj().Name() == name
}

func isTime(t types.Type) bool     { return isNamed(t, "time", "Time") }
func isDuration(t types.Type) bool { return isNamed(t, "time", "Duration") }
func isError(t types.Type) bool    { return types.Identical(t, types.Universe.Lookup("error").Type()) }

func isString(t types.Type) bool { return basicInfo(t)&types.IsString != 0 }
func isInteger(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsInteger != 0 && basic.Kind() != types.Uintptr
}
func isFloat(t types.Type) bool { return basicInfo(t)&types.IsFloat != 0 }

// basicInfo is that of a basic type; 0 for any other, a type parameter included: what is converted must be known.
func basicInfo(t types.Type) types.BasicInfo {
	if basic, ok := t.Underlying().(*types.Basic); ok {
		return basic.Info()
	}
	return 0
}

// isBytes says whether t is a slice of bytes.
func isBytes(t types.Type) bool {
	slice, ok := t.Underlying().(*types.Slice)
	if !ok {
		return false
	}
	elem, ok := slice.Elem().Underlying().(*types.Basic)
	return ok && elem.Kind() == types.Uint8
}

// is16Bytes says whether t is an array of 16 bytes.
func is16Bytes(t types.Type) bool {
	array, ok := t.Underlying().(*types.Array)
	return ok && array.Len() == 16 && types.Identical(array.Elem(), types.Typ[types.Byte])
}

// pointee is what a pointer points to.
func pointee(t types.Type) (types.Type, bool) {
	pointer, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return nil, false
	}
	return pointer.Elem(), true
}

// setKey is the key of a map[K]struct{}.
func setKey(t types.Type) (types.Type, bool) {
	m, ok := t.Underlying().(*types.Map)
	if !ok {
		return nil, false
	}
	s, ok := m.Elem().Underlying().(*types.Struct)
	return m.Key(), ok && s.NumFields() == 0
}

// typeName is the name of a defined type, or "".
func typeName(t types.Type) string {
	if named, ok := types.Unalias(t).(*types.Named); ok {
		return named.Obj().Name()
	}
	return ""
}

// hasMethod says whether a t has a method, the pointer's own included if t is a pointer.
func hasMethod(t types.Type, name string) bool { return method(t, name) != nil }

func method(t types.Type, name string) *types.Func {
	object, _, _ := types.LookupFieldOrMethod(t, false, nil, name)
	f, _ := object.(*types.Func)
	return f
}

// mentionsTypeParam says whether a type parameter occurs in t.
func mentionsTypeParam(t types.Type) bool { return occurs(t, isTypeParam, map[types.Type]bool{}) }

func isTypeParam(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.TypeParam)
	return ok
}

// holdsUnknown says whether a value of t holds one of a type parameter whose constraint does not say when two are equal: by
// ==, or by a method Equal.
func (p *Planner) holdsUnknown(t types.Type) bool { return p.unknownIn(t, map[types.Type]bool{}) }

func (p *Planner) unknownIn(t types.Type, seen map[types.Type]bool) bool {
	t = types.Unalias(t)
	if isTypeParam(t) {
		return !types.Comparable(t) && !hasEqual(t)
	}
	if seen[t] || p.usesEqual(t) {
		return false
	}
	seen[t] = true
	if s, ok := t.Underlying().(*types.Struct); ok {
		for field := range s.Fields() {
			if p.reaches(field) && p.unknownIn(field.Type(), seen) {
				return true
			}
		}
		return false
	}
	return slices.ContainsFunc(parts(t), func(part types.Type) bool { return p.unknownIn(part, seen) })
}

// occurs looks for a type in t: in its elements, exported fields and type arguments.
func occurs(t types.Type, is func(types.Type) bool, seen map[types.Type]bool) bool {
	t = types.Unalias(t)
	if is(t) {
		return true
	}
	if seen[t] {
		return false
	}
	seen[t] = true
	if named, ok := t.(*types.Named); ok {
		for arg := range named.TypeArgs().Types() {
			if occurs(arg, is, seen) {
				return true
			}
		}
	}
	for _, part := range parts(t) {
		if occurs(part, is, seen) {
			return true
		}
	}
	return false
}

// parts are the types of what a value of t holds, of a struct's exported fields.
func parts(t types.Type) []types.Type {
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return []types.Type{u.Elem()}
	case *types.Slice:
		return []types.Type{u.Elem()}
	case *types.Array:
		return []types.Type{u.Elem()}
	case *types.Map:
		return []types.Type{u.Key(), u.Elem()}
	case *types.Struct:
		var fields []types.Type
		for field := range u.Fields() {
			if token.IsExported(field.Name()) {
				fields = append(fields, field.Type())
			}
		}
		return fields
	}
	return nil
}

// opaque says whether t is a struct none of whose fields the output can reach, though it has some.
func (p *Planner) opaque(t types.Type) bool {
	s, ok := t.Underlying().(*types.Struct)
	if !ok || s.NumFields() == 0 {
		return false
	}
	for field := range s.Fields() {
		if p.reaches(field) {
			return false
		}
	}
	return true
}

// recursive says whether t is a defined slice, map or pointer type: it may hold itself, so that it needs a function.
func recursive(t types.Type) bool {
	if typeName(t) == "" {
		return false
	}
	switch t.Underlying().(type) {
	case *types.Slice, *types.Map, *types.Pointer:
		return true
	}
	return false
}
