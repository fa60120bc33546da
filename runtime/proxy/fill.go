package proxy

import "reflect"

// Fill puts what a call left behind an argument behind the caller's: what a pointer points to, the elements of a slice, the
// entries of a map. to and from are of one type; a pointer that is nil on either side is left alone.
func Fill[T any](to, from T) { fill(reflect.ValueOf(&to).Elem(), reflect.ValueOf(&from).Elem()) }

func fill(to, from reflect.Value) {
	switch to.Kind() {
	case reflect.Pointer:
		if !to.IsNil() && !from.IsNil() {
			to.Elem().Set(from.Elem())
		}
	case reflect.Slice:
		for i := range min(to.Len(), from.Len()) {
			if to.Index(i).Kind() == reflect.Pointer {
				fill(to.Index(i), from.Index(i)) // the caller may hold the pointer
			} else {
				to.Index(i).Set(from.Index(i))
			}
		}
	case reflect.Map:
		if to.IsNil() {
			return
		}
		to.Clear()
		for entries := from.MapRange(); entries.Next(); {
			to.SetMapIndex(entries.Key(), entries.Value())
		}
	case reflect.Struct:
		for i := range to.NumField() {
			if to.Type().Field(i).IsExported() {
				fill(to.Field(i), from.Field(i))
			}
		}
	}
}
