package phase

import "fmt"

// Fallback says what becomes of a read by key that finds nothing in the phase's primary while that store is still being filled: in the
// guarded phase whose primary is not the store that the fleet came from.
type Fallback uint8

// The fallbacks. With either, each write brings what it touches; reads and writes of many entities stay with the store that is complete.
const (
	FallbackOff    Fallback = iota // the phase's primary holds everything: it was backfilled and verified
	FallbackLookup                 // the other store is asked
	FallbackSave                   // the other store is asked, and what it has is copied
)

var fallbacks = [...]string{"off", "lookup", "save"}

// String returns the name.
func (f Fallback) String() string {
	if int(f) < len(fallbacks) {
		return fallbacks[f]
	}
	return fmt.Sprintf("Fallback(%d)", uint8(f))
}

// MarshalText writes the name.
func (f Fallback) MarshalText() ([]byte, error) {
	if int(f) >= len(fallbacks) {
		return nil, fmt.Errorf("%v is not a fallback", f)
	}
	return []byte(f.String()), nil
}

// UnmarshalText reads a name.
func (f *Fallback) UnmarshalText(text []byte) error {
	for i, name := range fallbacks {
		if name == string(text) {
			*f = Fallback(i)
			return nil
		}
	}
	return fmt.Errorf("unknown fallback %q: want off, lookup or save", text)
}
