package convert

import (
	"encoding"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// JoinKey encodes the parts of a key as one readable text: "tenant/id". Different parts give different texts, as long as
// their number is the same. A single part is the text itself; in several, '/' and '%' are written %2F and %25.
func JoinKey(parts ...string) string {
	if len(parts) == 1 {
		return parts[0]
	}
	escaped := make([]string, len(parts))
	for i, part := range parts {
		escaped[i] = escape.Replace(part)
	}
	return strings.Join(escaped, "/")
}

// SplitKey reads back the n parts that JoinKey encoded. A text that JoinKey does not write is an error.
func SplitKey(id string, n int) ([]string, error) {
	if n == 1 {
		return []string{id}, nil
	}
	if n == 0 {
		if id != "" {
			return nil, fmt.Errorf("key %q has no parts: %w", id, ErrSyntax)
		}
		return nil, nil
	}
	parts := strings.Split(id, "/")
	if len(parts) != n {
		return nil, fmt.Errorf("key %q has %d parts, not %d: %w", id, len(parts), n, ErrSyntax)
	}
	for i, part := range parts {
		plain := unescape.Replace(part)
		if escape.Replace(plain) != part {
			return nil, fmt.Errorf("key %q: part %d is not escaped as JoinKey does: %w", id, i+1, ErrSyntax)
		}
		parts[i] = plain
	}
	return parts, nil
}

var (
	escape   = strings.NewReplacer("%", "%25", "/", "%2F")
	unescape = strings.NewReplacer("%2F", "/", "%25", "%")
)

// FormatInt writes an integer of a key.
func FormatInt[T Integer](n T) string {
	if n < 0 {
		return strconv.FormatInt(int64(n), 10)
	}
	return strconv.FormatUint(uint64(n), 10)
}

// ParseInt reads an integer that FormatInt wrote.
func ParseInt[T Integer](s string) (T, error) {
	if strings.HasPrefix(s, "-") {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return 0, notInt(s)
		}
		return canonical[T](s, n)
	}
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		return 0, notInt(s)
	}
	return canonical[T](s, n)
}

func canonical[T Integer, N int64 | uint64](s string, n N) (T, error) {
	x, err := Int[T](n)
	if err == nil && FormatInt(x) != s {
		return 0, notInt(s)
	}
	return x, err
}

func notInt(s string) error { return fmt.Errorf("%.60q as integer: %w", s, ErrSyntax) }

// ParseBool reads a boolean of a key: "true" or "false".
func ParseBool(s string) (bool, error) {
	switch s {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, fmt.Errorf("%.60q as bool: %w", s, ErrSyntax)
}

// KeyBytes writes the bytes of a key as URL-safe base64.
func KeyBytes[T ~[]byte](b T) string { return base64.RawURLEncoding.EncodeToString(b) }

// ParseKeyBytes reads what KeyBytes wrote.
func ParseKeyBytes(s string) ([]byte, error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || strings.ContainsAny(s, "\r\n") { // which the decoder leaves out
		return nil, fmt.Errorf("%.60q as base64: %w", s, ErrSyntax)
	}
	return b, nil
}

// KeyTime writes the time of a key: seconds since 1970, a point, nine digits of nanoseconds.
func KeyTime(t time.Time) string {
	return strconv.FormatInt(t.Unix(), 10) + "." + fmt.Sprintf("%09d", t.Nanosecond())
}

// ParseKeyTime reads what KeyTime wrote, as UTC.
func ParseKeyTime(s string) (time.Time, error) {
	seconds, nanos, ok := strings.Cut(s, ".")
	if !ok || len(nanos) != 9 {
		return time.Time{}, fmt.Errorf("%.60q as a key's time: %w", s, ErrSyntax)
	}
	sec, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("%.60q as a key's time: %w", s, ErrSyntax)
	}
	nsec, err := strconv.ParseUint(nanos, 10, 32)
	if err != nil {
		return time.Time{}, fmt.Errorf("%.60q as a key's time: %w", s, ErrSyntax)
	}
	t := time.Unix(sec, int64(nsec)).UTC()
	if KeyTime(t) != s {
		return time.Time{}, fmt.Errorf("%.60q as a key's time: %w", s, ErrSyntax)
	}
	return t, nil
}

// KeyText writes the part of a key as its text marshaler does. A key must not fail: values that the marshaler refuses
// share one key, which no store will ever hold, and which reads back as an error.
func KeyText[T encoding.TextMarshaler](x T) string {
	text, err := x.MarshalText()
	if err != nil {
		return "!unmarshalable"
	}
	return string(text)
}

// ParseKeyText reads what KeyText wrote. A text that the key read from it is not written as is refused: it names no key, and
// what was done to the key that it reads as would count as done to another.
func ParseKeyText[T encoding.TextMarshaler, P interface {
	*T
	encoding.TextUnmarshaler
}](s string) (T, error) {
	x, err := FromText[T, P](s)
	if err != nil {
		return x, err
	}
	if written := KeyText(x); written != s {
		return x, fmt.Errorf("%.60q as %T, which is written as %.60q: %w", s, x, written, ErrSyntax)
	}
	return x, nil
}
