package proxy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// encode writes a value as JSON, and refuses text that JSON cannot hold.
func encode(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotCarried, err)
	}
	if replaced(b.Bytes()) {
		return nil, fmt.Errorf("%w: a string is not valid UTF-8", ErrNotCarried)
	}
	return b.Bytes(), nil
}

// replaced reports whether the encoder put the replacement character in the place of bytes that are no UTF-8. It writes those as an
// escape; a replacement character that stood in the string is written as it is.
func replaced(text []byte) bool {
	escape := []byte(`\ufffd`)
	for rest := text; ; {
		i := bytes.Index(rest, escape)
		if i < 0 {
			return false
		}
		before := 0
		for j := len(text) - len(rest) + i - 1; j >= 0 && text[j] == '\\'; j-- {
			before++
		}
		if before%2 == 0 { // else the backslash is itself escaped
			return true
		}
		rest = rest[i+len(escape):]
	}
}

// decode reads one value.
func decode(text []byte, to any, strict bool) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if strict {
		d.DisallowUnknownFields()
	}
	if err := d.Decode(to); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("there is more than one value")
	}
	return nil
}
