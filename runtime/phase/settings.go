package phase

import (
	"errors"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/limits"
)

// Mirror says how the mirror write of a call runs.
type Mirror uint8

// The mirror modes. The zero value is the safest.
const (
	Inline       Mirror = iota // after the primary, before the caller is answered
	Parallel                   // beside the primary; in OldPrimary and NewPrimary only
	Async                      // by a bounded pool of workers, after the caller was answered; in guarded phases inline
	AsyncGuarded               // like Async, in guarded phases too: a list may miss writes that were acknowledged
	Queued                     // by the reconciler, from the journal; in guarded phases too, as AsyncGuarded
)

var mirrors = [...]string{"inline", "parallel", "async", "async-guarded", "queued"}

// String returns the mode's name.
func (m Mirror) String() string {
	if int(m) < len(mirrors) {
		return mirrors[m]
	}
	return fmt.Sprintf("Mirror(%d)", uint8(m))
}

// MarshalText writes the mode's name.
func (m Mirror) MarshalText() ([]byte, error) {
	if int(m) >= len(mirrors) {
		return nil, fmt.Errorf("%v is not a mirror mode", m)
	}
	return []byte(m.String()), nil
}

// UnmarshalText reads a mode's name.
func (m *Mirror) UnmarshalText(text []byte) error {
	for i, name := range mirrors {
		if name == string(text) {
			*m = Mirror(i)
			return nil
		}
	}
	return fmt.Errorf("unknown mirror mode %q: want inline, parallel, async, async-guarded or queued", text)
}

// Freeze says which calls are refused.
type Freeze uint8

// What is frozen. The zero value freezes nothing.
const (
	FreezeNone   Freeze = iota // every call runs
	FreezeWrites               // writes are refused with ErrReadOnly
	FreezeAll                  // every call is refused with ErrStopped
)

var freezes = [...]string{"none", "writes", "all"}

// String returns the name.
func (f Freeze) String() string {
	if int(f) < len(freezes) {
		return freezes[f]
	}
	return fmt.Sprintf("Freeze(%d)", uint8(f))
}

// MarshalText writes the name.
func (f Freeze) MarshalText() ([]byte, error) {
	if int(f) >= len(freezes) {
		return nil, fmt.Errorf("%v is not a freeze", f)
	}
	return []byte(f.String()), nil
}

// UnmarshalText reads a name.
func (f *Freeze) UnmarshalText(text []byte) error {
	for i, name := range freezes {
		if name == string(text) {
			*f = Freeze(i)
			return nil
		}
	}
	return fmt.Errorf("unknown freeze %q: want none, writes or all", text)
}

// Settings are what can change at run time beside the phase. The zero value is the safest.
type Settings struct {
	// Mirror is how mirror writes run. Defaults to Inline.
	Mirror Mirror `json:"mirror"`
	// Compare is the share, 0 to 1, of reads that are sent to the other store too and compared. Defaults to 0.
	Compare float64 `json:"compare"`
	// CompareSelf compares the primary with itself (an A/A test), to measure the noise of the comparison before it is
	// trusted. Defaults to false.
	CompareSelf bool `json:"compareSelf,omitempty"`
	// Freeze refuses writes, or all calls. Defaults to FreezeNone.
	Freeze Freeze `json:"freeze"`
	// Fallback lets the fleet read the store it moves to before everything was copied there. Defaults to FallbackOff.
	Fallback Fallback `json:"fallback,omitempty"`
	// Canary is the share, 0 to 1, of the keys that are in the other guarded phase already. In OldGuarded and NewGuarded alone; the
	// step to the other one sets it to 0. Lists, transactions and calls on unknown keys stay with the phase. Defaults to 0.
	Canary float64 `json:"canary,omitempty"`
	// CanaryErrors is how much larger the share of failing calls may be among the canary's keys than among the others, before an
	// instance sets Canary to 0. Defaults to 0.01.
	CanaryErrors float64 `json:"canaryErrors,omitempty"`
	// CanaryP99 is the time in which 99 of 100 calls on the canary's keys must be answered by their store, where the others are.
	// Defaults to a second.
	CanaryP99 time.Duration `json:"canaryP99,omitempty"`
	// Cutoff divides the keys that have a time of their own: those before it belong to old, those at or after it to new
	// (timed rollover). In OldOnly alone. Defaults to the zero time: there is none.
	Cutoff time.Time `json:"cutoff,omitzero"`
	// Lead is how far ahead of the clock a key's own time may be: calls on later ones are refused. Changes of the cutoff
	// concern later ones only. Defaults to DefaultLead; at least MinLead.
	Lead time.Duration `json:"lead,omitempty"`
	// CertificateAge is how long a proof of parity lets the fleet take steps to the other store; what was written past the
	// wrapper since is not in it. Defaults to DefaultCertificateAge.
	CertificateAge time.Duration `json:"certificateAge,omitempty"`
	// Recount is the least share, 0 to 1, of the key space that the second scan of a verify pass must have been able to judge;
	// keys that are written meanwhile take from it. Defaults to DefaultRecount.
	Recount float64 `json:"recount,omitempty"`
	// BackfillRate is how many entities a second the backfills that run write at most, all together, in place of what each was started with;
	// negative for no limit. It takes effect while they run. Defaults to 0: what each was started with.
	BackfillRate float64 `json:"backfillRate,omitempty"`
	// Paused stops reconcilers, backfills and verify passes in every instance until it is taken back. Calls go on, and keys that
	// turn unclean stay so. Defaults to false.
	Paused bool `json:"paused,omitempty"`
}

