// Package absent plans conversions between ways to say that a value may be missing: pointers, and structs with a flag.
package absent

import (
	"fmt"
	"go/types"

	"github.com/dualgen/dualgen/internal/convert/build"
	"github.com/dualgen/dualgen/internal/convert/clone"
	"github.com/dualgen/dualgen/internal/convert/fault"
	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/convert/rule"
	"github.com/dualgen/dualgen/internal/identifier"
	"github.com/dualgen/dualgen/internal/plan"
)

// optionName names a function between two ways to say that a value is missing: stringPointerFromNullString,
// stringOrZeroFromNullString.
func optionName(p *rule.Planner, r rule.Request, zero bool) string {
	to, from := p.Word(r.To), p.Word(r.From)
	switch {
	case zero && r.Field.Null == "zero":
		to += "OrZero"
	case zero:
		to += "OrDefault"
	}
	if to == from {
		return identifier.LowerFirst(to + r.Suffix())
	}
	return identifier.LowerFirst(to + "From" + from)
}

// sideOf sees any type as one side of an optional conversion.
func sideOf(t types.Type) plan.Option {
	if option, ok := build.OptionOf(t); ok {
		return option
	}
	if _, text := build.TextOf(t); !text {
		if elem, ok := gotype.Pointee(t); ok {
			return plan.Option{Form: plan.OptionPointer, Type: elem}
		}
	}
	return plan.Option{Form: plan.OptionValue, Type: t}
}

// Option converts where one of the sides is a struct with a flag.
func Option(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	if r.Bare {
		return nil, false
	}
	in, out := sideOf(r.From), sideOf(r.To)
	if in.Form != plan.OptionStruct && out.Form != plan.OptionStruct {
		return nil, false
	}
	if types.Identical(r.From, r.To) && in.Value == "" {
		return nil, false
	}
	return option(p, r, in, out), true
}

// option plans the conversion between two sides, by a function unless it is a mere literal.
func option(p *rule.Planner, r rule.Request, in, out plan.Option) plan.Conv {
	null, zero, value, ok := nullPolicy(p, r, in, out)
	if !ok {
		return plan.Same{}
	}
	key := fmt.Sprint("option ", p.Key(r), " ", r.Field)
	if ref, ok := p.Planned[key]; ok {
		return plan.Apply{Func: ref}
	}
	inner := r.Inner(in.Type, out.Type)
	inner.Bare = true
	elem := p.Convert(inner)
	if in.Form == plan.OptionValue && !zero {
		if out.Value == "" {
			return elem
		}
		return build.Then(elem, plan.Build{Type: r.To, Field: out.Value, Valid: out.Valid})
	}
	ref := p.Function(key, optionName(p, r, null == plan.NullZero && out.Form == plan.OptionValue), plan.FuncRef{
		Fallible: in.Infinity != "" && in.Infinity != out.Infinity || in.Form != plan.OptionValue && out.Form == plan.OptionValue && null == plan.NullError,
	})
	p.Functions = append(p.Functions, &plan.OptionFunc{
		Ref: ref, From: r.From, To: r.To, In: in, Out: out, Elem: elem, Null: null, Zero: zero, Value: value,
	})
	return plan.Apply{Func: ref, Note: optionNote(r, in, out, null, zero)}
}

// nullPolicy is what a directive says of missing values, checked against what it can mean here.
func nullPolicy(p *rule.Planner, r rule.Request, in, out plan.Option) (null plan.Null, zero bool, value *plan.Value, ok bool) {
	zero = in.Form == plan.OptionValue && out.Form != plan.OptionValue && types.Comparable(in.Type)
	switch r.Field.Null {
	case "", "error":
		if in.Form != plan.OptionValue && out.Form == plan.OptionValue {
			p.MayLack(r)
		}
		return plan.NullError, false, nil, true
	case "zero":
		return plan.NullZero, zero, nil, true
	}
	if in.Form != plan.OptionValue && out.Form != plan.OptionValue {
		return plan.NullError, false, nil, true // both sides can be without a value
	}
	ours := in.Type
	if out.Form == plan.OptionValue {
		ours = out.Type
	}
	if value, ok = nullValue(p, r, ours); !ok {
		p.Refuse(r, fmt.Sprintf("null=%s is no value of %s", r.Field.Null, p.Text(ours)),
			fault.Say("field %s null=zero, null=error, or null= and a constant, a text or a number", r.Path))
	}
	return plan.NullZero, zero, value, ok
}

