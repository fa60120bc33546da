// Package clone plans the functions that copy what a value shares.
package clone

import (
	"go/scanner"
	"go/token"
	"go/types"

	"github.com/dualgen/dualgen/internal/convert/access"
	"github.com/dualgen/dualgen/internal/convert/build"
	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/plan"
)

// Mutable says whether a value of t reaches memory that others may change: slices, maps, pointers. Functions, channels,
// interfaces and type parameters are shared on purpose, and so are values that have no method to change them.
func Mutable(p *access.Planner, t types.Type) bool { return reachesMemory(p, t, map[types.Type]bool{}) }

func reachesMemory(p *access.Planner, t types.Type, seen map[types.Type]bool) bool {
	t = types.Unalias(t)
	if seen[t] {
		return false
	}
	seen[t] = true
	if gotype.IsTime(t) {
		return false
	}
	if elem, ok := gotype.Pointee(t); plan.HoldsLock(t) || ok && plan.HoldsLock(elem) {
		return false // it cannot be copied: it is shared
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer, *types.Slice, *types.Map:
		return true
	case *types.Array:
		return reachesMemory(p, u.Elem(), seen)
	case *types.Struct:
		if p.Opaque(t) && gotype.Immutable(t) {
			return false
		}
		for field := range u.Fields() {
			if reachesMemory(p, field.Type(), seen) {
				return true
			}
		}
	}
	return false
}

// Clone returns the function that deep-copies a t, func(t) t, or nil if nothing in it is mutable.
func Clone(p *access.Planner, t types.Type, pos token.Position) (*plan.FuncRef, scanner.ErrorList) {
	if !Mutable(p, t) {
		return nil, nil
	}
	ref := finiteClone(p, t, cloneFunc(p, t))
	return ref, p.Faults.Take()
}

// cloneFunc is the deep copy of a type as a generated function.
func cloneFunc(p *access.Planner, t types.Type) *plan.FuncRef {
	key := "clone " + gotype.TypeKey(t)
	if ref, ok := p.Planned[key]; ok {
		return ref
	}
	if user, ok := p.Directives.User(t, t); ok && !gotype.TakesContext(user.Func.Signature()) && user.Func.Signature().Results().Len() == 1 {
		return &plan.FuncRef{Name: user.Func.Name(), Package: user.Func.Pkg()}
	}
	f := &plan.CloneFunc{Ref: p.Function(key, "clone"+p.Word(t), plan.FuncRef{}, t), Type: t}
	p.Functions = append(p.Functions, f)
	switch u := t.Underlying().(type) {
	case *types.Struct:
		cloneStruct(p, f, u)
	case *types.Array:
		f.Items, _ = CloneStep(p, u.Elem())
	default:
		f.Whole, _ = cloning(p, t, false)
	}
	return f.Ref
}

// cloneStruct copies a struct field by field; one that is reached by methods by its method Clone, if it has one, or by its
// setters.
func cloneStruct(p *access.Planner, f *plan.CloneFunc, s *types.Struct) {
	a := p.AccessOf(f.Type, "")
	switch {
	case p.Opaque(f.Type) && gotype.HasSet(types.NewPointer(f.Type)):
		f.Whole = plan.Apply{Func: build.Leaf("CloneSetValue")}
	case a == nil:
		f.Fields = cloneFields(p, s)
	case clones(p, f.Type):
		f.Whole = plan.Getter{Name: "Clone"}
	default:
		if f.Made = rebuilt(p, a); f.Made == nil {
			f.Fields = cloneColumns(p, a)
		}
	}
}

// clones says whether a struct has a method Clone that returns one.
func clones(p *access.Planner, t types.Type) bool {
	f := p.Accessor(t, "Clone")
	return f != nil && gotype.ReturnsOnly(f, t)
}

// cloneFields are the fields that need more than assignment.
func cloneFields(p *access.Planner, s *types.Struct) []plan.FieldClone {
	var fields []plan.FieldClone
	for field := range s.Fields() {
		if field.Name() == "_" || !p.Reaches(field) || !Mutable(p, field.Type()) {
			continue
		}
		if conv, ok := CloneStep(p, field.Type()); ok {
			fields = append(fields, plan.FieldClone{Name: field.Name(), Type: field.Type(), Conv: conv})
		}
	}
	return fields
}

