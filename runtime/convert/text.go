package convert

import (
	"database/sql/driver"
	"encoding"
	"fmt"
	"runtime"
)

// ToText writes a value as its text marshaler does.
func ToText[T encoding.TextMarshaler](x T) (s string, err error) {
	defer recovered(&err)
	text, err := x.MarshalText()
	return string(text), err
}

// recovered turns a panic of a marshaler into an error: most often a nil pointer inside the value.
func recovered(err *error) {
	switch value := recover().(type) {
	case nil:
	case runtime.Error:
		*err = fmt.Errorf("a marshaler panicked: %w: %w", value, ErrNull)
	default:
		*err = fmt.Errorf("a marshaler panicked: %v", value)
	}
}

// PointerToText is ToText for a type whose pointer has the marshaler. nil is ErrNull.
func PointerToText[T any, P interface {
	*T
	encoding.TextMarshaler
}](p P) (string, error) {
	if p == nil {
		return "", ErrNull
	}
	return ToText(p)
}

// FromText reads a value as its text unmarshaler does.
func FromText[T any, P interface {
	*T
	encoding.TextUnmarshaler
}](s string) (x T, err error) {
	defer recovered(&err)
	if err := P(&x).UnmarshalText([]byte(s)); err != nil {
		return x, fmt.Errorf("%.60q as %T: %w", s, x, err)
	}
	return x, nil
}

// PointerFromText is FromText for a type that is used by its pointer.
func PointerFromText[T any, P interface {
	*T
	encoding.TextUnmarshaler
}](s string) (p P, err error) {
	defer recovered(&err)
	p = P(new(T))
	if err := p.UnmarshalText([]byte(s)); err != nil {
		return nil, fmt.Errorf("%.60q as %T: %w", s, p, err)
	}
	return p, nil
}

// ToBinary writes a value as its binary marshaler does.
func ToBinary[T encoding.BinaryMarshaler](x T) (b []byte, err error) {
	defer recovered(&err)
	return x.MarshalBinary()
}

// FromBinary reads a value as its binary unmarshaler does.
func FromBinary[T any, P interface {
	*T
	encoding.BinaryUnmarshaler
}](b []byte) (x T, err error) {
	defer recovered(&err)
	if err := P(&x).UnmarshalBinary(b); err != nil {
		return x, fmt.Errorf("%d bytes as %T: %w", len(b), x, err)
	}
	return x, nil
}

// ValuerText is the text that a database value gives to its driver. A NULL is ErrNull.
func ValuerText[T driver.Valuer](x T) (s string, err error) {
	defer recovered(&err)
	value, err := x.Value()
	if err != nil {
		return "", err
	}
	switch value := value.(type) {
	case nil:
		return "", ErrNull
	case string:
		return value, nil
	case []byte:
		return string(value), nil
	default:
		return "", fmt.Errorf("%T of %T is not text: %w", value, x, ErrSyntax)
	}
}

// ScanText makes a database value of text, as its driver would.
func ScanText[T any, P interface {
	*T
	Scan(any) error
}](s string) (x T, err error) {
	defer recovered(&err)
	if err := P(&x).Scan(s); err != nil {
		return x, fmt.Errorf("%.60q as %T: %w", s, x, err)
	}
	return x, nil
}
