// Package gotype answers questions about Go types.
package gotype

import (
	"go/token"
	"go/types"
	"strings"
)

func ReturnsOnly(f *types.Func, t types.Type) bool {
	sig := f.Signature()
	return sig.Params().Len() == 0 && sig.Results().Len() == 1 && types.Identical(sig.Results().At(0).Type(), t)
}

// HasSet says whether t is a pointer that copies by Set(t) t, as math/big's types do.
func HasSet(t types.Type) bool {
	f := Method(t, "Set")
	_, pointer := Pointee(t)
	if f == nil || !pointer {
		return false
	}
	params, results := f.Signature().Params(), f.Signature().Results()
	return params.Len() == 1 && results.Len() == 1 &&
		types.Identical(params.At(0).Type(), t) && types.Identical(results.At(0).Type(), t)
}

func TakesContext(sig *types.Signature) bool {
	return sig.Params().Len() > 0 && IsNamed(sig.Params().At(0).Type(), "context", "Context")
}

// IteratorArgs are the type arguments of an iter.Seq or iter.Seq2.
func IteratorArgs(t types.Type) []types.Type {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != "iter" {
		return nil
	}
	var args []types.Type
	for arg := range named.TypeArgs().Types() {
		args = append(args, arg)
	}
	return args
}

func IsBool(t types.Type) bool { return BasicInfo(t)&types.IsBoolean != 0 }

// IsUUID says whether t is written as a UUID: 16 bytes, and no text marshaler of another kind of identifier.
func IsUUID(t types.Type) bool {
	return Is16Bytes(t) && (strings.Contains(strings.ToLower(TypeName(t)), "uuid") || !HasMethod(t, "MarshalText"))
}

// IsNamed says whether t is the type of that import path and name, behind any alias.
func IsNamed(t types.Type, path, name string) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == path && named.Obj().Name() == name
}

func IsTime(t types.Type) bool { return IsNamed(t, "time", "Time") }

func IsDuration(t types.Type) bool { return IsNamed(t, "time", "Duration") }

func IsError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

func IsString(t types.Type) bool { return BasicInfo(t)&types.IsString != 0 }

func IsInteger(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsInteger != 0 && basic.Kind() != types.Uintptr
}

func IsFloat(t types.Type) bool { return BasicInfo(t)&types.IsFloat != 0 }

// BasicInfo is that of a basic type; 0 for any other, a type parameter included: what is converted must be known.
func BasicInfo(t types.Type) types.BasicInfo {
	if basic, ok := t.Underlying().(*types.Basic); ok {
		return basic.Info()
	}
	return 0
}

// IsBytes says whether t is a slice of bytes.
func IsBytes(t types.Type) bool {
	slice, ok := t.Underlying().(*types.Slice)
	if !ok {
		return false
	}
	elem, ok := slice.Elem().Underlying().(*types.Basic)
	return ok && elem.Kind() == types.Uint8
}

// Is16Bytes says whether t is an array of 16 bytes.
func Is16Bytes(t types.Type) bool {
	array, ok := t.Underlying().(*types.Array)
	return ok && array.Len() == 16 && types.Identical(array.Elem(), types.Typ[types.Byte])
}

// Pointee is what a pointer points to.
func Pointee(t types.Type) (types.Type, bool) {
	pointer, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return nil, false
	}
	return pointer.Elem(), true
}

// SetKey is the key of a map[K]struct{}.
func SetKey(t types.Type) (types.Type, bool) {
	m, ok := t.Underlying().(*types.Map)
	if !ok {
		return nil, false
	}
	s, ok := m.Elem().Underlying().(*types.Struct)
	return m.Key(), ok && s.NumFields() == 0
}

// TypeName is the name of a defined type, or "".
func TypeName(t types.Type) string {
	if named, ok := types.Unalias(t).(*types.Named); ok {
		return named.Obj().Name()
	}
	return ""
}

// HasMethod says whether a t has a method, the pointer's own included if t is a pointer.
func HasMethod(t types.Type, name string) bool { return Method(t, name) != nil }

func Method(t types.Type, name string) *types.Func {
	object, _, _ := types.LookupFieldOrMethod(t, false, nil, name)
	f, _ := object.(*types.Func)
	return f
}

// MentionsTypeParam says whether a type parameter occurs in t.
func MentionsTypeParam(t types.Type) bool { return Occurs(t, IsTypeParam, map[types.Type]bool{}) }

func IsTypeParam(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.TypeParam)
	return ok
}

// Occurs looks for a type in t: in its elements, exported fields and type arguments.
func Occurs(t types.Type, is func(types.Type) bool, seen map[types.Type]bool) bool {
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
			if Occurs(arg, is, seen) {
				return true
			}
		}
	}
	for _, part := range Parts(t) {
		if Occurs(part, is, seen) {
			return true
		}
	}
	return false
}

// Parts are the types of what a value of t holds, of a struct's exported fields.
func Parts(t types.Type) []types.Type {
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

// Recursive says whether t is a defined slice, map or pointer type: it may hold itself, so that it needs a function.
func Recursive(t types.Type) bool {
	if TypeName(t) == "" {
		return false
	}
	switch t.Underlying().(type) {
	case *types.Slice, *types.Map, *types.Pointer:
		return true
	}
	return false
}
