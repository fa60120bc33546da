package convert

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// ErrKeyType: the values of a type cannot be the key of an entity.
var ErrKeyType = errors.New("cannot be a key")

// KeyCodecOf chooses how values of K are written as keys:
//
//   - text, integers and bools, also of types with names of their own;
//   - times, arrays of 16 bytes as UUIDs, other types with MarshalText and, for their pointers, UnmarshalText;
//   - arrays of bytes as base64;
//   - structs, all of whose fields are exported and of these types, as their fields one after the other.
//
// Any other type is an error, which is ErrKeyType and says what to do.
func KeyCodecOf[K comparable]() (KeyCodec[K], error) {
	t := reflect.TypeFor[K]()
	form, err := keyFormOf(t)
	if err != nil {
		return KeyCodec[K]{}, fmt.Errorf("dualgen: %v %w: %w\n\tput text, an integer, a bool, a UUID, a time, an array of bytes or a struct of "+
			"exported fields of these in its place, or a type of your own with MarshalText, and UnmarshalText for its pointer", t, ErrKeyType, err)
	}
	return KeyCodec[K]{&form}, nil
}

// keyFormOf chooses the form of a type, in the order in which the generator chooses it for a type that it knows.
func keyFormOf(t reflect.Type) (keyForm, error) {
	form := func(kind keyKind) (keyForm, error) {
		return keyForm{typ: t, kind: kind, marshals: kind == marshalKey}, nil
	}
	switch {
	case t == reflect.TypeFor[time.Time]():
		return form(timeKey)
	case isKeyUUID(t):
		return form(uuidKey)
	}
	switch t.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return form(intKey)
	case reflect.String:
		return form(textKey)
	case reflect.Bool:
		return form(boolKey)
	case reflect.Pointer, reflect.Chan, reflect.UnsafePointer, reflect.Uintptr:
		return keyForm{}, fmt.Errorf("a %v equals itself in this process only", t)
	case reflect.Interface:
		return keyForm{}, fmt.Errorf("what a %v holds is known only when it is there", t)
	}
	switch {
	case marshalsText(t) && reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		if part := promoted(t); part != "" {
			return keyForm{}, fmt.Errorf("its MarshalText may be that of %s alone, which is embedded in it", part)
		}
		return form(marshalKey)
	case t.Kind() == reflect.Array && t.Elem().Kind() == reflect.Uint8:
		return form(bytesKey)
	case t.Kind() == reflect.Struct && t.ConvertibleTo(reflect.TypeFor[time.Time]()):
		return form(timeKey)
	case t.Kind() == reflect.Struct:
		return structForm(t)
	}
	return keyForm{}, fmt.Errorf("a %v has no text of its own", t)
}

// structForm writes a struct as its fields.
func structForm(t reflect.Type) (keyForm, error) {
	form := keyForm{typ: t, kind: structKey}
	for i := range t.NumField() {
		field := t.Field(i)
		if !field.IsExported() {
			return keyForm{}, fmt.Errorf("its field %s is unexported", field.Name)
		}
		part, err := keyFormOf(field.Type)
		if err != nil {
			return keyForm{}, fmt.Errorf("its field %s: %w", field.Name, err)
		}
		part.offset, part.name = field.Offset, field.Name
		form.fields = append(form.fields, part)
		form.marshals = form.marshals || part.marshals
	}
	return form, nil
}

// isKeyUUID reports whether a type is written as a UUID: 16 bytes, and no text marshaler of another kind of identifier.
func isKeyUUID(t reflect.Type) bool {
	return t.Kind() == reflect.Array && t.Len() == 16 && t.Elem() == reflect.TypeFor[byte]() &&
		(strings.Contains(strings.ToLower(t.Name()), "uuid") || !marshalsText(t))
}

func marshalsText(t reflect.Type) bool {
	return t.Implements(reflect.TypeFor[encoding.TextMarshaler]())
}

// promoted is the embedded field of a struct, one of several, whose marshaler the struct may have by promotion, or "".
func promoted(t reflect.Type) string {
	if t.Kind() != reflect.Struct || t.NumField() == 1 {
		return ""
	}
	for i := range t.NumField() {
		if field := t.Field(i); field.Anonymous && marshalsText(field.Type) {
			return field.Name
		}
	}
	return ""
}

// unmarshal reads a value as its own unmarshaler does.
func unmarshal(text string, to reflect.Value) error {
	if err := to.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text)); err != nil {
		return fmt.Errorf("%.60q as %v: %w", text, to.Type(), err)
	}
	if written := KeyText(to.Interface().(encoding.TextMarshaler)); written != text {
		return fmt.Errorf("%.60q as %v, which is written as %.60q: %w", text, to.Type(), written, ErrSyntax)
	}
	return nil
}

func outOfRangeOf(text string, t reflect.Type) error {
	return fmt.Errorf("%.60q as %v: %w", text, t, ErrRange)
}
