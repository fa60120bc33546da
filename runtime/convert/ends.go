package convert

import (
	"errors"
	"fmt"
	"reflect"
	"time"
)

// ErrHoldsItself: a value that is to be copied, compared or converted holds itself, so that going through it would not end.
var ErrHoldsItself = errors.New("the value holds itself")

// Ends passes a value on that does not hold itself. Generated code goes down values of types that may, without a bound of its
// own, and an overflow of the stack ends the process.
func Ends[T any](x T) (T, error) {
	w := endWalk{}
	if path := w.knot(reflect.ValueOf(x)); path != "" {
		return x, fmt.Errorf("%T: %w, by %s", x, ErrHoldsItself, path)
	}
	return x, nil
}

// MustEnd is Ends for copies and comparisons, which have no error: the runtime takes its panic for an error of the entity.
func MustEnd[T any](x T) {
	if _, err := Ends(x); err != nil {
		panic(err)
	}
}

// endWalk is one walk through a value: what it is inside of, and what it has been through.
type endWalk map[endNode]bool // true: inside

type endNode struct {
	at     uintptr
	length int // of slices
	typ    reflect.Type
}

// knot is the type by which a value comes back to itself; "" if it does not.
func (w endWalk) knot(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Pointer:
		return w.through(v, func() string { return w.knot(v.Elem()) })
	case reflect.Slice:
		if plainKind(v.Type().Elem()) {
			return ""
		}
		return w.through(v, func() string { return w.elements(v) })
	case reflect.Array:
		if plainKind(v.Type().Elem()) {
			return ""
		}
		return w.elements(v)
	case reflect.Map:
		return w.through(v, func() string {
			for members := v.MapRange(); members.Next(); {
				if path := w.knot(members.Value()); path != "" {
					return path
				}
			}
			return ""
		})
	case reflect.Struct:
		return w.fields(v)
	}
	return ""
}

// through goes into what a pointer, slice or map refers to, once.
func (w endWalk) through(v reflect.Value, inside func() string) string {
	if v.IsNil() {
		return ""
	}
	node := endNode{at: v.Pointer(), typ: v.Type()}
	if v.Kind() == reflect.Slice {
		node.length = v.Len()
	}
	if is, known := w[node]; known && (node.length > 0 || v.Kind() != reflect.Slice) {
		if is {
			return v.Type().String()
		}
		return ""
	}
	w[node] = true
	path := inside()
	w[node] = false
	return path
}

func (w endWalk) elements(v reflect.Value) string {
	for i := range v.Len() {
		if path := w.knot(v.Index(i)); path != "" {
			return path
		}
	}
	return ""
}

// fields goes into a struct's fields, as generated code does: not into what cannot be copied because it holds a lock.
func (w endWalk) fields(v reflect.Value) string {
	t := v.Type()
	if t == reflect.TypeFor[time.Time]() {
		return ""
	}
	for i := range t.NumField() {
		if p := t.Field(i).Type.PkgPath(); p == "sync" || p == "sync/atomic" {
			return ""
		}
	}
	for i := range t.NumField() {
		if plainKind(t.Field(i).Type) {
			continue
		}
		if path := w.knot(v.Field(i)); path != "" {
			return path
		}
	}
	return ""
}

// plainKind reports whether values of a type refer to nothing.
func plainKind(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map, reflect.Struct:
		return false
	}
	return true
}
