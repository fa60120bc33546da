package updatenil

import (
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestCreatedIsCopied: a plant whose ID the old store makes gets to the new one, with the mirror up and down.
func TestCreatedIsCopied(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		old, new := &Garden{last: 50}, &Garden{}
		plants := NewDualPlants(old, new, w.Migration)
		w.To(phase.OldPrimary)
		var ids []int64
		for _, down := range []bool{false, true} {
			if down {
				new.plants.Down()
			}
			plant := &Plant{Name: "fern"}
			if err := plants.InsertPlant(t.Context(), plant); err != nil {
				t.Fatal(err)
			}
			ids = append(ids, plant.ID)
			new.plants.Up()
		}
		w.Clean()
		for _, id := range ids {
			if got, err := new.GetPlant(t.Context(), id); err != nil || got.Name != "fern" {
				t.Errorf("nothing is unclean, and in the new store plant %d is %v %v", id, got, err)
			}
		}
	})
}

// TestWhatIsSaidToBeCopiedIsThere: what backfill counts, and what a certificate is about, is in the new store.
func TestWhatIsSaidToBeCopiedIsThere(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		old, new := &Garden{}, &Garden{}
		for id := range int64(4) {
			if err := old.InsertPlant(t.Context(), &Plant{ID: id + 1}); err != nil {
				t.Fatal(err)
			}
		}
		plants := NewDualPlants(old, new, w.Migration)
		w.To(phase.OldPrimary)
		if report, err := w.Backfill("Plant"); err != nil || report.Copied != 4 || len(new.plants.All()) != 4 {
			t.Errorf("copied %d %v, and the new store has %d of 4", report.Copied, err, len(new.plants.All()))
		}
		w.To(phase.NewOnly)
		if _, err := plants.GetPlant(t.Context(), 4); err != nil {
			t.Error(err)
		}
	})
}

// TestMirrorThatWasDown: while the mirror refuses, a pass finds what is missing; when it is back, nothing is lost on the way.
func TestMirrorThatWasDown(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		old, new := &Garden{}, &Garden{}
		if err := old.InsertPlant(t.Context(), &Plant{ID: 1, Name: "moss"}); err != nil {
			t.Fatal(err)
		}
		plants := NewDualPlants(old, new, w.Migration)
		w.To(phase.OldPrimary)
		new.plants.Down()
		for range 2 {
			if report, err := w.Verify("Plant", true); err == nil && report.Certified && len(w.Unclean()) == 0 {
				t.Errorf("certified, nothing is unclean, and the new store has nothing: %+v", report)
			}
		}
		new.plants.Up()
		w.To(phase.NewGuarded)
		if got, err := plants.GetPlant(t.Context(), 1); err != nil || got.Name != "moss" {
			t.Errorf("%v %v", got, err)
		}
	})
}
