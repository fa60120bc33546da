// Package dialect prints values as JSON in one dialect, whichever package they come from: names begin with a small letter, and durations are
// text, such as "1m30s".
package dialect

import (
	"encoding"
	"encoding/json"
	"io"
	"reflect"
	"strings"
	"time"
	"unicode"
)

// Marshal returns a value as JSON on one line.
func Marshal(value any) ([]byte, error) { return json.Marshal(plain(value)) }

// Encode writes a value as JSON, and a new line. An indent puts each name on a line of its own.
func Encode(w io.Writer, value any, indent string) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", indent)
	return encoder.Encode(plain(value))
}

// plain returns the value as one of types without durations, whose fields all have their names in tags.
func plain(value any) any {
	v := reflect.ValueOf(value)
	if !v.IsValid() {
		return nil
	}
	return convert(v, typeOf(v.Type())).Interface()
}

var (
	duration  = reflect.TypeFor[time.Duration]()
	text      = reflect.TypeFor[string]()
	marshaler = reflect.TypeFor[json.Marshaler]()
	texter    = reflect.TypeFor[encoding.TextMarshaler]()
)

// typeOf is the type that stands for t.
func typeOf(t reflect.Type) reflect.Type {
	switch {
	case t == duration:
		return text
	case t.Implements(marshaler), t.Implements(texter):
		return t
	}
	switch t.Kind() {
	case reflect.Pointer:
		return reflect.PointerTo(typeOf(t.Elem()))
	case reflect.Slice:
		return reflect.SliceOf(typeOf(t.Elem()))
	case reflect.Array:
		return reflect.ArrayOf(t.Len(), typeOf(t.Elem()))
	case reflect.Map:
		return reflect.MapOf(t.Key(), typeOf(t.Elem()))
	case reflect.Struct:
		return structOf(t)
	}
	return t
}

func structOf(t reflect.Type) reflect.Type {
	var fields []reflect.StructField
	for f := range exported(t) {
		tag := f.Tag.Get("json")
		if name, options, _ := strings.Cut(tag, ","); name == "" {
			tag = strings.TrimSuffix(small(f.Name)+","+options, ",")
		}
		fields = append(fields, reflect.StructField{Name: f.Name, Type: typeOf(f.Type), Tag: reflect.StructTag(`json:"` + tag + `"`)})
	}
	return reflect.StructOf(fields)
}

// exported yields the fields of a struct that are printed, those of embedded structs among them.
func exported(t reflect.Type) func(yield func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for _, f := range reflect.VisibleFields(t) {
			embedded := f.Anonymous && f.Tag.Get("json") == ""
			if f.IsExported() && !embedded && f.Tag.Get("json") != "-" && !yield(f) {
				return
			}
		}
	}
}

// convert returns a value as one of the type that stands for its own.
func convert(v reflect.Value, t reflect.Type) reflect.Value {
	if v.Type() == t {
		return v
	}
	to := reflect.New(t).Elem()
	switch v.Kind() {
	case reflect.Int64: // a duration
		to.SetString(time.Duration(v.Int()).String())
	case reflect.Pointer:
		if !v.IsNil() {
			to.Set(reflect.New(t.Elem()))
			to.Elem().Set(convert(v.Elem(), t.Elem()))
		}
	case reflect.Slice:
		if !v.IsNil() {
			to.Set(reflect.MakeSlice(t, v.Len(), v.Len()))
		}
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			to.Index(i).Set(convert(v.Index(i), t.Elem()))
		}
	case reflect.Map:
		if !v.IsNil() {
			to.Set(reflect.MakeMapWithSize(t, v.Len()))
		}
		for entry := v.MapRange(); entry.Next(); {
			to.SetMapIndex(entry.Key(), convert(entry.Value(), t.Elem()))
		}
	case reflect.Struct:
		for f := range exported(v.Type()) {
			field, err := v.FieldByIndexErr(f.Index)
			if err == nil && !(field.IsZero() && omits(f)) {
				to.FieldByName(f.Name).Set(convert(field, to.FieldByName(f.Name).Type()))
			}
		}
	}
	return to
}

// omits reports whether a field's tag leaves its zero value out: what stands for that must then be zero too, and "0s" is not.
func omits(f reflect.StructField) bool {
	tag := f.Tag.Get("json")
	return strings.Contains(tag, ",omitzero") || f.Type == duration && strings.Contains(tag, ",omitempty")
}

// small is a name with a small first word: "kind", "id", "urlOf".
func small(name string) string {
	letters := []rune(name)
	for i := range letters {
		if i > 0 && (!unicode.IsUpper(letters[i]) || i+1 < len(letters) && unicode.IsLower(letters[i+1])) {
			break
		}
		letters[i] = unicode.ToLower(letters[i])
	}
	return string(letters)
}
