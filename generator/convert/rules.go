package convert

import (
	"go/types"

	"github.com/dualgen/dualgen/generator/plan"
)

// rule is one way to convert. It says false where it does not apply; where it applies but must refuse, it reports the fault.
type rule struct {
	name string
	plan func(*Planner, request) (plan.Conv, bool)
}

// rules is the table: the first that applies wins.
func rules() []rule {
	return []rule{
		{"user function", (*Planner).byUser},
		{"JSON by directive", (*Planner).byJSON},
		{"time UUID by directive", (*Planner).byTimeUUID},
		{"time", (*Planner).byTime},
		{"identical", (*Planner).byIdentity},
		{"assignable", (*Planner).byAssignment},
		{"value by constructor", (*Planner).byValue},
		{"option", (*Planner).byOption},
		{"time as number or text", (*Planner).byTimeForm},
		{"duration in units", (*Planner).byDuration},
		{"UUID", (*Planner).byUUID},
		{"promoted marshaler", (*Planner).byPromoted},
		{"text of pointers", (*Planner).byPointerText},
		{"pointer", (*Planner).byPointer},
		{"enum", (*Planner).byEnum},
		{"same underlying type", (*Planner).byUnderlying},
		{"number", (*Planner).byNumber},
		{"text", (*Planner).byText},
		{"text and bytes", (*Planner).byBytes},
		{"binary", (*Planner).byBinary},
		{"set", (*Planner).bySet},
		{"slice", (*Planner).bySlice},
		{"map", (*Planner).byMap},
		{"struct", (*Planner).byStruct},
		{"iterator", (*Planner).byIterator},
		{"function", (*Planner).byFunction},
	}
}

// convert applies the table to a request.
func (p *Planner) convert(r request) plan.Conv {
	if r.depth > maxDepth {
		r.trail = r.trail[:min(len(r.trail), 4)]
		return p.refuse(r, "the type holds itself without a struct between", p.sayConvert(r))
	}
	for _, rule := range rules() {
		conv, ok := rule.plan(p, r)
		if !ok {
			continue
		}
		if r.recorded {
			p.record(r, rule.name, conv)
		}
		return conv
	}
	return p.refuse(r, "there is no rule for these types", p.saySuited(r))
}

// maxDepth ends types that hold themselves without a struct between: type Tree []Tree.
const maxDepth = 64

// record keeps a conversion for explain.
func (p *Planner) record(r request, rule string, conv plan.Conv) {
	methods := r.methods
	if unit := p.options.Precision[r.at.Store]; unit > 0 && r.at.Direction == ToStore && isTime(r.from) && isTime(r.to) {
		methods = append(methods[:len(methods):len(methods)], "the store keeps it to "+unit.String())
	}
	p.conversions = append(p.conversions, &recorded{
		Conversion: plan.Conversion{
			Path: r.path, Store: r.at.Store, ToStore: r.at.Direction == ToStore, From: r.from, To: r.to, Rule: rule,
		},
		conv: conv, methods: methods,
	})
}

// byUser calls a function that a convert directive names.
func (p *Planner) byUser(r request) (plan.Conv, bool) {
	user, ok := p.directives.user(r.from, r.to)
	if !ok {
		return nil, false
	}
	sig := user.Func.Signature()
	return plan.Apply{Func: &plan.FuncRef{
		Name:     user.Func.Name(),
		Package:  user.Func.Pkg(),
		Fallible: sig.Results().Len() == 2,
		Context:  takesContext(sig),
	}}, true
}

// byIdentity hands over a value of the same type that shares no mutable memory. A parameter or result itself is handed over
// even so, as it would be without a shim.
func (p *Planner) byIdentity(r request) (plan.Conv, bool) {
	if !types.Identical(r.from, r.to) {
		return nil, false
	}
	if r.outer || !p.mutable(r.from) {
		return plan.Same{}, true
	}
	if p.opaque(r.from) || p.accessIn(r, r.from) != nil {
		return p.cloneStep(r.from)
	}
	return nil, false
}

// byUnderlying casts between basic types, and arrays of them, that differ in name only.
func (p *Planner) byUnderlying(r request) (plan.Conv, bool) {
	if !types.Identical(r.from.Underlying(), r.to.Underlying()) {
		return nil, false
	}
	switch r.from.Underlying().(type) {
	case *types.Basic:
		return plan.Cast{To: r.to}, true
	case *types.Array:
		if p.mutable(r.from) {
			return nil, false
		}
		return plan.Cast{To: r.to}, true
	}
	return nil, false
}

// byAssignment hands over what Go assigns: functions, channels, and values to interfaces that they implement.
func (p *Planner) byAssignment(r request) (plan.Conv, bool) {
	if types.Identical(r.from, r.to) || !types.AssignableTo(r.from, r.to) || parts(r.from) != nil && !types.IsInterface(r.to) {
		return nil, false
	}
	return plan.Same{}, true
}

// byTime hands a time over as it is: a store may keep its wall clock, so that another zone would be another value. Where a
// directive says that the new store's column has no zone, it gets UTC.
func (p *Planner) byTime(r request) (plan.Conv, bool) {
	if !isTime(r.from) || !isTime(r.to) {
		return nil, false
	}
	if r.field.As == "utc" && r.at.Store == 1 && r.at.Direction == ToStore {
		return plan.Apply{Func: leaf("UTC"), Note: "in UTC"}, true
	}
	return plan.Same{}, true
}

// then applies conversions one after the other, leaving out those that do nothing.
func then(steps ...plan.Conv) plan.Conv {
	var chain plan.Chain
	for _, step := range steps {
		switch step := step.(type) {
		case plan.Same:
		case plan.Chain:
			chain = append(chain, step...)
		default:
			chain = append(chain, step)
		}
	}
	switch len(chain) {
	case 0:
		return plan.Same{}
	case 1:
		return chain[0]
	default:
		return chain
	}
}

// cast is the conversion to a type of the same underlying type, nothing where the types are one.
func cast(from, to types.Type) plan.Conv {
	if types.Identical(from, to) {
		return plan.Same{}
	}
	return plan.Cast{To: to}
}
