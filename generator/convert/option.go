package convert

import (
	"fmt"
	"go/types"

	"github.com/dualgen/dualgen/generator/plan"
)

// optionOf recognises a struct with a value and a flag that says whether it is there, such as sql.NullString, sql.Null[T],
// uuid.NullUUID and pgtype's types: an exported field Valid, one exported field beside it, Scan and Value.
func optionOf(t types.Type) (plan.Option, bool) {
	if isNamed(t, pgtypePath, "Numeric") {
		return plan.Option{Form: plan.OptionStruct, Type: t, Valid: "Valid"}, true
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok || !hasMethod(t, "Value") || !hasMethod(types.NewPointer(t), "Scan") {
		return plan.Option{}, false
	}
	option := plan.Option{Form: plan.OptionStruct}
	for field := range s.Fields() {
		switch {
		case field.Name() == "Valid" && types.Identical(field.Type(), types.Typ[types.Bool]):
			option.Valid = "Valid"
		case field.Name() == "InfinityModifier":
			option.Infinity = field.Name()
		case field.Exported() && option.Value == "":
			option.Value, option.Type = field.Name(), field.Type()
		default:
			return plan.Option{}, false
		}
	}
	return option, option.Valid != "" && option.Value != ""
}

// sideOf sees any type as one side of an optional conversion.
func sideOf(t types.Type) plan.Option {
	if option, ok := optionOf(t); ok {
		return option
	}
	if _, text := textOf(t); !text {
		if elem, ok := pointee(t); ok {
			return plan.Option{Form: plan.OptionPointer, Type: elem}
		}
	}
	return plan.Option{Form: plan.OptionValue, Type: t}
}

// byOption converts where one of the sides is a struct with a flag.
func (p *Planner) byOption(r request) (plan.Conv, bool) {
	if r.bare {
		return nil, false
	}
	in, out := sideOf(r.from), sideOf(r.to)
	if in.Form != plan.OptionStruct && out.Form != plan.OptionStruct {
		return nil, false
	}
	if types.Identical(r.from, r.to) && in.Value == "" {
		return nil, false
	}
	return p.option(r, in, out), true
}

// option plans the conversion between two sides, by a function unless it is a mere literal.
func (p *Planner) option(r request, in, out plan.Option) plan.Conv {
	null, zero, value, ok := p.nullPolicy(r, in, out)
	if !ok {
		return plan.Same{}
	}
	key := fmt.Sprint("option ", p.key(r), " ", r.field)
	if ref, ok := p.planned[key]; ok {
		return plan.Apply{Func: ref}
	}
	inner := r.inner(in.Type, out.Type)
	inner.bare = true
	elem := p.convert(inner)
	if in.Form == plan.OptionValue && !zero {
		if out.Value == "" {
			return elem
		}
		return then(elem, plan.Build{Type: r.to, Field: out.Value, Valid: out.Valid})
	}
	ref := p.function(key, p.optionName(r, null == plan.NullZero && out.Form == plan.OptionValue), plan.FuncRef{
		Fallible: in.Infinity != "" && in.Infinity != out.Infinity || in.Form != plan.OptionValue && out.Form == plan.OptionValue && null == plan.NullError,
	})
	p.functions = append(p.functions, &plan.OptionFunc{
		Ref: ref, From: r.from, To: r.to, In: in, Out: out, Elem: elem, Null: null, Zero: zero, Value: value,
	})
	return plan.Apply{Func: ref, Note: optionNote(r, in, out, null, zero)}
}

// nullPolicy is what a directive says of missing values, checked against what it can mean here.
func (p *Planner) nullPolicy(r request, in, out plan.Option) (null plan.Null, zero bool, value *plan.Value, ok bool) {
	zero = in.Form == plan.OptionValue && out.Form != plan.OptionValue && types.Comparable(in.Type)
	switch r.field.Null {
	case "", "error":
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
	if value, ok = p.nullValue(r, ours); !ok {
		p.refuse(r, fmt.Sprintf("null=%s is no value of %s", r.field.Null, p.text(ours)),
			say("field %s null=zero, null=error, or null= and a constant, a text or a number", r.path))
	}
	return plan.NullZero, zero, value, ok
}

func optionNote(r request, in, out plan.Option, null plan.Null, zero bool) string {
	which := "the zero value"
	if r.field.Null != "" && r.field.Null != "zero" {
		which = r.field.Null
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

// byPointer converts between pointers, and between a pointer and a value. nil is kept where both can be nil.
func (p *Planner) byPointer(r request) (plan.Conv, bool) {
	fromElem, fromPointer := pointee(r.from)
	toElem, toPointer := pointee(r.to)
	switch {
	case fromPointer && toPointer:
		return p.pointers(r, fromElem, toElem), true
	case fromPointer:
		return p.pointerToValue(r, fromElem), true
	case toPointer:
		return p.valueToPointer(r, toElem), true
	}
	return nil, false
}

func (p *Planner) pointers(r request, from, to types.Type) plan.Conv {
	elem := p.convert(r.inner(from, to))
	if _, same := elem.(plan.Same); same {
		return plan.Apply{Func: leaf("ClonePointer")}
	}
	return plan.Each{Shape: plan.PointerShape, From: r.from, To: r.to, Elem: plan.Step{From: from, To: to, Conv: elem}}
}

// nilNote says what becomes of a nil pointer where the other side is a value.
const nilNote = "nil is an error"

func (p *Planner) pointerToValue(r request, from types.Type) plan.Conv {
	if r.field.Null == "" || r.field.Null == "error" {
		elem := p.convert(r.inner(from, r.to))
		if _, same := elem.(plan.Same); same {
			return plan.Apply{Func: tryLeaf("Value"), Note: nilNote}
		}
		step := plan.Step{From: from, To: r.to, Conv: elem}
		return plan.Lossy{Conv: plan.Each{Shape: plan.ValueShape, From: r.from, To: r.to, Elem: step}, Note: nilNote}
	}
	if r.field.Null == "zero" && types.Identical(from, r.to) && !p.mutable(from) && !isTime(from) {
		return plan.Apply{Func: leaf("ValueOrZero"), Note: "nil becomes the zero value"}
	}
	return p.option(r, plan.Option{Form: plan.OptionPointer, Type: from}, plan.Option{Form: plan.OptionValue, Type: r.to})
}

func (p *Planner) valueToPointer(r request, to types.Type) plan.Conv {
	if r.field.Null != "" && r.field.Null != "zero" && r.field.Null != "error" {
		return p.option(r, plan.Option{Form: plan.OptionValue, Type: r.from}, plan.Option{Form: plan.OptionPointer, Type: to})
	}
	elem := p.convert(r.inner(r.from, to))
	if r.field.Null == "zero" && types.Comparable(to) {
		return then(elem, plan.Apply{Func: leaf("ZeroToNil"), Note: "the zero value is stored as missing"})
	}
	pointerTo := plan.Apply{Func: leaf("PointerTo")}
	switch to.Underlying().(type) {
	case *types.Slice, *types.Map, *types.Interface: // to which values of other types are assigned
		pointerTo.Types = []types.Type{to}
	}
	return then(elem, pointerTo)
}
