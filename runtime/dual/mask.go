package dual

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Difference is one field in which two values differ. The values are shown only where the user asked; else they are
// salted hashes, equal within one process where the values are.
type Difference struct {
	Path     string // of the field, such as "Maintainer.Email"; empty for the value as a whole
	Old, New any
}

// Mismatch is a confirmed difference between the stores.
type Mismatch struct {
	Method      string // that read the values; empty from verify
	Key         Key
	Differences []Difference
}

// masker hides values.
type masker struct {
	show bool
	salt [16]byte
}

func newMasker(show bool) masker {
	m := masker{show: show}
	_, _ = rand.Read(m.salt[:]) // never fails
	return m
}

// positions maps differences between the primary and the mirror to positions, and hides the values.
func (m *masker) positions(primary Store, differences []Difference) []Difference {
	out := make([]Difference, len(differences))
	for i, d := range differences {
		if primary == New {
			d.Old, d.New = d.New, d.Old
		}
		out[i] = Difference{Path: d.Path, Old: m.hide(d.Old), New: m.hide(d.New)}
	}
	return out
}

func (m *masker) hide(value any) any {
	if m.show || value == nil {
		return value
	}
	sum := sha256.Sum256(fmt.Appendf(m.salt[:len(m.salt):len(m.salt)], "%#v", value))
	return "#" + hex.EncodeToString(sum[:6])
}
