package phase

import (
	"errors"
	"fmt"
	"time"
)

// Canary: in a guarded phase, the settings give a share of the keys to the other guarded phase already. Which keys those are depends on
// the key and the share alone, so that every instance of every build gives the same answer, and a larger share keeps the keys of a
// smaller one.
//
// Between the guarded phases alone can keys differ in their phase: reads look at the journal there, and a key whose stores differ is
// answered by the store that its entry names, whatever phase an instance takes it to be in.

// The limits of a canary's guard where no other is set.
const (
	defaultCanaryErrors = 0.01
	defaultCanaryP99    = time.Second
)

// MaxCanaryErrors is CanaryErrors, or 0.01 where none is set.
func (s Settings) MaxCanaryErrors() float64 {
	if s.CanaryErrors == 0 {
		return defaultCanaryErrors
	}
	return s.CanaryErrors
}

// MaxCanaryP99 is CanaryP99, or a second where none is set.
func (s Settings) MaxCanaryP99() time.Duration {
	if s.CanaryP99 == 0 {
		return defaultCanaryP99
	}
	return s.CanaryP99
}

// InCanary reports whether the entity of that kind and key is in the share.
func (s Settings) InCanary(kind, id string) bool {
	return s.Canary > 0 && place(kind, id) < s.Canary
}

// FNV-1a (Fowler, Noll, Vo), and the finalizer of MurmurHash3 (Appleby), which spreads keys that differ in their last character alone.
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
	mixFirst  = 0xff51afd7ed558ccd
	mixSecond = 0xc4ceb9fe1a85ec53
)

// place is where a key stands between 0 and 1. It must never change: instances of two builds would give a key to two phases.
func place(kind, id string) float64 {
	h := uint64(fnvOffset)
	for i := range len(kind) {
		h = (h ^ uint64(kind[i])) * fnvPrime
	}
	h *= fnvPrime // a byte 0 between the two
	for i := range len(id) {
		h = (h ^ uint64(id[i])) * fnvPrime
	}
	h = (h ^ h>>33) * mixFirst
	h = (h ^ h>>33) * mixSecond
	h ^= h >> 33
	return float64(h>>11) / (1 << 53)
}

// Crossing is the phase at the other end of the step between the guarded phases, or 0 in every other phase.
func (p Phase) Crossing() Phase {
	switch p {
	case OldGuarded:
		return NewGuarded
	case NewGuarded:
		return OldGuarded
	}
	return 0
}

// validateCanary says why the canary cannot go with a phase, or nil.
func (s Settings) validateCanary(p Phase) error {
	switch {
	case !(s.Canary >= 0 && s.Canary <= 1):
		return fmt.Errorf("canary is a share from 0 to 1, not %v", s.Canary)
	case !(s.CanaryErrors >= 0 && s.CanaryErrors <= 1):
		return fmt.Errorf("canary-errors is a share from 0 to 1, not %v", s.CanaryErrors)
	case s.CanaryP99 < 0:
		return fmt.Errorf("canary-p99 is positive, not %v", s.CanaryP99)
	case s.Canary == 0:
		return nil
	case !p.Guarded():
		return fmt.Errorf("a canary gives keys to the next phase, and between %v and its neighbours a key whose stores differ could be answered "+
			"by the one that lacks its last write: set the canary in OldGuarded or NewGuarded, and to 0 before a step elsewhere", p)
	case s.Fallback != FallbackOff:
		return errors.New("a canary asks the other store for keys that a fallback may not have copied there: set the canary to 0, or the fallback off")
	}
	return nil
}
