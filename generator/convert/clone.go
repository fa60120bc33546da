package convert

import (
	"go/scanner"
	"go/token"
	"go/types"
	"strings"

	"github.com/dualgen/dualgen/generator/plan"
)

// mutable says whether a value of t reaches memory that others may change: slices, maps, pointers. Functions, channels,
// interfaces and type parameters are shared on purpose, and so are values that have no method to change them.
func (p *Planner) mutable(t types.Type) bool { return p.reachesMemory(t, map[types.Type]bool{}) }

func (p *Planner) reachesMemory(t types.Type, seen map[types.Type]bool) bool {
	t = types.Unalias(t)
	if seen[t] {
		return false
	}
	seen[t] = true
	if isTime(t) {
		return false
	}
	if elem, ok := pointee(t); plan.HoldsLock(t) || ok && plan.HoldsLock(elem) {
		return false // it cannot be copied: it is shared
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer, *types.Slice, *types.Map:
		return true
	case *types.Array:
		return p.reachesMemory(u.Elem(), seen)
	case *types.Struct:
		if p.opaque(t) && immutable(t) {
			return false
		}
		for field := range u.Fields() {
			if p.reachesMemory(field.Type(), seen) {
				return true
			}
		}
	}
	return false
}

// readers are the methods by which values are made, not changed.
var readers = []string{"Unmarshal", "Scan", "Decode", "Gob"}

// immutable says whether a struct without exported fields is a value: no method of its pointer changes it, except those
// that fill it from outside.
func immutable(t types.Type) bool {
	values := types.NewMethodSet(t)
	pointers := types.NewMethodSet(types.NewPointer(t))
	for selection := range pointers.Methods() {
		name := selection.Obj().Name()
		if selection.Obj().Exported() && values.Lookup(nil, name) == nil && !fills(name) {
			return false
		}
	}
	return true
}

func fills(method string) bool {
	for _, prefix := range readers {
		if strings.HasPrefix(method, prefix) {
			return true
		}
	}
	return false
}

// Clone returns the function that deep-copies a t, func(t) t, or nil if nothing in it is mutable.
func (p *Planner) Clone(t types.Type, pos token.Position) (*plan.FuncRef, scanner.ErrorList) {
	if !p.mutable(t) {
		return nil, nil
	}
	ref := p.finiteClone(t, p.cloneFunc(t))
	return ref, p.faults.take()
}

// cloneFunc is the deep copy of a type as a generated function.
func (p *Planner) cloneFunc(t types.Type) *plan.FuncRef {
	key := "clone " + typeKey(t)
	if ref, ok := p.planned[key]; ok {
		return ref
	}
	if user, ok := p.directives.user(t, t); ok && !takesContext(user.Func.Signature()) && user.Func.Signature().Results().Len() == 1 {
		return &plan.FuncRef{Name: user.Func.Name(), Package: user.Func.Pkg()}
	}
	f := &plan.CloneFunc{Ref: p.function(key, "clone"+p.word(t), plan.FuncRef{}, t), Type: t}
	p.functions = append(p.functions, f)
	switch u := t.Underlying().(type) {
	case *types.Struct:
		p.cloneStruct(f, u)
	case *types.Array:
		f.Items, _ = p.cloneStep(u.Elem())
	default:
		f.Whole, _ = p.cloning(t, false)
	}
	return f.Ref
}

// cloneStruct copies a struct field by field; one that is reached by methods by its method Clone, if it has one, or by its
// setters.
func (p *Planner) cloneStruct(f *plan.CloneFunc, s *types.Struct) {
	a := p.accessOf(f.Type, "")
	switch {
	case a == nil:
		f.Fields = p.cloneFields(s)
	case p.clones(f.Type):
		f.Whole = plan.Getter{Name: "Clone"}
	default:
		if f.Made = p.rebuilt(a); f.Made == nil {
			f.Fields = p.cloneColumns(a)
		}
	}
}

// clones says whether a struct has a method Clone that returns one.
func (p *Planner) clones(t types.Type) bool {
	f := p.accessor(t, "Clone")
	return f != nil && returnsOnly(f, t)
}

