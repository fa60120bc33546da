// Package collect plans conversions of what holds other values: sets, slices, maps, iterators and functions.
package collect

import (
	"fmt"
	"go/types"

	"github.com/dualgen/dualgen/internal/convert/build"
	"github.com/dualgen/dualgen/internal/convert/fault"
	"github.com/dualgen/dualgen/internal/convert/frame"
	"github.com/dualgen/dualgen/internal/convert/given"
	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/convert/rule"
	"github.com/dualgen/dualgen/internal/plan"
)

// Set converts between a map[K]struct{} and a slice.
func Set(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	if key, ok := gotype.SetKey(r.From); ok {
		if to, ok := r.To.Underlying().(*types.Slice); ok {
			return setToSlice(p, r, key, to.Elem()), true
		}
	}
	if key, ok := gotype.SetKey(r.To); ok {
		if from, ok := r.From.Underlying().(*types.Slice); ok {
			return sliceToSet(p, r, from.Elem(), key), true
		}
	}
	return nil, false
}

func setToSlice(p *rule.Planner, r rule.Request, from, to types.Type) plan.Conv {
	if gotype.BasicInfo(to)&types.IsOrdered == 0 {
		return p.Refuse(r, "the set's elements have no order, so the list would come out differently each time", p.SayConvert(r))
	}
	p.Lose(r.Path, frame.Loss{Set: true})
	elem := plan.Step{From: from, To: to, Conv: p.Convert(r.Element(from, to))}
	return plan.Each{Shape: plan.SetToSlice, From: r.From, To: r.To, Elem: elem}
}

func sliceToSet(p *rule.Planner, r rule.Request, from, to types.Type) plan.Conv {
	// The way back from a set on the interface's side loses nothing that the interface knows.
	if r.At.Direction == given.ToStore && !r.Field.Lossy {
		return p.Refuse(r, "a set loses the order and repeated elements", fault.Say("field %s lossy", r.Path))
	}
	p.Lose(r.Path, frame.Loss{Set: true})
	elem := plan.Step{From: from, To: to, Conv: p.Convert(r.Element(from, to))}
	return plan.Lossy{
		Conv: plan.Each{Shape: plan.SliceToSet, From: r.From, To: r.To, Elem: elem},
		Note: "order and repeated elements are lost",
	}
}

// Slice converts between slices and arrays.
func Slice(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	from, fromLen, ok := sequence(r.From)
	if !ok {
		return nil, false
	}
	to, toLen, ok := sequence(r.To)
	if !ok || gotype.IsBytes(r.From) && !gotype.IsInteger(to) || gotype.IsBytes(r.To) && !gotype.IsInteger(from) {
		return nil, false // bytes are no list of other values
	}
	if fromLen >= 0 && toLen >= 0 && fromLen != toLen {
		return p.Refuse(r, fmt.Sprintf("arrays of %d and of %d elements", fromLen, toLen), p.SayConvert(r)), true
	}
	var steps []plan.Conv
	if fromLen >= 0 {
		steps = append(steps, plan.Whole{})
	}
	steps = append(steps, elements(p, r, from, to, [2]int64{fromLen, toLen}))
	if toLen >= 0 {
		if fromLen < 0 {
			steps = append(steps, plan.Apply{
				Func:     build.TryLeaf("Length"),
				Operands: []plan.Operand{plan.NumberOperand(toLen)},
				Note:     fmt.Sprintf("an error unless there are %d elements", toLen),
			})
		}
		steps = append(steps, plan.Cast{To: r.To})
	}
	return build.Then(steps...), true
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

// elements converts slice to slice; lengths are those of arrays, negative for slices. The last cast to an array copies by itself.
func elements(p *rule.Planner, r rule.Request, from, to types.Type, lengths [2]int64) plan.Conv {
	elem := p.Convert(r.Element(from, to))
	if _, same := elem.(plan.Same); !same {
		return plan.Each{
			Shape: plan.SliceShape, From: types.NewSlice(from), To: types.NewSlice(to),
			Elem: plan.Step{From: from, To: to, Conv: elem},
		}
	}
	clone := plan.Apply{Func: &plan.FuncRef{Name: "Clone", Package: build.SlicesPackage}}
	switch {
	case lengths[1] >= 0:
		return plan.Same{}
	case lengths[0] < 0 && !types.AssignableTo(r.From, r.To):
		return build.Then(clone, plan.Cast{To: r.To})
	default:
		return clone
	}
}

// Map converts between maps.
func Map(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	from, ok := r.From.Underlying().(*types.Map)
	if !ok {
		return nil, false
	}
	to, ok := r.To.Underlying().(*types.Map)
	if !ok {
		return nil, false
	}
	key := plan.Step{From: from.Key(), To: to.Key(), Conv: p.Convert(r.Element(from.Key(), to.Key()))}
	elem := plan.Step{From: from.Elem(), To: to.Elem(), Conv: p.Convert(r.Element(from.Elem(), to.Elem()))}
	_, sameKey := key.Conv.(plan.Same)
	_, sameElem := elem.Conv.(plan.Same)
	if !sameKey || !sameElem {
		return plan.Each{Shape: plan.MapShape, From: r.From, To: r.To, Elem: elem, Key: &key}, true
	}
	clone := plan.Apply{Func: &plan.FuncRef{Name: "Clone", Package: build.MapsPackage}}
	if !types.AssignableTo(r.From, r.To) {
		return build.Then(clone, plan.Cast{To: r.To}), true
	}
	return clone, true
}
