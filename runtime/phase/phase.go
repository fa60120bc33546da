// Package phase holds the vocabulary of a migration: the two stores, the six phases between them, and the settings
// that go with a phase. It decides nothing and depends on nothing.
package phase

import "fmt"

// Store is the position of a store, fixed for the whole migration. Which of the two decides a call's result (its
// primary) is a matter of the phase, not of the position.
type Store uint8

// The two stores.
const (
	Old Store = iota // the store that the service had before
	New              // the store it moves to
)

// Other returns the store at the other position.
func (s Store) Other() Store { return s ^ 1 }

// String returns "old" or "new".
func (s Store) String() string {
	if s == Old {
		return "old"
	}
	return "new"
}

// MarshalText writes "old" or "new".
func (s Store) MarshalText() ([]byte, error) {
	if s > New {
		return nil, fmt.Errorf("Store(%d) is not a store", uint8(s))
	}
	return []byte(s.String()), nil
}

// UnmarshalText reads "old" or "new".
func (s *Store) UnmarshalText(text []byte) error {
	switch string(text) {
	case "old":
		*s = Old
	case "new":
		*s = New
	default:
		return fmt.Errorf("unknown store %q: want old or new", text)
	}
	return nil
}

// Phase says which store answers reads and which stores are written.
type Phase uint8

// The six phases, in the order in which a migration walks them. The zero Phase is no phase: an instance that has seen
// none refuses calls.
const (
	OldOnly    Phase = iota + 1 // old alone is read and written
	OldPrimary                  // old decides; writes are mirrored to new
	OldGuarded                  // as OldPrimary; reads of an unclean key follow the key's entry
	NewGuarded                  // as NewPrimary; reads of an unclean key follow the key's entry
	NewPrimary                  // new decides; writes are mirrored to old
	NewOnly                     // new alone is read and written
)

var names = [...]string{"none", "OldOnly", "OldPrimary", "OldGuarded", "NewGuarded", "NewPrimary", "NewOnly"}

// Valid reports whether p is one of the six phases.
func (p Phase) Valid() bool { return p >= OldOnly && p <= NewOnly }

// Primary is the store that decides results in p for a clean key.
func (p Phase) Primary() Store {
	if p >= NewGuarded {
		return New
	}
	return Old
}

// Mirrored reports whether writes go to both stores in p.
func (p Phase) Mirrored() bool { return p > OldOnly && p < NewOnly }

// Guarded reports whether reads look their key up in the journal first.
func (p Phase) Guarded() bool { return p == OldGuarded || p == NewGuarded }

// Adjacent reports whether q is one step from p, forward or back.
func (p Phase) Adjacent(q Phase) bool { return p.Valid() && q.Valid() && (p+1 == q || q+1 == p) }

// String returns the name of the phase as the documentation spells it.
func (p Phase) String() string {
	if int(p) < len(names) {
		return names[p]
	}
	return fmt.Sprintf("Phase(%d)", uint8(p))
}

// Parse returns the phase of that name.
func Parse(name string) (Phase, error) {
	for p := OldOnly; p <= NewOnly; p++ {
		if names[p] == name {
			return p, nil
		}
	}
	return 0, fmt.Errorf("unknown phase %q: want one of OldOnly, OldPrimary, OldGuarded, NewGuarded, NewPrimary, NewOnly", name)
}

// MarshalText writes the phase's name, so that a flag record can be read by people.
func (p Phase) MarshalText() ([]byte, error) {
	if !p.Valid() {
		return nil, fmt.Errorf("%v is not a phase", p)
	}
	return []byte(p.String()), nil
}

// UnmarshalText reads a phase's name.
func (p *Phase) UnmarshalText(text []byte) (err error) {
	*p, err = Parse(string(text))
	return err
}