// cloneFields are the fields that need more than assignment.
func (p *Planner) cloneFields(s *types.Struct) []plan.FieldClone {
	var fields []plan.FieldClone
	for field := range s.Fields() {
		if field.Name() == "_" || !p.reaches(field) || !p.mutable(field.Type()) {
			continue
		}
		if conv, ok := p.cloneStep(field.Type()); ok {
			fields = append(fields, plan.FieldClone{Name: field.Name(), Type: field.Type(), Conv: conv})
		}
	}
	return fields
}

// cloneColumns are the parts of a struct that more than assignment copies, and that a setter takes: the others belong to the
// struct alone.
func (p *Planner) cloneColumns(a *access) []plan.FieldClone {
	var parts []plan.FieldClone
	for _, c := range a.columns {
		part := plan.FieldClone{Name: c.name()}
		switch {
		case len(c.path) == 1:
			part.Name, part.Type = c.field().Name(), c.field().Type()
		case c.get != nil && c.get.form == getsValue && c.set != nil && !c.set.Fallible && types.Identical(c.set.typ, c.get.typ):
			part.Type, part.Getter, part.Set = c.get.typ, c.get.name, &c.set.Setter
		default:
			continue
		}
		if conv, ok := p.cloneStep(part.Type); ok {
			part.Conv = conv
			parts = append(parts, part)
		}
	}
	return parts
}

// cloneStep is the deep copy of a value of type t; false if assignment is enough.
func (p *Planner) cloneStep(t types.Type) (plan.Conv, bool) { return p.cloning(t, true) }

func (p *Planner) cloning(t types.Type, inside bool) (plan.Conv, bool) {
	if !p.mutable(t) {
		return plan.Same{}, false
	}
	if f := method(t, "Clone"); f != nil && returnsOnly(f, t) {
		return plan.Getter{Name: "Clone"}, true
	}
	if hasSet(t) {
		return plan.Apply{Func: leaf("CloneSet")}, true
	}
	if inside && recursive(t) && p.holdsItself(t) {
		return plan.Apply{Func: p.cloneFunc(t)}, true
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		elem, deep := p.cloneStep(u.Elem())
		if !deep {
			return plan.Apply{Func: leaf("ClonePointer")}, true
		}
		return each(plan.PointerShape, t, u.Elem(), elem), true
	case *types.Slice:
		elem, deep := p.cloneStep(u.Elem())
		if !deep {
			return plan.Apply{Func: &plan.FuncRef{Name: "Clone", Package: slicesPackage}}, true
		}
		return each(plan.SliceShape, t, u.Elem(), elem), true
	case *types.Map:
		return p.cloneMap(t, u), true
	default:
		return plan.Apply{Func: p.cloneFunc(t)}, true
	}
}

func each(shape plan.Shape, t, elem types.Type, conv plan.Conv) plan.Conv {
	return plan.Each{Shape: shape, From: t, To: t, Elem: plan.Step{From: elem, To: elem, Conv: conv}}
}

func (p *Planner) cloneMap(t types.Type, m *types.Map) plan.Conv {
	elem, deep := p.cloneStep(m.Elem())
	if !deep {
		return plan.Apply{Func: &plan.FuncRef{Name: "Clone", Package: mapsPackage}}
	}
	return plan.Each{
		Shape: plan.MapShape, From: t, To: t,
		Elem: plan.Step{From: m.Elem(), To: m.Elem(), Conv: elem},
		Key:  &plan.Step{From: m.Key(), To: m.Key(), Conv: plan.Same{}},
	}
}

func returnsOnly(f *types.Func, t types.Type) bool {
	sig := f.Signature()
	return sig.Params().Len() == 0 && sig.Results().Len() == 1 && types.Identical(sig.Results().At(0).Type(), t)
}

// hasSet says whether t is a pointer that copies by Set(t) t, as math/big's types do.
func hasSet(t types.Type) bool {
	f := method(t, "Set")
	_, pointer := pointee(t)
	if f == nil || !pointer {
		return false
	}
	params, results := f.Signature().Params(), f.Signature().Results()
	return params.Len() == 1 && results.Len() == 1 &&
		types.Identical(params.At(0).Type(), t) && types.Identical(results.At(0).Type(), t)
}

// holdsItself says whether t occurs in what a value of t holds.
func (p *Planner) holdsItself(t types.Type) bool {
	seen := map[types.Type]bool{}
	for _, part := range parts(t) {
		if occurs(part, func(inner types.Type) bool { return types.Identical(inner, t) }, seen) {
			return true
		}
	}
	return false
}
