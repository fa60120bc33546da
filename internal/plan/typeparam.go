package plan

import (
	"go/types"
	"slices"
)

// BasicInfo says what kind of basic type a type is; 0 for any other. A type parameter is of the kind that all types of its
// constraint have.
func BasicInfo(t types.Type) types.BasicInfo {
	if p, ok := types.Unalias(t).(*types.TypeParam); ok {
		info, _ := constraintInfo(p.Constraint())
		return info
	}
	if basic, ok := t.Underlying().(*types.Basic); ok {
		return basic.Info()
	}
	return 0
}

// constraintInfo is what all types of a constraint have in common; false where it does not limit the types.
func constraintInfo(t types.Type) (types.BasicInfo, bool) {
	iface, ok := t.Underlying().(*types.Interface)
	if !ok {
		return BasicInfo(t), true
	}
	limited := false
	info := ^types.BasicInfo(0)
	for embedded := range iface.EmbeddedTypes() {
		if one, ok := termsInfo(embedded); ok {
			info, limited = info&one, true
		}
	}
	if !limited {
		return 0, false
	}
	return info, true
}

// termsInfo is constraintInfo for one embedded element: a union, or a single type.
func termsInfo(t types.Type) (types.BasicInfo, bool) {
	union, ok := t.(*types.Union)
	if !ok {
		return constraintInfo(t)
	}
	info := ^types.BasicInfo(0)
	for term := range union.Terms() {
		one, ok := constraintInfo(term.Type())
		if !ok {
			return 0, false
		}
		info &= one
	}
	return info, true
}

// TypeParamsIn are the type parameters that types mention, and that the constraints of those mention, in the order in which
// they were declared.
func TypeParamsIn(all ...types.Type) []*types.TypeParam {
	w := paramWalk{seen: map[types.Type]bool{}}
	for _, t := range all {
		w.walk(t)
	}
	slices.SortFunc(w.found, func(a, b *types.TypeParam) int { return a.Index() - b.Index() })
	return w.found
}

// paramWalk goes through types as they are spelled.
type paramWalk struct {
	found []*types.TypeParam
	seen  map[types.Type]bool
}

func (w *paramWalk) walk(t types.Type) {
	if t == nil || w.seen[t] {
		return
	}
	w.seen[t] = true
	switch t := t.(type) {
	case *types.TypeParam:
		w.found = append(w.found, t)
		w.walk(t.Constraint())
	case *types.Named:
		w.list(t.TypeArgs())
	case *types.Alias:
		w.list(t.TypeArgs())
	case *types.Map:
		w.walk(t.Key())
		w.walk(t.Elem())
	case interface{ Elem() types.Type }:
		w.walk(t.Elem())
	case *types.Signature:
		w.walk(t.Params())
		w.walk(t.Results())
	case *types.Tuple:
		for v := range t.Variables() {
			w.walk(v.Type())
		}
	case *types.Struct:
		for field := range t.Fields() {
			w.walk(field.Type())
		}
	case *types.Union:
		for term := range t.Terms() {
			w.walk(term.Type())
		}
	case *types.Interface:
		for method := range t.ExplicitMethods() {
			w.walk(method.Type())
		}
		for embedded := range t.EmbeddedTypes() {
			w.walk(embedded)
		}
	}
}

func (w *paramWalk) list(args *types.TypeList) {
	for arg := range args.Types() {
		w.walk(arg)
	}
}

// ParamCodec is the wrapper's field with the codec of a type parameter.
type ParamCodec struct {
	Param *types.TypeParam
	Field string
}
