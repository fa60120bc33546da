package convert

import (
	"encoding/hex"
	"fmt"
)

// ParseUUID reads the text form of a UUID: 36 characters with hyphens, digits in either case.
func ParseUUID[T ~[16]byte](s string) (T, error) {
	var id T
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return id, notUUID(s)
	}
	digits := s[:8] + s[9:13] + s[14:18] + s[19:23] + s[24:]
	var raw [16]byte
	if _, err := hex.Decode(raw[:], []byte(digits)); err != nil {
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
