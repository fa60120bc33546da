package convert

import (
	"errors"
	"fmt"
	"strings"
)

// Errors that callers tell apart with errors.Is.
var (
	// ErrNull: a missing value (NULL, nil) has no counterpart on the other side.
	ErrNull = errors.New("value is missing (null), and the other side has no way to say so")
	// ErrRange: the value is outside of what the other side's type holds exactly.
	ErrRange = errors.New("out of range")
	// ErrSyntax: a text does not have the form that the other side needs.
	ErrSyntax = errors.New("malformed")
	// ErrUnknown: a value is none of its enum's constants.
	ErrUnknown = errors.New("not one of the enum's constants")
	// ErrInfinite: an infinite time or number has no counterpart on the other side.
	ErrInfinite = errors.New("value is infinite, and the other side has no way to say so")
)

// ErrLost: the other side's type cannot hold all of a value that is to be copied or compared.
var ErrLost = errors.New("the type cannot hold all of it (declare the loss with lossy, or use a type that keeps it, such as json.RawMessage)")

// PathError is a failed conversion and the field in which it failed.
type PathError struct {
	Path string // from the outermost value: "rows[3].price"
	Err  error
}

// Error writes the path and the cause: "rows[3].price: …".
func (e *PathError) Error() string { return e.Path + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *PathError) Unwrap() error { return e.Err }

// At puts the name of a field before the path of a failed conversion. It returns nil for a nil error.
func At(field string, err error) error {
	if err == nil {
		return nil
	}
	inner, ok := err.(*PathError) // errors.As would skip what others wrapped around it
	if !ok {
		return &PathError{Path: field, Err: err}
	}
	return &PathError{Path: join(field, inner.Path), Err: inner.Err}
}

// AtIndex puts an index before the path of a failed conversion.
func AtIndex(i int, err error) error { return At(indexPath(i), err) }

// AtKey puts a map's key before the path of a failed conversion.
func AtKey(key any, err error) error { return At(keyPath(key), err) }

// InCall names the method and the parameter or result whose conversion failed: "Packages.Save: p.Size: …".
func InCall(method, value string, err error) error {
	return &CallError{Method: method, Value: value, Err: At(value, err)}
}

// CallError is a failed conversion of a call's parameter or result.
type CallError struct {
	Method string
	Value  string // the parameter's name, or "result"
	Err    error
}

// Error names the method, the path and the cause.
func (e *CallError) Error() string { return e.Method + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *CallError) Unwrap() error { return e.Err }

// Unsent reports whether the store was not called: a parameter could not be converted.
func (e *CallError) Unsent() bool { return e.Value != "result" }

// Unknown is the error for a value that is none of its enum's constants.
func Unknown(value any) error { return fmt.Errorf("%T(%v): %w", value, value, ErrUnknown) }

// Meaning returns a store's error as one that callers know: each is found in it.
func Meaning(caller, store error) error { return &meaning{caller, store} }

type meaning struct{ caller, store error }

func (e *meaning) Error() string   { return e.caller.Error() + ": " + e.store.Error() }
func (e *meaning) Unwrap() []error { return []error{e.caller, e.store} }

// Meant returns the store's error: what it says of the call's outcome counts.
func (e *meaning) Meant() error { return e.store }

// join composes two parts of a path.
func join(outer, inner string) string {
	switch {
	case inner == "":
		return outer
	case outer == "" || strings.HasPrefix(inner, "["):
		return outer + inner
	default:
		return outer + "." + inner
	}
}

func keyPath(key any) string { return fmt.Sprintf("[%v]", key) }

func outOfRange[To any](value any) error {
	var to To
	return fmt.Errorf("%v as %T: %w", value, to, ErrRange)
}
