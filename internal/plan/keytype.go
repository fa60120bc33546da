package plan

import "go/types"

// NeedsCodec reports whether t is a type parameter whose values can be keys, but whose constraint does not say how they are
// written: the runtime finds out for each instantiation, see convert.KeyCodecOf.
func NeedsCodec(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.TypeParam)
	if !ok || BasicInfo(p)&(types.IsString|types.IsInteger|types.IsBoolean) != 0 || !types.Comparable(p) {
		return false
	}
	return mayBeKey(p.Constraint())
}

// mayBeKey reports whether a constraint leaves a type that the runtime can write as a key.
func mayBeKey(constraint types.Type) bool {
	iface, ok := constraint.Underlying().(*types.Interface)
	if !ok {
		return HasKeyText(constraint)
	}
	for embedded := range iface.EmbeddedTypes() {
		union, ok := embedded.(*types.Union)
		if !ok {
			if !mayBeKey(embedded) {
				return false
			}
			continue
		}
		some := false
		for term := range union.Terms() {
			some = some || mayBeKey(term.Type())
		}
		if !some {
			return false
		}
	}
	return true
}

// HasKeyText reports whether convert.KeyCodecOf writes the values of a type that is no type parameter.
func HasKeyText(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		if u.Info()&(types.IsString|types.IsInteger|types.IsBoolean) != 0 {
			return u.Kind() != types.Uintptr && u.Kind() != types.UnsafePointer
		}
	case *types.Pointer, *types.Chan, *types.Interface:
		return false
	}
	if isTime(t) {
		return true
	}
	if MarshalsText(t) {
		return !PromotesText(t)
	}
	switch u := t.Underlying().(type) {
	case *types.Array:
		basic, ok := u.Elem().Underlying().(*types.Basic)
		return ok && basic.Kind() == types.Uint8
	case *types.Struct:
		for field := range u.Fields() {
			if !field.Exported() || !HasKeyText(field.Type()) {
				return false
			}
		}
		return true
	}
	return false
}

// isTime reports whether t is time.Time, or a type made of it.
func isTime(t types.Type) bool {
	u, ok := t.Underlying().(*types.Struct)
	return ok && u.NumFields() > 0 && u.Field(0).Name() == "wall" && u.Field(0).Pkg().Path() == "time"
}

// MarshalsText reports whether a type has text marshalers, the one that reads for its pointer.
func MarshalsText(t types.Type) bool {
	_, pointer := t.Underlying().(*types.Pointer)
	return !pointer && hasMethod(t, "MarshalText") && hasMethod(types.NewPointer(t), "UnmarshalText")
}

// PromotesText reports whether the marshaler of a struct of several fields may be that of one alone, which is embedded in it.
func PromotesText(t types.Type) bool {
	u, ok := t.Underlying().(*types.Struct)
	if !ok || u.NumFields() == 1 {
		return false
	}
	for field := range u.Fields() {
		if field.Embedded() && hasMethod(field.Type(), "MarshalText") {
			return true
		}
	}
	return false
}

func hasMethod(t types.Type, name string) bool {
	object, _, _ := types.LookupFieldOrMethod(t, false, nil, name)
	_, ok := object.(*types.Func)
	return ok
}