// cloneColumns are the parts of a struct that more than assignment copies, and that a setter takes: the others belong to the
// struct alone.
func cloneColumns(p *access.Planner, a *access.Access) []plan.FieldClone {
	var parts []plan.FieldClone
	for _, c := range a.Columns {
		part := plan.FieldClone{Name: c.Name()}
		switch {
		case len(c.Path) == 1:
			part.Name, part.Type = c.Field().Name(), c.Field().Type()
		case c.Get != nil && c.Get.Form == access.GetsValue && c.Set != nil && !c.Set.Fallible && types.Identical(c.Set.Typ, c.Get.Typ):
			part.Type, part.Getter, part.Set = c.Get.Typ, c.Get.Name, &c.Set.Setter
		default:
			continue
		}
		if conv, ok := CloneStep(p, part.Type); ok {
			part.Conv = conv
			parts = append(parts, part)
		}
	}
	return parts
}

// CloneStep is the deep copy of a value of type t; false if assignment is enough.
func CloneStep(p *access.Planner, t types.Type) (plan.Conv, bool) { return cloning(p, t, true) }

func cloning(p *access.Planner, t types.Type, inside bool) (plan.Conv, bool) {
	if !Mutable(p, t) {
		return plan.Same{}, false
	}
	if f := gotype.Method(t, "Clone"); f != nil && gotype.ReturnsOnly(f, t) {
		return plan.Getter{Name: "Clone"}, true
	}
	if gotype.HasSet(t) {
		return plan.Apply{Func: build.Leaf("CloneSet")}, true
	}
	if inside && gotype.Recursive(t) && HoldsItself(p, t) {
		return plan.Apply{Func: cloneFunc(p, t)}, true
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		elem, deep := CloneStep(p, u.Elem())
		if !deep {
			return plan.Apply{Func: build.Leaf("ClonePointer")}, true
		}
		return each(plan.PointerShape, t, u.Elem(), elem), true
	case *types.Slice:
		elem, deep := CloneStep(p, u.Elem())
		if !deep {
			return plan.Apply{Func: &plan.FuncRef{Name: "Clone", Package: build.SlicesPackage}}, true
		}
		return each(plan.SliceShape, t, u.Elem(), elem), true
	case *types.Map:
		return cloneMap(p, t, u), true
	default:
		return plan.Apply{Func: cloneFunc(p, t)}, true
	}
}

func each(shape plan.Shape, t, elem types.Type, conv plan.Conv) plan.Conv {
	return plan.Each{Shape: shape, From: t, To: t, Elem: plan.Step{From: elem, To: elem, Conv: conv}}
}

func cloneMap(p *access.Planner, t types.Type, m *types.Map) plan.Conv {
	elem, deep := CloneStep(p, m.Elem())
	if !deep {
		return plan.Apply{Func: &plan.FuncRef{Name: "Clone", Package: build.MapsPackage}}
	}
	return plan.Each{
		Shape: plan.MapShape, From: t, To: t,
		Elem: plan.Step{From: m.Elem(), To: m.Elem(), Conv: elem},
		Key:  &plan.Step{From: m.Key(), To: m.Key(), Conv: plan.Same{}},
	}
}

// HoldsItself says whether t occurs in what a value of t holds.
func HoldsItself(p *access.Planner, t types.Type) bool {
	seen := map[types.Type]bool{}
	for _, part := range gotype.Parts(t) {
		if gotype.Occurs(part, func(inner types.Type) bool { return types.Identical(inner, t) }, seen) {
			return true
		}
	}
	return false
}

// finiteClone is the copy of a value that may hold itself, as it is called from outside.
func finiteClone(p *access.Planner, t types.Type, ref *plan.FuncRef) *plan.FuncRef {
	key := "clone finite " + gotype.TypeKey(t)
	if known, ok := p.Planned[key]; ok || !p.MayHoldItself(t) {
		return build.OrElse(known, ref)
	}
	f := &plan.CloneFunc{Ref: p.Function(key, "cloneFinite"+p.Word(t), plan.FuncRef{}, t), Type: t, Whole: plan.Apply{Func: ref}, Finite: true}
	p.Functions = append(p.Functions, f)
	return f.Ref
}
