package sqlcontrol

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/dualgen/dualgen/runtime/journal"
)

// maxID is the longest key in bytes, as it is stored: what an index takes in each of the databases.
const maxID = 2048

// row is where a key stands in the table.
type row struct {
	Kind  string `db:"kind"`
	Whole int    `db:"whole"`
	ID    string `db:"id"`
}

// rowOf encodes a key. Text stays as it is, so that people can read the table; what a text column cannot hold (a NUL,
// bytes that are not UTF-8) is written as \xHH, and a backslash is doubled.
func rowOf(key journal.Key) (row, error) {
	if key.Whole {
		return row{Kind: escape(key.Kind), Whole: 1}, nil
	}
	r := row{Kind: escape(key.Kind), ID: escape(key.ID)}
	if len(r.ID) > maxID || len(r.Kind) > 128 {
		return row{}, fmt.Errorf("sqlcontrol: key %.60s... is too long: a kind may have 128 bytes, a key %d", key, maxID)
	}
	return r, nil
}

func rowsOf(keys []journal.Key) ([]row, error) {
	rows := make([]row, len(keys))
	for i, key := range keys {
		r, err := rowOf(key)
		if err != nil {
			return nil, err
		}
		rows[i] = r
	}
	return rows, nil
}

// key decodes what rowOf encoded.
func (r row) key() (journal.Key, error) {
	kind, err := unescape(r.Kind)
	if err != nil {
		return journal.Key{}, err
	}
	id, err := unescape(r.ID)
	return journal.Key{Kind: kind, ID: id, Whole: r.Whole == 1}, err
}

func escape(s string) string {
	if utf8.ValidString(s) && !strings.ContainsAny(s, "\\\x00") {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == '\\':
			b.WriteString(`\\`)
		case r == 0 || r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		default:
			b.WriteString(s[:size])
		}
		s = s[size:]
	}
	return b.String()
}

func unescape(s string) (string, error) {
	if !strings.Contains(s, `\`) {
		return s, nil
	}
	var b strings.Builder
	for len(s) > 0 {
		at := strings.IndexByte(s, '\\')
		if at < 0 {
			b.WriteString(s)
			break
		}
		b.WriteString(s[:at])
		s = s[at:]
		var octet byte
		switch {
		case strings.HasPrefix(s, `\\`):
			b.WriteByte('\\')
			s = s[2:]
		case len(s) >= 4 && s[1] == 'x':
			if _, err := fmt.Sscanf(s[2:4], "%02x", &octet); err != nil {
				return "", fmt.Errorf("sqlcontrol: stored key %q is damaged: %w", s, err)
			}
			b.WriteByte(octet)
			s = s[4:]
		default:
			return "", fmt.Errorf("sqlcontrol: stored key %q is damaged", s)
		}
	}
	return b.String(), nil
}
