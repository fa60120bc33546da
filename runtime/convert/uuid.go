package convert

import (
	"bytes"
	"encoding/hex"
	"fmt"
)

// pairs is where each byte's two digits stand in a UUID's text.
var pairs = [16]int{0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34}

// noDigit is no digit's value, whatever is put to it.
const noDigit = 0xff

// digits are the values of hexadecimal digits, and noDigit for any other character.
var digits = func() (values [256]byte) {
	for i := range values {
		values[i] = noDigit
	}
	for value, digit := range "0123456789abcdef" {
		values[digit] = byte(value)
		values[bytes.ToUpper([]byte{byte(digit)})[0]] = byte(value)
	}
	return values
}()

// ParseUUID reads the text form of a UUID: 36 characters with hyphens, digits in either case.
func ParseUUID[T ~[16]byte](s string) (T, error) {
	var id T
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return id, notUUID(s)
	}
	var raw [16]byte
	bad := byte(0)
	for i, at := range pairs {
		high, low := digits[s[at]], digits[s[at+1]]
		bad |= high | low
		raw[i] = high<<4 | low
	}
	if bad > 0xf {
		return id, notUUID(s)
	}
	return T(raw), nil
}

// FormatUUID writes a UUID as text: 36 characters, lower case.
func FormatUUID[T ~[16]byte](id T) string {
	raw := [16]byte(id)
	var text [36]byte
	hex.Encode(text[:8], raw[:4])
	hex.Encode(text[9:13], raw[4:6])
	hex.Encode(text[14:18], raw[6:8])
	hex.Encode(text[19:23], raw[8:10])
	hex.Encode(text[24:], raw[10:])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}

// UUIDFromBytes makes a UUID of its 16 bytes. Another length is an error.
func UUIDFromBytes[T ~[16]byte, B ~[]byte](b B) (T, error) {
	if len(b) != 16 {
		var zero T
		return zero, fmt.Errorf("a UUID of %d bytes: %w", len(b), ErrSyntax)
	}
	return T([16]byte(b)), nil
}

// UUIDBytes returns the 16 bytes of a UUID.
func UUIDBytes[T ~[16]byte](id T) []byte {
	raw := [16]byte(id)
	return raw[:]
}

func notUUID(s string) error { return fmt.Errorf("%.60q as UUID: %w", s, ErrSyntax) }

// TimeUUID passes a UUID on that has a time in it, version 1, as a timeuuid column needs. Another version is an error.
func TimeUUID[T ~[16]byte](id T) (T, error) {
	if version := [16]byte(id)[6] >> 4; version != 1 {
		var zero T
		return zero, fmt.Errorf("a UUID of version %d in the place of one with a time: %w", version, ErrRange)
	}
	return id, nil
}
