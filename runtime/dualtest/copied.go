package dualtest

import (
	"reflect"
	"slices"
	"time"
)

// deep copies a value with all the memory that it reaches through exported fields: what a store does to its arguments must not
// change what it is compared with. Unexported fields are shared.
func deep[V any](value V) V {
	c := copying{}
	return c.copy(reflect.ValueOf(&value)).Elem().Interface().(V)
}

// copying maps the pointers and maps of a value to their copies, so that a cyclic value stays one.
type copying map[any]reflect.Value

func (c copying) copy(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		if there, ok := c[v.Interface()]; ok {
			return there
		}
		to := reflect.New(v.Type().Elem())
		if v.Type() != to.Type() {
			to = to.Convert(v.Type())
		}
		c[v.Interface()] = to
		to.Elem().Set(c.copy(v.Elem()))
		return to
	case reflect.Interface:
		if v.IsNil() {
			return v
		}
		to := reflect.New(v.Type()).Elem()
		to.Set(c.copy(v.Elem()))
		return to
	case reflect.Slice:
		return c.slice(v)
	case reflect.Map:
		return c.table(v)
	case reflect.Array, reflect.Struct:
		return c.parts(v)
	}
	return v
}

func (c copying) slice(v reflect.Value) reflect.Value {
	if v.IsNil() {
		return v
	}
	to := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
	for i := range v.Len() {
		to.Index(i).Set(c.copy(v.Index(i)))
	}
	return to
}

func (c copying) table(v reflect.Value) reflect.Value {
	if v.IsNil() {
		return v
	}
	id := v.UnsafePointer()
	if there, ok := c[id]; ok {
		return there
	}
	to := reflect.MakeMapWithSize(v.Type(), v.Len())
	c[id] = to
	for key, value := range v.Seq2() {
		to.SetMapIndex(key, c.copy(value))
	}
	return to
}

func (c copying) parts(v reflect.Value) reflect.Value {
	to := reflect.New(v.Type()).Elem()
	to.Set(v)
	if v.Kind() == reflect.Array {
		for i := range v.Len() {
			to.Index(i).Set(c.copy(v.Index(i)))
		}
		return to
	}
	for i := range v.NumField() {
		if v.Type().Field(i).IsExported() {
			to.Field(i).Set(c.copy(v.Field(i)))
		}
	}
	return to
}

// copies reports whether deep copies all that a value of the type can hold: channels, functions and what stands behind
// an interface may have a state that it does not see. Within are the types that hold this one.
func copies(t reflect.Type, within []reflect.Type) bool {
	switch t.Kind() {
	case reflect.Chan, reflect.Func, reflect.Interface, reflect.UnsafePointer:
		return false
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return slices.Contains(within, t) || copies(t.Elem(), append(within, t))
	case reflect.Map:
		return slices.Contains(within, t) || copies(t.Key(), append(within, t)) && copies(t.Elem(), append(within, t))
	case reflect.Struct:
		if t == reflect.TypeFor[time.Time]() || slices.Contains(within, t) {
			return true
		}
		for i := range t.NumField() {
			field := t.Field(i)
			if shared := !field.IsExported() && field.Type.Kind() == reflect.Pointer; shared || !copies(field.Type, append(within, t)) {
				return false
			}
		}
	}
	return true
}