// DefaultCertificateAge is how long a certificate counts where nothing else is set.
const DefaultCertificateAge = 24 * time.Hour

// DefaultRecount is the least share that is counted again where nothing else is set.
const DefaultRecount = 0.5

// MaxAge is the age of certificates, or DefaultCertificateAge where none is set.
func (s Settings) MaxAge() time.Duration {
	if s.CertificateAge == 0 {
		return DefaultCertificateAge
	}
	return s.CertificateAge
}

// LeastRecount is the share that is counted again, or DefaultRecount where none is set.
func (s Settings) LeastRecount() float64 {
	if s.Recount == 0 {
		return DefaultRecount
	}
	return s.Recount
}

// DefaultLead is the lead where none is set: days that begin earlier elsewhere are in reach.
const DefaultLead = 24 * time.Hour

// MinLead is the shortest lead. An instance that has not read the record for so long refuses calls on keys of the present.
const MinLead = time.Minute

// Ahead is the lead, or DefaultLead where none is set.
func (s Settings) Ahead() time.Duration {
	if s.Lead == 0 {
		return DefaultLead
	}
	return s.Lead
}

// Owner returns the store that a key of that time belongs to while there is a cutoff; old while there is none.
func (s Settings) Owner(at time.Time) Store {
	if s.Cutoff.IsZero() || at.Before(s.Cutoff) {
		return Old
	}
	return New
}

// Validate says why the settings cannot go with a phase, or nil.
func (s Settings) Validate(p Phase) error {
	switch {
	case !p.Valid():
		return fmt.Errorf("%v is not a phase", p)
	case limits.Share("compare", s.Compare) != nil:
		return limits.Share("compare", s.Compare)
	case int(s.Mirror) >= len(mirrors):
		return fmt.Errorf("%v is not a mirror mode", s.Mirror)
	case int(s.Freeze) >= len(freezes):
		return fmt.Errorf("%v is not a freeze", s.Freeze)
	case int(s.Fallback) >= len(fallbacks):
		return fmt.Errorf("%v is not a fallback", s.Fallback)
	case s.Fallback != FallbackOff && !p.Mirrored():
		return fmt.Errorf("a fallback asks the other store, which %v does not write: set the fallback in OldPrimary or NewPrimary", p)
	case s.Fallback != FallbackOff && s.Compare > 0:
		return errors.New("with a fallback, comparisons would report each entity that has not been copied yet: set compare to 0, or the fallback off")
	case s.Lead != 0 && s.Lead < MinLead:
		return fmt.Errorf("a lead is at least %v, not %v", MinLead, s.Lead)
	case s.CertificateAge < 0:
		return fmt.Errorf("a certificate's age is positive, not %v", s.CertificateAge)
	case limits.Share("recount", s.Recount) != nil:
		return limits.Share("recount", s.Recount)
	case limits.Rate("backfill-rate", s.BackfillRate) != nil:
		return limits.Rate("backfill-rate", s.BackfillRate)
	case !s.Cutoff.IsZero() && p != OldOnly:
		return fmt.Errorf("a cutoff divides the keys between the stores, which %v does not: remove the cutoff while it is ahead", p)
	case s.Mirror == Parallel && p.Guarded():
		return fmt.Errorf("a parallel mirror breaks the promise of %v (a reader could see the mirror first): set the mirror to inline or async before this step", p)
	}
	return s.validateCanary(p)
}
