package numbered

import (
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestConformance: stores that number what has no number keep every law. No receipt has the number 0, so that none is put under it.
func TestConformance(t *testing.T) {
	RunReceiptsConformance(t, func(*testing.T) (old, new Receipts) { return &Till{Next: 1001}, &Till{Next: 1002} })
}

// TestNumberedReceiptsAreCopied: a receipt that the old store numbers is in both stores, with the mirror up or down.
func TestNumberedReceiptsAreCopied(t *testing.T) {
	for _, down := range []bool{false, true} {
		walk.Run(t, func(t *testing.T, w *walk.Walk) {
			old, new := &Till{Next: 1001}, &Till{Next: 1002}
			receipts := NewDualReceipts(old, new, w.Migration)
			w.To(phase.OldGuarded)
			if down {
				new.receipts.Down()
			}
			one := &Receipt{Sum: 5}
			if err := receipts.Save(t.Context(), one); err != nil || one.ID != 1001 {
				t.Fatalf("the caller gets %d, %v", one.ID, err)
			}
			new.receipts.Up()
			w.Clean()
			w.To(phase.NewGuarded)
			if got, err := receipts.Get(t.Context(), 1001); err != nil || got.Sum != 5 {
				t.Errorf("mirror down %v: receipt 1001 is %v %v", down, got, err)
			}
		})
	}
}
