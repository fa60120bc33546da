package convert

import (
	"go/types"
	"time"

	"github.com/dualgen/dualgen/generator/plan"
)

// byTimeForm converts a time to an integer whose unit a directive names, or to RFC 3339 text by directive, and back.
func (p *Planner) byTimeForm(r request) (plan.Conv, bool) {
	switch {
	case isTime(r.from) && isInteger(r.to), isInteger(r.from) && isTime(r.to):
		return p.timeAsNumber(r), true
	case isTime(r.from) && isString(r.to), isString(r.from) && isTime(r.to):
		return p.timeAsText(r), true
	}
	return nil, false
}

func (p *Planner) timeAsNumber(r request) plan.Conv {
	unit, ok := p.unit(r, "a number may count seconds, milliseconds, microseconds or nanoseconds")
	if !ok {
		return plan.Same{}
	}
	p.lose(r, loss{round: unit})
	operand := []plan.Operand{plan.DurationOperand(unit)}
	if isTime(r.to) {
		return then(cast64(r.from), plan.Apply{Func: leaf("FromEpoch"), Operands: operand})
	}
	epoch := plan.Apply{Func: tryLeaf("Epoch"), Operands: operand, Note: "truncated to " + unit.String()}
	return then(epoch, p.from64(r))
}

func (p *Planner) timeAsText(r request) plan.Conv {
	if r.field.As != "rfc3339" {
		return p.refuse(r, "the form of the text is not known", say("field %s as=rfc3339", r.path))
	}
	if isTime(r.to) {
		return then(cast(r.from, types.Typ[types.String]), plan.Apply{Func: tryLeaf("ParseTime")})
	}
	return then(plan.Apply{Func: tryLeaf("FormatTime")}, cast(types.Typ[types.String], r.to))
}

// byDuration converts a duration to an integer whose unit a directive names, and back.
func (p *Planner) byDuration(r request) (plan.Conv, bool) {
	if isDuration(r.from) == isDuration(r.to) || !isInteger(r.from) || !isInteger(r.to) {
		return nil, false
	}
	unit, ok := p.unit(r, "a number may count seconds, milliseconds, microseconds or nanoseconds")
	if !ok {
		return plan.Same{}, true
	}
	operand := []plan.Operand{plan.DurationOperand(unit)}
	if isDuration(r.to) {
		return then(cast64(r.from), plan.Apply{Func: tryLeaf("FromUnits"), Operands: operand}), true
	}
	return then(
		plan.Apply{Func: tryLeaf("Units"), Operands: operand, Note: "an error if it is no multiple of " + unit.String()},
		p.from64(r),
	), true
}

// unit is the unit that a field directive names.
func (p *Planner) unit(r request, why string) (time.Duration, bool) {
	unit, ok := units[r.field.Unit]
	if !ok {
		p.refuse(r, why, say("field %s unit=ms (or s, us, ns)", r.path))
	}
	return unit, ok
}

// cast64 brings an integer to int64, as the helpers for time take it.
func cast64(from types.Type) plan.Conv {
	int64Type := types.Typ[types.Int64]
	if widens(from, int64Type) || from.Underlying() == types.Typ[types.Int] {
		return cast(from, int64Type)
	}
	return plan.Apply{Func: tryLeaf("Int"), Types: []types.Type{int64Type}, Note: "an error if the number does not fit"}
}

// from64 brings an int64 to the request's integer type.
func (p *Planner) from64(r request) plan.Conv {
	if widens(types.Typ[types.Int64], r.to) {
		return cast(types.Typ[types.Int64], r.to)
	}
	return plan.Apply{Func: tryLeaf("Int"), Types: []types.Type{r.to}, Note: "an error if the number does not fit"}
}
