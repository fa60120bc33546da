package convert

// Integer is any integer type.
type Integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}

// Float is any floating-point type.
type Float interface{ ~float32 | ~float64 }

// Int converts an integer to another integer type. A value that does not fit, a negative one for an unsigned type
// included, is an error.
func Int[To, From Integer](x From) (To, error) {
	y := To(x)
	if From(y) != x || (y < 0) != (x < 0) {
		return 0, outOfRange[To](x)
	}
	return y, nil
}

// Narrow converts a floating-point number to a type of fewer bits. A number that would not come back the same is an error;
// NaN and the infinities are kept.
func Narrow[To, From Float](x From) (To, error) {
	y := To(x)
	if From(y) != x && x == x {
		return 0, outOfRange[To](x)
	}
	return y, nil
}

// IntToFloat converts an integer to a floating-point number. One that has no exact counterpart is an error.
func IntToFloat[To Float, From Integer](x From) (To, error) {
	y := To(x)
	if !fits[From](float64(y)) || From(y) != x {
		return 0, outOfRange[To](x)
	}
	return y, nil
}

// FloatToInt converts a floating-point number to an integer. A number with a fraction, one out of range, NaN and the
// infinities are errors.
func FloatToInt[To Integer, From Float](x From) (To, error) {
	if !fits[To](float64(x)) {
		return 0, outOfRange[To](x)
	}
	y := To(x)
	if From(y) != x {
		return 0, outOfRange[To](x)
	}
	return y, nil
}

// BoolToInt is 1 for true and 0 for false.
func BoolToInt[To Integer, From ~bool](x From) To {
	if x {
		return 1
	}
	return 0
}

// IntToBool is true for 1 and false for 0. Any other number is an error.
func IntToBool[From Integer](x From) (bool, error) {
	if x != 0 && x != 1 {
		return false, outOfRange[bool](x)
	}
	return x == 1, nil
}

// fits says whether a conversion of x to an integer type is defined: Go leaves it open otherwise.
func fits[T Integer](x float64) bool {
	const two63, two64 = 1 << 63, 1 << 64
	var zero T
	if zero-1 > zero { // unsigned
		return x >= 0 && x < two64
	}
	return x >= -two63 && x < two63
}
