package scalar

import (
	"go/types"
	"time"

	"github.com/dualgen/dualgen/internal/convert/build"
	"github.com/dualgen/dualgen/internal/convert/fault"
	"github.com/dualgen/dualgen/internal/convert/frame"
	"github.com/dualgen/dualgen/internal/convert/given"
	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/convert/rule"
	"github.com/dualgen/dualgen/internal/plan"
)

// units are the units that a directive may name.
var units = map[string]time.Duration{
	"ns": time.Nanosecond,
	"us": time.Microsecond,
	"ms": time.Millisecond,
	"s":  time.Second,
}

// Time hands a time over as it is: a store may keep its wall clock, so that another zone would be another value. Where a
// directive says that the new store's column has no zone, it gets UTC.
func Time(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	if !gotype.IsTime(r.From) || !gotype.IsTime(r.To) {
		return nil, false
	}
	if r.Field.As == "utc" && r.At.Store == 1 && r.At.Direction == given.ToStore {
		return plan.Apply{Func: build.Leaf("UTC"), Note: "in UTC"}, true
	}
	return plan.Same{}, true
}

// TimeForm converts a time to an integer whose unit a directive names, or to RFC 3339 text by directive, and back.
func TimeForm(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	switch {
	case gotype.IsTime(r.Ours()) && gotype.IsUnixTime(r.Theirs()):
		p.Lose(r.Path, frame.Loss{Round: time.Second})
		return plan.Lossy{Conv: plan.Cast{To: r.To}, Note: "the driver keeps whole seconds"}, true
	case gotype.IsTime(r.From) && gotype.IsInteger(r.To), gotype.IsInteger(r.From) && gotype.IsTime(r.To):
		return timeAsNumber(p, r), true
	case gotype.IsTime(r.From) && gotype.IsString(r.To), gotype.IsString(r.From) && gotype.IsTime(r.To):
		return timeAsText(p, r), true
	}
	return nil, false
}

func timeAsNumber(p *rule.Planner, r rule.Request) plan.Conv {
	unit, ok := unit(p, r, "a number may count seconds, milliseconds, microseconds or nanoseconds")
	if !ok {
		return plan.Same{}
	}
	lost := frame.Loss{Round: unit}
	if gotype.IsInteger(r.Ours()) {
		lost.Unit, lost.Coarse = unit, p.Keeps[r.At.Store]
	}
	p.Lose(r.Path, lost)
	operand := []plan.Operand{plan.DurationOperand(unit)}
	if gotype.IsTime(r.To) {
		if unit > time.Nanosecond && countsFar(r.From) {
			return build.Then(cast64(r.From), plan.Apply{Func: build.TryLeaf("TryFromEpoch"), Operands: operand, Note: "an error if the time is too far away"})
		}
		return build.Then(cast64(r.From), plan.Apply{Func: build.Leaf("FromEpoch"), Operands: operand})
	}
	epoch := plan.Apply{Func: build.TryLeaf("Epoch"), Operands: operand, Note: "truncated to " + unit.String()}
	return build.Then(epoch, from64(p, r))
}

// countsFar says whether an integer may count further than times go.
func countsFar(t types.Type) bool {
	bits, _ := gotype.Width(t, true)
	return bits == 64
}

func timeAsText(p *rule.Planner, r rule.Request) plan.Conv {
	if r.Field.As != "rfc3339" {
		return p.Refuse(r, "the form of the text is not known", fault.Say("field %s as=rfc3339", r.Path))
	}
	if gotype.IsTime(r.To) {
		return build.Then(build.Cast(r.From, types.Typ[types.String]), plan.Apply{Func: build.TryLeaf("ParseTime"), Note: "an error if it is no RFC 3339 text"})
	}
	return build.Then(plan.Apply{Func: build.TryLeaf("FormatTime")}, build.Cast(types.Typ[types.String], r.To))
}

// Duration converts a duration to an integer whose unit a directive names, and back.
func Duration(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	if gotype.IsDuration(r.From) == gotype.IsDuration(r.To) || !gotype.IsInteger(r.From) || !gotype.IsInteger(r.To) {
		return nil, false
	}
	unit, ok := unit(p, r, "a number may count seconds, milliseconds, microseconds or nanoseconds")
	if !ok {
		return plan.Same{}, true
	}
	operand := []plan.Operand{plan.DurationOperand(unit)}
	if gotype.IsDuration(r.To) {
		return build.Then(cast64(r.From), plan.Apply{Func: build.TryLeaf("FromUnits"), Operands: operand, Note: "an error if it is beyond what a duration counts"}), true
	}
	return build.Then(
		plan.Apply{Func: build.TryLeaf("Units"), Operands: operand, Note: "an error if it is no multiple of " + unit.String()},
		from64(p, r),
	), true
}

// unit is the unit that a field directive names, or that the store's type itself says.
func unit(p *rule.Planner, r rule.Request, why string) (time.Duration, bool) {
	if unit, ok := gotype.CountsTime(r.Theirs()); ok && r.Field.Unit == "" {
		return unit, true
	}
	unit, ok := units[r.Field.Unit]
	if !ok {
		p.Refuse(r, why, fault.Say("field %s unit=ms (or s, us, ns)", r.Path))
	}
	return unit, ok
}

// cast64 brings an integer to int64, as the helpers for time take it.
func cast64(from types.Type) plan.Conv {
	int64Type := types.Typ[types.Int64]
	if gotype.Widens(from, int64Type) || from.Underlying() == types.Typ[types.Int] {
		return build.Cast(from, int64Type)
	}
	return plan.Apply{Func: build.TryLeaf("Int"), Types: []types.Type{int64Type}, Note: "an error if the number does not fit"}
}

// from64 brings an int64 to the request's integer type.
func from64(p *rule.Planner, r rule.Request) plan.Conv {
	if gotype.Widens(types.Typ[types.Int64], r.To) {
		return build.Cast(types.Typ[types.Int64], r.To)
	}
	return plan.Apply{Func: build.TryLeaf("Int"), Types: []types.Type{r.To}, Note: "an error if the number does not fit"}
}
