package convert_test

import (
	"bytes"
	"encoding/json"
	"math"
	"math/big"
	"net"
	"reflect"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// same says whether a value is the one that was written, bit by bit but for what has no meaning: nil and empty lists, the spelling of
// JSON, the zone in which an instant is shown, zeros at the end of a decimal. It owes nothing to the generated comparators.
func same(a, b reflect.Value) bool {
	if a.IsValid() != b.IsValid() || !a.IsValid() {
		return a.IsValid() == b.IsValid()
	}
	if a.Type() != b.Type() {
		return false
	}
	switch x := a.Interface().(type) {
	case time.Time:
		return x.Equal(b.Interface().(time.Time))
	case decimal.Decimal:
		return x.Equal(b.Interface().(decimal.Decimal))
	case *big.Int:
		y := b.Interface().(*big.Int)
		return x == y || x != nil && y != nil && x.Cmp(y) == 0
	case net.IP:
		return x.Equal(b.Interface().(net.IP))
	case json.RawMessage:
		return sameText(x, b.Interface().(json.RawMessage))
	}
	switch a.Kind() {
	case reflect.Float32, reflect.Float64:
		x, y := a.Float(), b.Float()
		return math.Float64bits(x) == math.Float64bits(y) || x != x && y != y
	case reflect.Pointer, reflect.Interface:
		return a.IsNil() == b.IsNil() && (a.IsNil() || same(a.Elem(), b.Elem()))
	case reflect.Slice, reflect.Array:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !same(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Map:
		if a.Len() != b.Len() {
			return false
		}
		for _, key := range a.MapKeys() {
			if other := b.MapIndex(key); !other.IsValid() || !same(a.MapIndex(key), other) {
				return false
			}
		}
		return true
	case reflect.Struct:
		for i := range a.NumField() {
			if a.Type().Field(i).IsExported() && !same(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return a.NumField() > 0 && a.Type().Field(0).IsExported() || a.Interface() == b.Interface()
	}
	return a.Interface() == b.Interface()
}

// sameText compares JSON with every digit of its numbers.
func sameText(a, b json.RawMessage) bool {
	if bytes.Equal(a, b) || len(a) == 0 && len(b) == 0 {
		return true
	}
	var x, y any
	return decode(a, &x) && decode(b, &y) && reflect.DeepEqual(x, y)
}

func decode(text json.RawMessage, into *any) bool {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if decoder.Decode(into) != nil {
		return false
	}
	*into = digits(*into)
	return true
}

// digits brings the numbers of decoded JSON to one spelling.
func digits(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key, member := range value {
			value[key] = digits(member)
		}
	case []any:
		for i, elem := range value {
			value[i] = digits(elem)
		}
	case json.Number:
		if d, err := decimal.NewFromString(strings.ToLower(value.String())); err == nil && d.Exponent() > -1000 && d.Exponent() < 1000 {
			return d.String()
		}
	}
	return value
}
