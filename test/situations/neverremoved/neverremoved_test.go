package neverremoved

import (
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestAbsentInBoth: the primary fails a first write. Neither store has the receipt, nothing could remove one, and the key turns clean.
func TestAbsentInBoth(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		old, new := &Till{}, &Till{}
		receipts := NewDualReceipts(old, new, w.Migration)
		w.To(phase.OldPrimary)
		old.receipts.Down()
		if err := receipts.PutReceipt(t.Context(), Receipt{1, 100}); err == nil {
			t.Fatal("the caller is not told")
		}
		old.receipts.Up()
		w.Clean()
		w.To(phase.NewOnly)
	})
}

// TestPresentInTheMirrorAlone: a receipt that only the mirror has cannot be taken away: the key stays unclean and the gates shut.
func TestPresentInTheMirrorAlone(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		old, new := &Till{}, &Till{}
		receipts := NewDualReceipts(old, new, w.Migration)
		w.To(phase.OldPrimary)
		if err := new.PutReceipt(t.Context(), Receipt{2, 100}); err != nil {
			t.Fatal(err)
		}
		old.receipts.Down()
		if err := receipts.PutReceipt(t.Context(), Receipt{2, 100}); err == nil {
			t.Fatal("the caller is not told")
		}
		old.receipts.Up()
		w.Stopped(phase.NewPrimary)
	})
}
