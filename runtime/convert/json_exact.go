package convert

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
)

// FromJSONExact is FromJSON for text that is copied or compared by way of a T: where the context demands it, see dual.Exact, a
// member that T does not have and a number that it cannot hold are an error, ErrLost. Members that are empty may be left out.
func FromJSONExact[T any](ctx context.Context, b []byte) (T, error) {
	x, err := FromJSON[T](b)
	if err != nil || len(b) == 0 || !dual.IsExact(ctx) {
		return x, err
	}
	again, err := json.Marshal(x)
	if err != nil {
		return x, err
	}
	before, _ := decodeJSON(b)
	after, _ := decodeJSON(again)
	if path := lostJSON(before, after); path != "" {
		return x, dual.Inexact(ctx, fmt.Errorf("JSON as %T loses %s: %w", x, strings.TrimLeft(path, ".: "), ErrLost))
	}
	return x, nil
}

// lostJSON is the path to what a decoded text has and another does not; "" for nothing.
func lostJSON(before, after any) string {
	if before == nil || emptyJSON(before) && emptyJSON(after) {
		return ""
	}
	switch b := before.(type) {
	case map[string]any:
		a, ok := after.(map[string]any)
		if !ok {
			return "an object"
		}
		return lostMember(b, a)
	case []any:
		a, ok := after.([]any)
		if !ok || len(a) != len(b) {
			return "a list"
		}
		for i := range b {
			if path := lostJSON(b[i], a[i]); path != "" {
				return indexPath(i) + path
			}
		}
		return ""
	}
	if sameJSON(before, after) || sameText(before, after) {
		return ""
	}
	return ": its value"
}

// lostMember is lostJSON of objects. The path is that of one of the members that are lost.
func lostMember(before, after map[string]any) string {
	for name, value := range before {
		kept, ok := after[name]
		if !ok && !emptyJSON(value) {
			return "." + name
		}
		if ok {
			if path := lostJSON(value, kept); path != "" {
				return "." + name + path
			}
		}
	}
	return ""
}

// emptyJSON reports whether a decoded value is one that marshalers leave out, or write in another form of nothing.
func emptyJSON(value any) bool {
	switch value := value.(type) {
	case nil:
		return true
	case bool:
		return !value
	case string:
		return value == ""
	case json.Number:
		return canonicalNumber(string(value)) == "0"
	case []any:
		return len(value) == 0
	case map[string]any:
		return len(value) == 0
	}
	return false
}

// sameText reports whether two scalars are one value in two spellings that marshalers choose: a time, a number as a text, an
// identifier in upper case.
func sameText(before, after any) bool {
	a, b := fmt.Sprint(before), fmt.Sprint(after)
	if strings.EqualFold(a, b) {
		return true
	}
	if x, err := time.Parse(time.RFC3339Nano, a); err == nil {
		y, err := time.Parse(time.RFC3339Nano, b)
		return err == nil && x.Equal(y)
	}
	return isJSONNumber(a) && isJSONNumber(b) && canonicalNumber(a) == canonicalNumber(b)
}

func isJSONNumber(text string) bool {
	var n json.Number
	return json.Unmarshal([]byte(text), &n) == nil
}
