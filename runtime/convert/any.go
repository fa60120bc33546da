package convert

import (
	"encoding/json"
	"reflect"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
)

// DiffAny compares values of which only an interface is known: it looks at what lies behind. Its difference has no path: the
// value as a whole, as a text of bounded length.
func DiffAny[T any](a, b T) []dual.Difference {
	if SameAny(a, b) {
		return nil
	}
	return []dual.Difference{{Old: bounded(a), New: bounded(b)}}
}

// SameEqual compares by a method Equal of an interface. nil equals only nil.
func SameEqual[T interface{ Equal(T) bool }](a, b T) bool {
	if any(a) == nil || any(b) == nil {
		return any(a) == nil && any(b) == nil
	}
	return a.Equal(b)
}

// SameAny compares values of unknown type by what they hold: what pointers point to, elements, members and fields, fields out
// of reach too. Times are equal if they are one instant, JSON if it means the same, NaN equals NaN, and nil equals empty. A
// struct without exported fields is compared by its method Equal, or Cmp of its pointer, if it has one. Functions are equal
// only if both are nil. A value that holds itself is compared as far as it goes.
func SameAny(a, b any) bool {
	var w anyWalk
	return w.same(reflect.ValueOf(a), reflect.ValueOf(b))
}

// anyWalk is one walk through two values. It remembers the pairs that it has met once it has met many: a pair that is met again
// inside itself differs nowhere else.
type anyWalk struct {
	met  int
	seen map[anyPair]bool
}

type anyPair struct {
	a, b   uintptr
	length int // of slices
	typ    reflect.Type
}

// freeMeetings is how many maps, slices and pointers a walk meets before it remembers them.
const freeMeetings = 256

var (
	timeType   = reflect.TypeFor[time.Time]()
	numberType = reflect.TypeFor[json.Number]()
	rawType    = reflect.TypeFor[json.RawMessage]()
)

func (w *anyWalk) same(a, b reflect.Value) bool {
	if !a.IsValid() || !b.IsValid() {
		return a.IsValid() == b.IsValid()
	}
	if a.Type() != b.Type() {
		return false
	}
	if known, same := sameKnown(a, b); known {
		return same
	}
	switch a.Kind() {
	case reflect.Interface:
		return w.same(a.Elem(), b.Elem())
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() && b.IsNil()
		}
		return w.again(a, b) || w.same(a.Elem(), b.Elem())
	case reflect.Slice:
		return a.Len() == b.Len() && (a.Len() == 0 || w.again(a, b) || w.elements(a, b))
	case reflect.Array:
		return w.elements(a, b)
	case reflect.Map:
		return a.Len() == b.Len() && (a.Len() == 0 || w.again(a, b) || w.members(a, b))
	case reflect.Struct:
		for i := range a.NumField() {
			if !w.same(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	default:
		return samePlain(a, b)
	}
}

// again reports whether a pair was met before.
func (w *anyWalk) again(a, b reflect.Value) bool {
	pair := anyPair{a: a.Pointer(), b: b.Pointer(), typ: a.Type()}
	if pair.a == pair.b {
		return true
	}
	if a.Kind() == reflect.Slice {
		pair.length = a.Len()
	}
	if w.met++; w.met <= freeMeetings {
		return false
	}
	if w.seen == nil {
		w.seen = map[anyPair]bool{}
	}
	if w.seen[pair] {
		return true
	}
	w.seen[pair] = true
	return false
}

func (w *anyWalk) elements(a, b reflect.Value) bool {
	for i := range a.Len() {
		if !w.same(a.Index(i), b.Index(i)) {
			return false
		}
	}
	return true
}

func (w *anyWalk) members(a, b reflect.Value) bool {
	for members := a.MapRange(); members.Next(); {
		other := b.MapIndex(members.Key())
		if !other.IsValid() || !w.same(members.Value(), other) {
			return false
		}
	}
	return true
}

// sameKnown compares what its type says how to compare.
func sameKnown(a, b reflect.Value) (known, same bool) {
	if !a.CanInterface() || !b.CanInterface() {
		return false, false
	}
	switch a.Type() {
	case timeType:
		return true, a.Interface().(time.Time).Equal(b.Interface().(time.Time))
	case numberType:
		return true, canonicalNumber(a.String()) == canonicalNumber(b.String())
	case rawType:
		return true, SameJSON(a.Bytes(), b.Bytes())
	}
	switch {
	case a.Kind() == reflect.Struct && hidden(a.Type()):
		return byMethod(a, b, "Equal", func(v reflect.Value) bool { return v.Kind() == reflect.Bool && v.Bool() })
	case a.Kind() == reflect.Pointer && !a.IsNil() && !b.IsNil() && hidden(a.Type().Elem()):
		return byMethod(a, b, "Cmp", func(v reflect.Value) bool { return v.Kind() == reflect.Int && v.Int() == 0 })
	}
	return false, false
}

// hidden reports whether a type is a struct without exported fields.
func hidden(t reflect.Type) bool {
	if t.Kind() != reflect.Struct || t.NumField() == 0 {
		return false
	}
	for i := range t.NumField() {
		if t.Field(i).IsExported() {
			return false
		}
	}
	return true
}

// byMethod compares by a method func(T) R of a T.
func byMethod(a, b reflect.Value, name string, equal func(reflect.Value) bool) (known, same bool) {
	method := a.MethodByName(name)
	if !method.IsValid() || method.Type().NumIn() != 1 || method.Type().NumOut() != 1 || method.Type().In(0) != a.Type() {
		return false, false
	}
	return true, equal(method.Call([]reflect.Value{b})[0])
}

// samePlain compares values that hold no others.
func samePlain(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Float32, reflect.Float64:
		return SameFloat(a.Float(), b.Float())
	case reflect.Complex64, reflect.Complex128:
		x, y := a.Complex(), b.Complex()
		return SameFloat(real(x), real(y)) && SameFloat(imag(x), imag(y))
	case reflect.Func:
		return a.IsNil() && b.IsNil()
	default:
		return a.Equal(b)
	}
}

// maxShown is how deep, and how many values wide, a difference shows what lies behind an interface.
const (
	maxShownDepth  = 32
	maxShownValues = 10_000
)

// bounded is a value itself, or the name of its type where printing it might not end.
func bounded(value any) any {
	left := maxShownValues
	if ends(reflect.ValueOf(value), maxShownDepth, &left) {
		return value
	}
	return "a large " + reflect.TypeOf(value).String()
}

// ends reports whether a value is no deeper than depth and has no more than left values.
func ends(v reflect.Value, depth int, left *int) bool {
	if *left--; depth == 0 || *left < 0 {
		return false
	}
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		return v.IsNil() || ends(v.Elem(), depth-1, left)
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if !ends(v.Index(i), depth-1, left) {
				return false
			}
		}
	case reflect.Map:
		for members := v.MapRange(); members.Next(); {
			if !ends(members.Value(), depth-1, left) {
				return false
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if !ends(v.Field(i), depth-1, left) {
				return false
			}
		}
	}
	return true
}
