package howmany

import (
	"context"
	"errors"
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestReadsMarkNothing: what reads many leaves nothing unclean while the mirror is down, and is let through while writes are frozen.
func TestReadsMarkNothing(t *testing.T) {
	reads := map[string]func(context.Context, Parcels) ([]Parcel, error){
		"MultiFindByCode": func(ctx context.Context, p Parcels) ([]Parcel, error) {
			return p.MultiFindByCode(ctx, []string{"a", "b"})
		},
		"BulkLoad": func(ctx context.Context, p Parcels) ([]Parcel, error) { return p.BulkLoad(ctx, "a", "b") },
	}
	for name, read := range reads {
		t.Run(name, func(t *testing.T) {
			walk.Run(t, func(t *testing.T, w *walk.Walk) {
				old, new := &Depot{}, &Depot{}
				parcels := NewDualParcels(old, new, w.Migration)
				w.To(phase.OldPrimary)
				if err := errors.Join(parcels.SaveParcel(t.Context(), Parcel{"a", 1}), parcels.SaveParcel(t.Context(), Parcel{"b", 2})); err != nil {
					t.Fatal(err)
				}
				new.parcels.Down()
				if got, err := read(t.Context(), parcels); err != nil || len(got) != 2 {
					t.Fatalf("with the mirror down: %v %v", got, err)
				}
				if left := w.Unclean(); len(left) > 0 {
					t.Errorf("it wrote nothing, and leaves unclean: %+v", left)
				}
				new.parcels.Up()
				w.Set(phase.Settings{Freeze: phase.FreezeWrites})
				if _, err := read(t.Context(), parcels); err != nil {
					t.Errorf("writes are frozen, and it reads: %v", err)
				}
				if err := parcels.BatchRemove(t.Context(), []string{"a"}); err == nil {
					t.Error("writes are frozen, and BatchRemove writes")
				}
			})
		})
	}
}

// TestRemovalReachesTheMirror: what removes many is mirrored, and repaired where the mirror was down.
func TestRemovalReachesTheMirror(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		old, new := &Depot{}, &Depot{}
		parcels := NewDualParcels(old, new, w.Migration)
		w.To(phase.OldPrimary)
		if err := errors.Join(parcels.SaveParcel(t.Context(), Parcel{"a", 1}), parcels.SaveParcel(t.Context(), Parcel{"b", 2})); err != nil {
			t.Fatal(err)
		}
		w.To(phase.OldGuarded)
		new.parcels.Down()
		if err := parcels.BatchRemove(t.Context(), []string{"a", "b"}); err != nil {
			t.Fatal(err)
		}
		new.parcels.Up()
		w.Clean()
		w.To(phase.NewPrimary)
		if got, err := parcels.BulkLoad(t.Context(), "a", "b"); err != nil || len(got) > 0 {
			t.Errorf("what was removed is served: %v %v", got, err)
		}
	})
}
