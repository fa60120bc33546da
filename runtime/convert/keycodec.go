package convert

import (
	"encoding"
	"reflect"
	"strconv"
	"time"
	"unsafe"
)

// KeyCodec writes values of K as the text of a key, and reads them back: what a generic wrapper needs whose constraint says
// no more than comparable. It writes what the wrapper of an instantiation would. The zero KeyCodec serves nothing: get one from
// KeyCodecOf. It is safe for concurrent use.
type KeyCodec[K comparable] struct{ form *keyForm }

// keyForm says how the values of one type are written. It is chosen once, so that a call pays for no reflection.
type keyForm struct {
	typ    reflect.Type
	kind   keyKind
	offset uintptr   // of a field, in its struct
	name   string    // of a field
	fields []keyForm // of a struct
	// marshals: it, or one of its fields, is written by its own marshaler, which is called through an interface.
	marshals bool
}

// keyKind is one way to write a value.
type keyKind uint8

const (
	textKey keyKind = iota + 1
	boolKey
	intKey
	timeKey
	uuidKey
	bytesKey // an array of them
	marshalKey
	structKey
)

// Text writes a key. Keys that are equal give one text, and different ones different texts; times are equal if they are one
// instant. For a type with text marshalers that is theirs to see to.
func (c KeyCodec[K]) Text(key K) string {
	if c.form.kind == marshalKey {
		return KeyText(any(key).(encoding.TextMarshaler))
	}
	if c.form.marshals {
		return c.form.text(reflect.ValueOf(key))
	}
	return c.form.at(unsafe.Pointer(&key))
}

// at writes the value that p points to, which has the form's type and no marshaler in it. Nothing keeps p: a key that is
// written stays where it is, on the caller's stack.
func (f *keyForm) at(p unsafe.Pointer) string {
	switch f.kind {
	case textKey:
		return *(*string)(p)
	case boolKey:
		return strconv.FormatBool(*(*bool)(p))
	case intKey:
		return integerAt(f.typ.Kind(), p)
	case timeKey:
		return KeyTime(*(*time.Time)(p))
	case uuidKey:
		return FormatUUID(*(*[16]byte)(p))
	case bytesKey:
		return KeyBytes(unsafe.Slice((*byte)(p), f.typ.Size()))
	}
	parts := make([]string, len(f.fields))
	for i := range f.fields {
		parts[i] = f.fields[i].at(unsafe.Add(p, f.fields[i].offset))
	}
	return JoinKey(parts...)
}

// integerAt writes the integer that p points to.
func integerAt(kind reflect.Kind, p unsafe.Pointer) string {
	switch kind {
	case reflect.Int:
		return FormatInt(*(*int)(p))
	case reflect.Int8:
		return FormatInt(*(*int8)(p))
	case reflect.Int16:
		return FormatInt(*(*int16)(p))
	case reflect.Int32:
		return FormatInt(*(*int32)(p))
	case reflect.Int64:
		return FormatInt(*(*int64)(p))
	case reflect.Uint:
		return FormatInt(*(*uint)(p))
	case reflect.Uint8:
		return FormatInt(*(*uint8)(p))
	case reflect.Uint16:
		return FormatInt(*(*uint16)(p))
	case reflect.Uint32:
		return FormatInt(*(*uint32)(p))
	default:
		return FormatInt(*(*uint64)(p))
	}
}

// text is at for a value with a marshaler in it, which takes reflection to reach.
func (f *keyForm) text(v reflect.Value) string {
	switch {
	case f.kind == marshalKey:
		return KeyText(v.Interface().(encoding.TextMarshaler))
	case !f.marshals:
		p := reflect.New(f.typ)
		p.Elem().Set(v)
		return f.at(p.UnsafePointer())
	}
	parts := make([]string, len(f.fields))
	for i := range f.fields {
		parts[i] = f.fields[i].text(v.Field(i))
	}
	return JoinKey(parts...)
}

// Parse reads a key that Text wrote.
func (c KeyCodec[K]) Parse(text string) (K, error) {
	var key K
	err := c.form.parse(text, reflect.ValueOf(&key).Elem())
	return key, err
}

// parse reads a text into a value of the form's type.
func (f *keyForm) parse(text string, to reflect.Value) error {
	switch f.kind {
	case textKey:
		to.SetString(text)
		return nil
	case boolKey:
		value, err := ParseBool(text)
		to.SetBool(value)
		return err
	case intKey:
		return f.parseInt(text, to)
	case timeKey:
		value, err := ParseKeyTime(text)
		to.Set(reflect.ValueOf(value).Convert(f.typ))
		return err
	case uuidKey:
		value, err := ParseUUID[[16]byte](text)
		to.Set(reflect.ValueOf(value).Convert(f.typ))
		return err
	case bytesKey:
		value, err := ParseKeyBytes(text)
		if err == nil && len(value) != f.typ.Len() {
			err = outOfRangeOf(text, f.typ)
		}
		for i := range min(len(value), f.typ.Len()) {
			to.Index(i).SetUint(uint64(value[i]))
		}
		return err
	case marshalKey:
		return unmarshal(text, to)
	}
	return f.parseStruct(text, to)
}

func (f *keyForm) parseInt(text string, to reflect.Value) error {
	if !to.CanInt() {
		value, err := ParseInt[uint64](text)
		if err == nil && to.OverflowUint(value) {
			err = outOfRangeOf(text, f.typ)
		}
		to.SetUint(value)
		return err
	}
	value, err := ParseInt[int64](text)
	if err == nil && to.OverflowInt(value) {
		err = outOfRangeOf(text, f.typ)
	}
	to.SetInt(value)
	return err
}

func (f *keyForm) parseStruct(text string, to reflect.Value) error {
	parts, err := SplitKey(text, len(f.fields))
	if err != nil {
		return err
	}
	for i := range f.fields {
		field := &f.fields[i]
		if err := field.parse(parts[i], to.Field(i)); err != nil {
			return At(field.name, err)
		}
	}
	return nil
}
