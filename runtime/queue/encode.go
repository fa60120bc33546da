package queue

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
)

// Encode writes arguments as JSON, and makes sure that they read back as they are. What JSON leaves out or changes (a field that
// is not exported or tagged with "-", text that is no UTF-8, an empty list under omitempty) is an ErrLost that names the field.
func Encode[A any](args A) ([]byte, error) {
	data, err := json.Marshal(args)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrLost, err)
	}
	back, err := Decode[A](data)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrLost, err)
	}
	if path, same := equal(reflect.ValueOf(&args).Elem(), reflect.ValueOf(&back).Elem(), ""); !same {
		return nil, fmt.Errorf("%w: JSON does not keep %s", ErrLost, path)
	}
	return data, nil
}

// Decode reads what Encode wrote. A field that A does not know is an error: it was written by another build.
func Decode[A any](data []byte) (args A, err error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err = decoder.Decode(&args); err != nil {
		return args, fmt.Errorf("decode queued arguments: %w", err)
	}
	return args, nil
}

var (
	jsonMarshaler = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

// equal compares what was encoded with what reads back, and returns where they differ.
func equal(a, b reflect.Value, path string) (where string, same bool) {
	t := a.Type()
	if t.Implements(jsonMarshaler) || t.Implements(textMarshaler) || reflect.PointerTo(t).Implements(jsonMarshaler) || reflect.PointerTo(t).Implements(textMarshaler) {
		return path, sameText(a, b)
	}
	switch t.Kind() {
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			return path, a.IsNil() == b.IsNil()
		}
		return equal(a.Elem(), b.Elem(), path)
	case reflect.Struct:
		for i := range t.NumField() {
			if where, same := equal(a.Field(i), b.Field(i), join(path, t.Field(i).Name)); !same {
				return where, false
			}
		}
		return "", true
	case reflect.Slice, reflect.Array:
		return equalList(a, b, path)
	case reflect.Map:
		return equalMap(a, b, path)
	case reflect.Float32, reflect.Float64:
		return path, math.Float64bits(a.Float()) == math.Float64bits(b.Float())
	case reflect.Interface, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return path, a.IsZero() && b.IsZero()
	}
	return path, a.Equal(b)
}

func equalList(a, b reflect.Value, path string) (string, bool) {
	if a.Len() != b.Len() || a.Kind() == reflect.Slice && a.IsNil() != b.IsNil() {
		return path, false
	}
	for i := range a.Len() {
		if where, same := equal(a.Index(i), b.Index(i), fmt.Sprintf("%s[%d]", path, i)); !same {
			return where, false
		}
	}
	return "", true
}

func equalMap(a, b reflect.Value, path string) (string, bool) {
	if a.Len() != b.Len() || a.IsNil() != b.IsNil() {
		return path, false
	}
	for entries := a.MapRange(); entries.Next(); {
		other := b.MapIndex(entries.Key())
		if !other.IsValid() {
			return path, false
		}
		if where, same := equal(entries.Value(), other, path+"[…]"); !same {
			return where, false
		}
	}
	return "", true
}

// sameText compares two values of a type that says itself how it is written. What it leaves out, it leaves out on purpose.
func sameText(a, b reflect.Value) bool {
	if !a.CanInterface() || !b.CanInterface() {
		return a.Comparable() && b.Comparable() && a.Equal(b)
	}
	one, errOne := json.Marshal(a.Interface())
	two, errTwo := json.Marshal(b.Interface())
	return errOne == nil && errTwo == nil && bytes.Equal(one, two)
}

func join(path, field string) string {
	if path == "" {
		return field
	}
	return path + "." + field
}
