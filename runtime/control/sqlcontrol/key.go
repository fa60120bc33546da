package sqlcontrol

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/dualgen/dualgen/runtime/journal"
)

const (
	// maxID is the longest key in bytes that stands in the tables as it is: what an index takes in each of the databases. Of a
	// longer one its digest stands there, and the key itself in a table of its own.
	maxID = 2048
	// maxLong is the longest key of all, which no store that is known would take for a key.
	maxLong = 1 << 20
	// digestMark begins a digest. No key that is stored as it is begins so: escape doubles a backslash.
	digestMark = `\#`
)

// row is where a key stands in the table.
type row struct {
	Kind  string `db:"kind" json:"kind"`
	Whole int    `db:"whole" json:"whole"`
	ID    string `db:"id" json:"id"`
}

// rowOf encodes a key. Text stays as it is, so that people can read the table; what a text column cannot hold (a NUL,
// bytes that are not UTF-8) is written as \xHH, and a backslash is doubled.
func rowOf(key journal.Key) (row, error) {
	if key.Whole {
		return row{Kind: escape(key.Kind), Whole: 1}, nil
	}
	r := row{Kind: escape(key.Kind), ID: escape(key.ID)}
	if len(r.Kind) > 128 || len(r.ID) > maxLong {
		return row{}, fmt.Errorf("sqlcontrol: key %.60s... is too long: a kind may have 128 bytes, a key %d: %w", key, maxLong, journal.ErrKeyTooLong)
	}
	if len(r.ID) > maxID {
		r.ID = digest(r.ID)
	}
	return r, nil
}

// digest stands for a long key.
func digest(id string) string {
	sum := sha256.Sum256([]byte(id))
	return digestMark + hex.EncodeToString(sum[:])
}

func (r row) isDigest() bool { return strings.HasPrefix(r.ID, digestMark) }

func (j *Journal) rowsOf(ctx context.Context, keys []journal.Key) ([]row, error) {
	rows := make([]row, len(keys))
	for i, key := range keys {
		r, err := j.rowOf(ctx, key)
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
