package convert

// PointerTo returns a pointer to a copy of x.
func PointerTo[T any](x T) *T { return &x }

// ZeroToNil returns a pointer to a copy of x, or nil if x is the zero value.
func ZeroToNil[T comparable](x T) *T {
	var zero T
	if x == zero {
		return nil
	}
	return &x
}

// Value returns what p points to. A nil pointer is ErrNull.
func Value[T any](p *T) (T, error) {
	if p == nil {
		var zero T
		return zero, ErrNull
	}
	return *p, nil
}

// ValueAs converts what p points to. A nil pointer is ErrNull.
func ValueAs[A, B any](p *A, f func(A) B) (B, error) {
	if p == nil {
		var zero B
		return zero, ErrNull
	}
	return f(*p), nil
}

// TryValue is ValueAs for a conversion that can fail.
func TryValue[A, B any](p *A, f func(A) (B, error)) (B, error) {
	if p == nil {
		var zero B
		return zero, ErrNull
	}
	return f(*p)
}

// ValueOrZero returns what p points to, and the zero value for a nil pointer.
func ValueOrZero[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// Pointer converts what p points to. nil stays nil.
func Pointer[A, B any](p *A, f func(A) B) *B {
	if p == nil {
		return nil
	}
	y := f(*p)
	return &y
}

// TryPointer is Pointer for a conversion that can fail.
func TryPointer[A, B any](p *A, f func(A) (B, error)) (*B, error) {
	if p == nil {
		return nil, nil
	}
	y, err := f(*p)
	if err != nil {
		return nil, err
	}
	return &y, nil
}

// ClonePointer returns a pointer to a copy of what p points to. nil stays nil.
func ClonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	y := *p
	return &y
}

// CloneSet returns a copy of what p points to, for types that copy by a method Set, such as big.Int. nil stays nil.
func CloneSet[T any, P interface {
	*T
	Set(P) P
}](p P) P {
	if p == nil {
		return nil
	}
	return P(new(T)).Set(p)
}

// CloneSetValue returns a copy of x, for types whose pointers copy by a method Set, such as big.Int.
func CloneSetValue[T any, P interface {
	*T
	Set(P) P
}](x T) T {
	return *P(new(T)).Set(&x)
}

// Maybe makes a pointer of a value that says beside it whether it is there: nil if it is not.
func Maybe[T any](x T, ok bool) *T {
	if !ok {
		return nil
	}
	return &x
}
