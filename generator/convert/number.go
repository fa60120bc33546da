package convert

import (
	"go/types"

	"github.com/dualgen/dualgen/generator/plan"
)

// byNumber converts numbers: straight where every value has an exact counterpart, else by a check at run time.
func (p *Planner) byNumber(r request) (plan.Conv, bool) {
	from, to := r.from, r.to
	switch {
	case isInteger(from) && isInteger(to):
		return checkedNumber(r, "Int", widens(from, to)), true
	case isFloat(from) && isFloat(to):
		return checkedNumber(r, "Narrow", floatBits(from) <= floatBits(to)), true
	case isInteger(from) && isFloat(to):
		bits, _ := width(from, true)
		return checkedNumber(r, "IntToFloat", bits <= mantissa(to)), true
	case isFloat(from) && isInteger(to):
		return checkedNumber(r, "FloatToInt", false), true
	}
	return nil, false
}

// checkedNumber is a cast where that is free, else a helper that checks.
func checkedNumber(r request, helper string, free bool) plan.Conv {
	if free {
		return plan.Cast{To: r.to}
	}
	return plan.Apply{
		Func:  tryLeaf(helper),
		Types: []types.Type{r.to},
		Note:  "an error if the number does not fit",
	}
}

// widens says whether every integer of one type fits into the other. int and uint count as 64 bits where they are
// converted, and as 32 where they are made.
func widens(from, to types.Type) bool {
	fromBits, fromUnsigned := width(from, true)
	toBits, toUnsigned := width(to, false)
	switch {
	case fromUnsigned == toUnsigned:
		return fromBits <= toBits
	case fromUnsigned:
		return fromBits < toBits
	default:
		return false
	}
}

// width is the number of bits of an integer type.
func width(t types.Type, source bool) (bits int, unsigned bool) {
	basic := t.Underlying().(*types.Basic)
	unsigned = basic.Info()&types.IsUnsigned != 0
	switch basic.Kind() {
	case types.Int8, types.Uint8:
		return 8, unsigned
	case types.Int16, types.Uint16:
		return 16, unsigned
	case types.Int32, types.Uint32:
		return 32, unsigned
	case types.Int64, types.Uint64:
		return 64, unsigned
	}
	if source {
		return 64, unsigned
	}
	return 32, unsigned
}

func floatBits(t types.Type) int {
	if t.Underlying().(*types.Basic).Kind() == types.Float32 {
		return 32
	}
	return 64
}

// mantissa is the number of bits of the integers that a floating-point type holds exactly.
func mantissa(t types.Type) int {
	if floatBits(t) == 32 {
		return 24
	}
	return 53
}
