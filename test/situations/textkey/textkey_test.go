package textkey

import (
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestConformance: stores that make a key only where there is none keep every law. No guest has the empty ID, so that none is put under it.
func TestConformance(t *testing.T) {
	RunGuestsConformance(t, func(*testing.T) (old, new Guests) { return &Book{House: "old"}, &Book{House: "new"} })
}

// TestGuestsKeepTheirKeys: a guest whose ID the old store makes has it in both stores, with the mirror up or down.
func TestGuestsKeepTheirKeys(t *testing.T) {
	for _, down := range []bool{false, true} {
		walk.Run(t, func(t *testing.T, w *walk.Walk) {
			old, new := &Book{House: "old"}, &Book{House: "new"}
			guests := NewDualGuests(old, new, w.Migration)
			w.To(phase.OldGuarded)
			if down {
				new.guests.Down()
			}
			ann := &Guest{Name: "Ann"}
			if err := guests.CreateGuest(t.Context(), ann); err != nil || ann.ID != "old-1" {
				t.Fatalf("the caller gets %q, %v", ann.ID, err)
			}
			new.guests.Up()
			w.Clean()
			w.To(phase.NewGuarded)
			if got, err := guests.FindGuest(t.Context(), "old-1"); err != nil || got.Name != "Ann" {
				t.Errorf("mirror down %v: guest old-1 is %v %v", down, got, err)
			}
		})
	}
}
