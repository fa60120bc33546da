package convert

import (
	"go/types"

	"github.com/dualgen/dualgen/internal/convert/absent"
	"github.com/dualgen/dualgen/internal/convert/clone"
	"github.com/dualgen/dualgen/internal/convert/collect"
	"github.com/dualgen/dualgen/internal/convert/encoded"
	"github.com/dualgen/dualgen/internal/convert/given"
	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/convert/rule"
	"github.com/dualgen/dualgen/internal/convert/scalar"
	"github.com/dualgen/dualgen/internal/convert/structs"
	"github.com/dualgen/dualgen/internal/plan"
)

// entry is one way to convert. It says false where it does not apply; where it applies but must refuse, it reports the fault.
type entry struct {
	name string
	plan func(*rule.Planner, rule.Request) (plan.Conv, bool)
}

// rules is the table: the first that applies wins.
func rules() []entry {
	return []entry{
		{"user function", byUser},
		{"JSON by directive", encoded.JSON},
		{"time UUID by directive", encoded.TimeUUID},
		{"time", scalar.Time},
		{"identical", byIdentity},
		{"assignable", byAssignment},
		{"value by constructor", structs.Value},
		{"option", absent.Option},
		{"time as number or text", scalar.TimeForm},
		{"duration in units", scalar.Duration},
		{"UUID", encoded.UUID},
		{"promoted marshaler", encoded.Promoted},
		{"text of pointers", encoded.PointerText},
		{"pointer", absent.Pointer},
		{"enum", scalar.Enum},
		{"same underlying type", scalar.Underlying},
		{"number", scalar.Number},
		{"bool as number", scalar.Bool},
		{"IP address", encoded.Address},
		{"text", encoded.Text},
		{"text and bytes", encoded.Bytes},
		{"binary", encoded.Binary},
		{"set", collect.Set},
		{"slice", collect.Slice},
		{"map", collect.Map},
		{"struct", structs.Struct},
		{"iterator", collect.Iterator},
		{"function", collect.Function},
	}
}

// apply applies the table to a request.
func (p *Planner) apply(r rule.Request) plan.Conv {
	if r.Depth > maxDepth {
		r.Trail = r.Trail[:min(len(r.Trail), 4)]
		return p.rules.Refuse(r, "the type holds itself without a struct between", p.rules.SayConvert(r))
	}
	for _, way := range rules() {
		conv, ok := way.plan(p.rules, r)
		if !ok {
			continue
		}
		if r.Recorded {
			p.record(r, way.name, conv)
		}
		return conv
	}
	return p.rules.Refuse(r, "there is no rule for these types", p.rules.SaySuited(r))
}

// maxDepth ends types that hold themselves without a struct between: type Tree []Tree.
const maxDepth = 64

// record keeps a conversion for explain.
func (p *Planner) record(r rule.Request, rule string, conv plan.Conv) {
	methods := r.Methods
	if unit := p.frame.Keeps[r.At.Store]; unit > 0 && r.At.Direction == given.ToStore && gotype.IsTime(r.From) && gotype.IsTime(r.To) {
		methods = append(methods[:len(methods):len(methods)], "the store keeps it to "+unit.String())
	}
	p.conversions = append(p.conversions, &recorded{
		Conversion: plan.Conversion{
			Path: r.Path, Store: r.At.Store, ToStore: r.At.Direction == given.ToStore, From: r.From, To: r.To, Rule: rule,
		},
		conv: conv, methods: methods,
	})
}

// byUser calls a function that a convert directive names.
func byUser(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	user, ok := p.Directives.User(r.From, r.To)
	if !ok {
		return nil, false
	}
	sig := user.Func.Signature()
	return plan.Apply{Func: &plan.FuncRef{
		Name:     user.Func.Name(),
		Package:  user.Func.Pkg(),
		Fallible: sig.Results().Len() == 2,
		Context:  gotype.TakesContext(sig),
	}}, true
}

// byIdentity hands over a value of the same type that shares no mutable memory. A parameter or result itself is handed over
// even so, as it would be without a shim.
func byIdentity(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	if !types.Identical(r.From, r.To) {
		return nil, false
	}
	if r.Outer || !clone.Mutable(p.Planner, r.From) {
		return plan.Same{}, true
	}
	if p.Opaque(r.From) || p.AccessIn(r, r.From) != nil {
		return clone.CloneStep(p.Planner, r.From)
	}
	return nil, false
}

// byAssignment hands over what Go assigns: functions, channels, and values to interfaces that they implement.
func byAssignment(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	if types.Identical(r.From, r.To) || !types.AssignableTo(r.From, r.To) || gotype.Parts(r.From) != nil && !types.IsInterface(r.To) {
		return nil, false
	}
	return plan.Same{}, true
}
