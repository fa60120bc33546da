package convert

import (
	"fmt"
	"go/types"

	"github.com/dualgen/dualgen/generator/plan"
)

// bySet converts between a map[K]struct{} and a slice.
func (p *Planner) bySet(r request) (plan.Conv, bool) {
	if key, ok := setKey(r.from); ok {
		if to, ok := r.to.Underlying().(*types.Slice); ok {
			return p.setToSlice(r, key, to.Elem()), true
		}
	}
	if key, ok := setKey(r.to); ok {
		if from, ok := r.from.Underlying().(*types.Slice); ok {
			return p.sliceToSet(r, from.Elem(), key), true
		}
	}
	return nil, false
}

func (p *Planner) setToSlice(r request, from, to types.Type) plan.Conv {
	if basicInfo(to)&types.IsOrdered == 0 {
		return p.refuse(r, "the set's elements have no order, so the list would come out differently each time", p.sayConvert(r))
	}
	p.lose(r, loss{set: true})
	elem := plan.Step{From: from, To: to, Conv: p.convert(r.element(from, to))}
	return plan.Each{Shape: plan.SetToSlice, From: r.from, To: r.to, Elem: elem}
}

func (p *Planner) sliceToSet(r request, from, to types.Type) plan.Conv {
	// The way back from a set on the interface's side loses nothing that the interface knows.
	if r.at.Direction == ToStore && !r.field.Lossy {
		return p.refuse(r, "a set loses the order and repeated elements", say("field %s lossy", r.path))
	}
	p.lose(r, loss{set: true})
	elem := plan.Step{From: from, To: to, Conv: p.convert(r.element(from, to))}
	return plan.Lossy{
		Conv: plan.Each{Shape: plan.SliceToSet, From: r.from, To: r.to, Elem: elem},
		Note: "order and repeated elements are lost",
	}
}

// bySlice converts between slices and arrays.
func (p *Planner) bySlice(r request) (plan.Conv, bool) {
	from, fromLen, ok := sequence(r.from)
	if !ok {
		return nil, false
	}
	to, toLen, ok := sequence(r.to)
	if !ok || isBytes(r.from) && !isInteger(to) || isBytes(r.to) && !isInteger(from) {
		return nil, false // bytes are no list of other values
	}
	if fromLen >= 0 && toLen >= 0 && fromLen != toLen {
		return p.refuse(r, fmt.Sprintf("arrays of %d and of %d elements", fromLen, toLen), p.sayConvert(r)), true
	}
	var steps []plan.Conv
	if fromLen >= 0 {
		steps = append(steps, plan.Whole{})
	}
	steps = append(steps, p.elements(r, from, to, fromLen, toLen))
	if toLen >= 0 {
		if fromLen < 0 {
			steps = append(steps, plan.Apply{
				Func:     tryLeaf("Length"),
				Operands: []plan.Operand{plan.NumberOperand(toLen)},
				Note:     fmt.Sprintf("an error unless there are %d elements", toLen),
			})
		}
		steps = append(steps, plan.Cast{To: r.to})
	}
	return then(steps...), true
}

// sequence is the element type of a slice or an array, and the length of an array, -1 of a slice.
func sequence(t types.Type) (elem types.Type, length int64, ok bool) {
	switch u := t.Underlying().(type) {
	case *types.Slice:
		return u.Elem(), -1, true
	case *types.Array:
		return u.Elem(), u.Len(), true
	}
	return nil, 0, false
}

// elements converts slice to slice. The last cast to an array copies by itself.
func (p *Planner) elements(r request, from, to types.Type, fromLen, toLen int64) plan.Conv {
	elem := p.convert(r.element(from, to))
	if _, same := elem.(plan.Same); !same {
		return plan.Each{
			Shape: plan.SliceShape, From: types.NewSlice(from), To: types.NewSlice(to),
			Elem: plan.Step{From: from, To: to, Conv: elem},
		}
	}
	clone := plan.Apply{Func: &plan.FuncRef{Name: "Clone", Package: slicesPackage}}
	switch {
	case toLen >= 0:
		return plan.Same{}
	case fromLen < 0 && !types.AssignableTo(r.from, r.to):
		return then(clone, plan.Cast{To: r.to})
	default:
		return clone
	}
}

// byMap converts between maps.
func (p *Planner) byMap(r request) (plan.Conv, bool) {
	from, ok := r.from.Underlying().(*types.Map)
	if !ok {
		return nil, false
	}
	to, ok := r.to.Underlying().(*types.Map)
	if !ok {
		return nil, false
	}
	key := plan.Step{From: from.Key(), To: to.Key(), Conv: p.convert(r.element(from.Key(), to.Key()))}
	elem := plan.Step{From: from.Elem(), To: to.Elem(), Conv: p.convert(r.element(from.Elem(), to.Elem()))}
	_, sameKey := key.Conv.(plan.Same)
	_, sameElem := elem.Conv.(plan.Same)
	if !sameKey || !sameElem {
		return plan.Each{Shape: plan.MapShape, From: r.from, To: r.to, Elem: elem, Key: &key}, true
	}
	clone := plan.Apply{Func: &plan.FuncRef{Name: "Clone", Package: mapsPackage}}
	if !types.AssignableTo(r.from, r.to) {
		return then(clone, plan.Cast{To: r.to}), true
	}
	return clone, true
}
