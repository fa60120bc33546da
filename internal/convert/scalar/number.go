// Package scalar plans conversions of numbers, enums, times and durations.
package scalar

import (
	"go/types"

	"github.com/dualgen/dualgen/internal/convert/build"
	"github.com/dualgen/dualgen/internal/convert/clone"
	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/convert/rule"
	"github.com/dualgen/dualgen/internal/plan"
)

// Number converts numbers: straight where every value has an exact counterpart, else by a check at run time.
func Number(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	from, to := r.From, r.To
	switch {
	case gotype.IsInteger(from) && gotype.IsInteger(to):
		return checkedNumber(r, "Int", gotype.Widens(from, to)), true
	case gotype.IsFloat(from) && gotype.IsFloat(to):
		return checkedNumber(r, "Narrow", gotype.FloatBits(from) <= gotype.FloatBits(to)), true
	case gotype.IsInteger(from) && gotype.IsFloat(to):
		bits, _ := gotype.Width(from, true)
		return checkedNumber(r, "IntToFloat", bits <= gotype.Mantissa(to)), true
	case gotype.IsFloat(from) && gotype.IsInteger(to):
		return checkedNumber(r, "FloatToInt", false), true
	}
	return nil, false
}

// Bool converts between a bool and an integer, 1 or 0.
func Bool(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	switch {
	case gotype.IsBool(r.From) && gotype.IsInteger(r.To):
		return plan.Apply{Func: build.Leaf("BoolToInt"), Types: []types.Type{r.To}}, true
	case gotype.IsInteger(r.From) && gotype.IsBool(r.To):
		flag := plan.Apply{Func: build.TryLeaf("IntToBool"), Note: "an error if it is neither 0 nor 1"}
		return build.Then(flag, build.Cast(types.Typ[types.Bool], r.To)), true
	}
	return nil, false
}

// checkedNumber is a cast where that is free, else a helper that checks.
func checkedNumber(r rule.Request, helper string, free bool) plan.Conv {
	if free {
		return plan.Cast{To: r.To}
	}
	return plan.Apply{
		Func:  build.TryLeaf(helper),
		Types: []types.Type{r.To},
		Note:  "an error if the number does not fit",
	}
}

// Underlying casts between basic types, and arrays of them, that differ in name only.
func Underlying(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	if !types.Identical(r.From.Underlying(), r.To.Underlying()) {
		return nil, false
	}
	switch r.From.Underlying().(type) {
	case *types.Basic:
		return plan.Cast{To: r.To}, true
	case *types.Array:
		if clone.Mutable(p.Planner, r.From) {
			return nil, false
		}
		return plan.Cast{To: r.To}, true
	}
	return nil, false
}
