package sameerrors

import (
	"errors"
	"strings"
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
	"pgregory.net/rapid"
)

// TestOtherErrorIsFound: the conformance test names the error that one store returns and the other does not.
func TestOtherErrorIsFound(t *testing.T) {
	said := walk.Faulty(t, func(t rapid.TB) {
		documentsSuite().Conform(t, func() (Documents, Documents) {
			return &Shelf{Stale: ErrStale}, &Shelf{Stale: errors.New("version conflict")}
		})
	})
	if !strings.Contains(said, "ErrStale") && !strings.Contains(said, ErrStale.Error()) {
		t.Errorf("it does not name the error:\n%s", said)
	}
}

func TestConformance(t *testing.T) {
	walk.Sequences(t, 20)
	RunDocumentsConformance(t, func(*testing.T) (Documents, Documents) { return &Shelf{Stale: ErrStale}, &Shelf{Stale: ErrStale} })
}

// TestCallersSeeIt: through the wrapper the error is the same on both sides of the switch.
func TestCallersSeeIt(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		documents := NewDualDocuments(&Shelf{Stale: ErrStale}, &Shelf{Stale: ErrStale}, w.Migration)
		if err := documents.Put(t.Context(), Document{"a", 5, "x"}); err != nil {
			t.Fatal(err)
		}
		for _, p := range []phase.Phase{phase.OldOnly, phase.OldGuarded, phase.NewPrimary} {
			w.To(p)
			if err := documents.Replace(t.Context(), Document{"a", 4, "y"}); !errors.Is(err, ErrStale) {
				t.Errorf("%v: %v", p, err)
			}
		}
	})
}
