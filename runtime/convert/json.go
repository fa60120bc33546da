package convert

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ToJSON writes a value as JSON. A text in it that is not UTF-8 is an error: JSON cannot say it.
func ToJSON[T any](x T) ([]byte, error) {
	text, err := json.Marshal(x)
	if err != nil {
		return nil, err
	}
	// The encoder writes this in the place of broken bytes, and the character itself as it is.
	if bytes.Contains(text, []byte(`\ufffd`)) && brokenText(reflect.ValueOf(x), 0) {
		return nil, fmt.Errorf("%T as JSON: a text is not UTF-8: %w", x, ErrSyntax)
	}
	return text, nil
}

// maxTextDepth ends the search for a broken text in a value that holds itself, of which a marshaler of its own has made JSON.
const maxTextDepth = 1000

// brokenText reports whether a value, which JSON has been made of, holds a text that is not UTF-8.
func brokenText(v reflect.Value, depth int) bool {
	inside := func(parts iter.Seq2[reflect.Value, reflect.Value]) bool {
		for a, b := range parts {
			if brokenText(a, depth+1) || brokenText(b, depth+1) {
				return true
			}
		}
		return false
	}
	switch kind := v.Kind(); {
	case kind == reflect.String:
		return !utf8.ValidString(v.String())
	case depth > maxTextDepth:
		return false
	case kind == reflect.Interface || kind == reflect.Pointer:
		return brokenText(v.Elem(), depth+1)
	case kind == reflect.Slice || kind == reflect.Array || kind == reflect.Map:
		return inside(v.Seq2())
	case kind == reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && brokenText(v.Field(i), depth+1) {
				return true
			}
		}
	}
	return false
}

// FromJSON reads a value from JSON. No bytes, the JSON of a NULL column, are the zero value.
func FromJSON[T any](b []byte) (T, error) {
	var x T
	if len(b) == 0 {
		return x, nil
	}
	if err := json.Unmarshal(b, &x); err != nil {
		return x, fmt.Errorf("JSON as %T: %w", x, err)
	}
	return x, nil
}

// SameJSON says whether two JSON texts mean the same: white space, the order of an object's members and the spelling of
// numbers and strings do not count; no bytes equal null. Texts that are not JSON are compared byte by byte.
func SameJSON[A, B ~[]byte | ~string](a A, b B) bool {
	if string(a) == string(b) {
		return true
	}
	x, okX := decodeJSON([]byte(a))
	y, okY := decodeJSON([]byte(b))
	return okX && okY && sameJSON(x, y)
}

func decodeJSON(text []byte) (any, bool) {
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, true
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return nil, false
	}
	_, err := decoder.Token()
	return value, err == io.EOF
}

func sameJSON(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && maps.EqualFunc(a, b, sameJSON)
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, sameJSON)
	case json.Number:
		b, ok := b.(json.Number)
		return ok && canonicalNumber(string(a)) == canonicalNumber(string(b))
	default:
		return a == b
	}
}

// canonicalNumber writes a JSON number as sign, digits without zeros at either end, and exponent, so that equal numbers
// are equal strings whatever their size.
func canonicalNumber(number string) string {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(number), "e")
	shift, err := strconv.ParseInt(exponent, 10, 32)
	if exponent != "" && err != nil {
		return number // an exponent beyond reason equals only itself
	}
	mantissa, negative := strings.CutPrefix(mantissa, "-")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	shift -= int64(len(fraction))
	trimmed := strings.TrimRight(digits, "0")
	shift += int64(len(digits) - len(trimmed))
	switch {
	case trimmed == "":
		return "0"
	case negative:
		return "-" + trimmed + "e" + strconv.FormatInt(shift, 10)
	default:
		return trimmed + "e" + strconv.FormatInt(shift, 10)
	}
}
