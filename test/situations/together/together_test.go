package together

import (
	"errors"
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestBothKindsFollow: after Expire both kinds are unclean until a verify pass, and neither serves what was removed.
func TestBothKindsFollow(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		gate := NewDualGate(&Door{}, &Door{}, w.Migration)
		soon := time.Now().Add(time.Hour)
		if err := errors.Join(gate.SaveInvite(t.Context(), Invite{"i", soon}), gate.SavePass(t.Context(), Pass{1, soon})); err != nil {
			t.Fatal(err)
		}
		w.To(phase.OldGuarded)
		if err := gate.Expire(t.Context(), soon.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		kinds := map[string]bool{}
		for _, entry := range w.Unclean() {
			kinds[entry.Key.Kind] = entry.Key.Whole
		}
		if !kinds["Invite"] || !kinds["Pass"] {
			t.Errorf("unclean as a whole are %v", kinds)
		}
		w.To(phase.NewPrimary)
		_, invite := gate.GetInvite(t.Context(), "i")
		_, pass := gate.GetPass(t.Context(), 1)
		if !errors.Is(invite, ErrNotFound) || !errors.Is(pass, ErrNotFound) {
			t.Errorf("what has expired is served: %v, %v", invite, pass)
		}
	})
}
