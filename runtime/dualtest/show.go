package dualtest

import (
	"encoding"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// showDepth is how deep Show looks into a value; cyclic ones have no end.
const showDepth = 8

// Show writes a value as people read it: times in RFC 3339, what has a text form (a decimal) by that, 16 bytes that have none
// as a UUID, other bytes as text where they are text, and what a pointer points to. Nil and empty are written apart.
func Show(value any) string {
	return show(reflect.ValueOf(value), showDepth)
}

func show(v reflect.Value, depth int) string {
	if !v.IsValid() {
		return "nil"
	}
	if depth == 0 {
		return "…"
	}
	if text, ok := textForm(v); ok {
		return text
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return "nil"
		}
		return show(v.Elem(), depth-1)
	case reflect.String:
		return strconv.Quote(v.String())
	case reflect.Slice, reflect.Array:
		return showList(v, depth)
	case reflect.Map:
		return showMap(v, depth)
	case reflect.Struct:
		return showStruct(v, depth)
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return v.Type().String()
	}
	return fmt.Sprint(v)
}

// textForm is the text of a value that has one of its own.
func textForm(v reflect.Value) (text string, ok bool) {
	if !v.CanInterface() || v.Kind() == reflect.Pointer && v.IsNil() {
		return "", false
	}
	defer func() {
		if recover() != nil { // a method that wants another value than this one
			text, ok = "", false
		}
	}()
	switch x := v.Interface().(type) {
	case time.Time:
		return x.Format(time.RFC3339Nano), true
	case error:
		return x.Error(), true
	case encoding.TextMarshaler:
		raw, err := x.MarshalText()
		return string(raw), err == nil
	case fmt.Stringer:
		return x.String(), true
	}
	return "", false
}

func showList(v reflect.Value, depth int) string {
	if v.Kind() == reflect.Slice && v.IsNil() {
		return "nil"
	}
	if v.Type().Elem().Kind() == reflect.Uint8 {
		return showBytes(v)
	}
	list := make([]string, v.Len())
	for i := range list {
		list[i] = show(v.Index(i), depth-1)
	}
	return "[" + strings.Join(list, ", ") + "]"
}

// showBytes writes text in quotes, and other bytes in hexadecimal.
func showBytes(v reflect.Value) string {
	raw := make([]byte, v.Len())
	for i := range raw {
		raw[i] = byte(v.Index(i).Uint())
	}
	if v.Kind() == reflect.Array && len(raw) == 16 {
		return fmt.Sprintf("%x-%x-%x-%x-%x", raw[:4], raw[4:6], raw[6:8], raw[8:10], raw[10:])
	}
	unprintable := func(r rune) bool { return !unicode.IsPrint(r) && !unicode.IsSpace(r) }
	if utf8.Valid(raw) && !strings.ContainsFunc(string(raw), unprintable) {
		return strconv.Quote(string(raw))
	}
	return "0x" + hex.EncodeToString(raw)
}

func showMap(v reflect.Value, depth int) string {
	if v.IsNil() {
		return "nil"
	}
	var list []string
	for key, value := range v.Seq2() {
		entry := show(key, depth-1)
		if value.Type() != reflect.TypeFor[struct{}]() {
			entry += ": " + show(value, depth-1)
		}
		list = append(list, entry)
	}
	slices.Sort(list)
	return "{" + strings.Join(list, ", ") + "}"
}

// showStruct writes a struct without the fields that hold their zero value.
func showStruct(v reflect.Value, depth int) string {
	var list []string
	for i := range v.NumField() {
		if !v.Field(i).IsZero() {
			list = append(list, v.Type().Field(i).Name+": "+show(v.Field(i), depth-1))
		}
	}
	return v.Type().Name() + "{" + strings.Join(list, ", ") + "}"
}

// showErrors is an error, and which of the known ones it is.
func showError(err error, known []error) string {
	if err == nil {
		return "no error"
	}
	for _, k := range known {
		if errors.Is(err, k) && err.Error() != k.Error() {
			return fmt.Sprintf("error %q, which is %q", err, k)
		}
	}
	return fmt.Sprintf("error %q", err)
}