func optionNote(r rule.Request, in, out plan.Option, null plan.Null, zero bool) string {
	which := "the zero value"
	if r.Field.Null != "" && r.Field.Null != "zero" {
		which = r.Field.Null
	}
	switch {
	case zero:
		return which + " is stored as missing"
	case in.Form != plan.OptionValue && out.Form == plan.OptionValue && null == plan.NullZero:
		return "a missing value becomes " + which
	case in.Form != plan.OptionValue && out.Form == plan.OptionValue:
		return "a missing value is an error"
	}
	return ""
}

// Pointer converts between pointers, and between a pointer and a value. nil is kept where both can be nil.
func Pointer(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	fromElem, fromPointer := gotype.Pointee(r.From)
	toElem, toPointer := gotype.Pointee(r.To)
	switch {
	case fromPointer && toPointer:
		return pointers(p, r, fromElem, toElem), true
	case fromPointer:
		return pointerToValue(p, r, fromElem), true
	case toPointer:
		return valueToPointer(p, r, toElem), true
	}
	return nil, false
}

func pointers(p *rule.Planner, r rule.Request, from, to types.Type) plan.Conv {
	if types.Identical(r.From, r.To) && gotype.HasSet(r.From) {
		return plan.Apply{Func: build.Leaf("CloneSet")}
	}
	elem := p.Convert(r.Inner(from, to))
	if _, same := elem.(plan.Same); same {
		return plan.Apply{Func: build.Leaf("ClonePointer")}
	}
	return plan.Each{Shape: plan.PointerShape, From: r.From, To: r.To, Elem: plan.Step{From: from, To: to, Conv: elem}}
}

// nilNote says what becomes of a nil pointer where the other side is a value.
const nilNote = "nil is an error"

func pointerToValue(p *rule.Planner, r rule.Request, from types.Type) plan.Conv {
	if r.Field.Null == "" || r.Field.Null == "error" {
		p.MayLack(r)
		elem := p.Convert(r.Inner(from, r.To))
		if _, same := elem.(plan.Same); same {
			return plan.Apply{Func: build.TryLeaf("Value"), Note: nilNote}
		}
		step := plan.Step{From: from, To: r.To, Conv: elem}
		return plan.Lossy{Conv: plan.Each{Shape: plan.ValueShape, From: r.From, To: r.To, Elem: step}, Note: nilNote}
	}
	if r.Field.Null == "zero" && types.Identical(from, r.To) && !clone.Mutable(p.Planner, from) && !gotype.IsTime(from) {
		return plan.Apply{Func: build.Leaf("ValueOrZero"), Note: "nil becomes the zero value"}
	}
	return option(p, r, plan.Option{Form: plan.OptionPointer, Type: from}, plan.Option{Form: plan.OptionValue, Type: r.To})
}

func valueToPointer(p *rule.Planner, r rule.Request, to types.Type) plan.Conv {
	if r.Field.Null != "" && r.Field.Null != "zero" && r.Field.Null != "error" {
		return option(p, r, plan.Option{Form: plan.OptionValue, Type: r.From}, plan.Option{Form: plan.OptionPointer, Type: to})
	}
	elem := p.Convert(r.Inner(r.From, to))
	if r.Field.Null == "zero" && types.Comparable(to) {
		return build.Then(elem, plan.Apply{Func: build.Leaf("ZeroToNil"), Note: "the zero value is stored as missing"})
	}
	pointerTo := plan.Apply{Func: build.Leaf("PointerTo")}
	switch to.Underlying().(type) {
	case *types.Slice, *types.Map, *types.Interface: // to which values of other types are assigned
		pointerTo.Types = []types.Type{to}
	}
	return build.Then(elem, pointerTo)
}
