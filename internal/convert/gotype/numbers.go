package gotype

import (
	"go/types"
)

// Widens says whether every integer of one type fits into the other. int and uint count as 64 bits where they are
// converted, and as 32 where they are made.
func Widens(from, to types.Type) bool {
	fromBits, fromUnsigned := Width(from, true)
	toBits, toUnsigned := Width(to, false)
	switch {
	case fromUnsigned == toUnsigned:
		return fromBits <= toBits
	case fromUnsigned:
		return fromBits < toBits
	default:
		return false
	}
}

// Width is the number of bits of an integer type.
func Width(t types.Type, source bool) (bits int, unsigned bool) {
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

func FloatBits(t types.Type) int {
	if t.Underlying().(*types.Basic).Kind() == types.Float32 {
		return 32
	}
	return 64
}

// Mantissa is the number of bits of the integers that a floating-point type holds exactly.
func Mantissa(t types.Type) int {
	if FloatBits(t) == 32 {
		return 24
	}
	return 53
}
