package absent

import (
	"errors"
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/absent/cloud"
	"github.com/dualgen/dualgen/test/situations/absent/paper"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestCallersSeeUnknown: each store says it in its own way, and callers get ErrUnknown in every phase.
func TestCallersSeeUnknown(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		words := NewDualWords(&paper.Words{}, &cloud.Words{}, w.Migration)
		for p := phase.OldOnly; p <= phase.NewOnly; p++ {
			w.To(p)
			if _, err := words.Lookup(t.Context(), "frobnicate"); !errors.Is(err, ErrUnknown) {
				t.Errorf("%v: %v is not ErrUnknown", p, err)
			}
		}
	})
}

// TestRemovalIsRepaired: the reconciler knows what says "absent" in each store, and removes what is gone from the mirror.
func TestRemovalIsRepaired(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		old, new := &paper.Words{}, &cloud.Words{}
		words := NewDualWords(old, new, w.Migration)
		if err := words.Save(t.Context(), Word{"bug", "an insect"}); err != nil {
			t.Fatal(err)
		}
		w.To(phase.NewPrimary)
		if err := words.Delete(t.Context(), "bug"); err != nil {
			t.Fatal(err)
		}
		w.Clean()
		if _, err := old.Lookup(t.Context(), "bug"); !errors.Is(err, paper.ErrBlank) {
			t.Errorf("the mirror still has it: %v", err)
		}
	})
}
