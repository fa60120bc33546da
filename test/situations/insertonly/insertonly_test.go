package insertonly

import (
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
	"pgregory.net/rapid"
)

// TestUpdatesAreCopied: with the right put an update reaches the mirror, and is there after the switch.
func TestUpdatesAreCopied(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		badges := NewDualBadges(&Office{}, &Office{}, w.Migration)
		if err := badges.StoreBadge(t.Context(), Badge{"s", "ann", 1}); err != nil {
			t.Fatal(err)
		}
		w.To(phase.OldGuarded)
		if err := badges.UpdateBadge(t.Context(), Badge{"s", "ann", 9}); err != nil {
			t.Fatal(err)
		}
		w.Clean()
		w.To(phase.NewGuarded)
		if got, err := badges.FetchBadge(t.Context(), "s"); err != nil || got.Level != 9 {
			t.Errorf("served %+v %v", got, err)
		}
	})
}

// TestWrongPutStaysUnclean: with the put that nobody corrected, a copy that did not arrive is no copy, and the gates stay shut.
func TestWrongPutStaysUnclean(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		badges := NewDualBelieved(&Office{}, &Office{}, w.Migration)
		if err := badges.StoreBadge(t.Context(), Badge{"s", "ann", 1}); err != nil {
			t.Fatal(err)
		}
		w.To(phase.OldGuarded)
		if err := badges.UpdateBadge(t.Context(), Badge{"s", "ann", 9}); err != nil {
			t.Fatal(err)
		}
		if left := w.Left(); len(left) != 1 {
			t.Errorf("the mirror does not have the update, and unclean is %+v", left)
		}
		w.To(phase.NewGuarded) // an unclean key follows its own primary
		if got, err := badges.FetchBadge(t.Context(), "s"); err != nil || got.Level != 9 {
			t.Errorf("served %+v %v", got, err)
		}
		w.Stopped(phase.NewPrimary)
	})
}

// TestWrongPutIsFound: the conformance test puts over what is there, and looks.
func TestWrongPutIsFound(t *testing.T) {
	walk.Faulty(t, func(t rapid.TB) {
		believedSuite().Conform(t, func() (Believed, Believed) { return &Office{}, &Office{} })
	})
}

func TestConformance(t *testing.T) {
	walk.Sequences(t, 20)
	RunBadgesConformance(t, func(*testing.T) (Badges, Badges) { return &Office{}, &Office{} })
}
