package createonly

import (
	"errors"
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestCopyIsWhole: a locker that was given back and rented again while the mirror was down has the new tenant after the switch.
func TestCopyIsWhole(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		old, new := &Hall{}, &Hall{}
		first, second := &Locker{7, "ann", "1111"}, &Locker{7, "bob", "2222"}
		if err := old.CreateLocker(t.Context(), first); err != nil {
			t.Fatal(err)
		}
		lockers := NewDualLockers(old, new, w.Migration)
		w.To(phase.OldGuarded)
		new.lockers.Down()
		if err := errors.Join(lockers.DeleteLocker(t.Context(), 7), lockers.CreateLocker(t.Context(), second)); err != nil {
			t.Fatal(err)
		}
		new.lockers.Up()
		w.Clean()
		w.To(phase.NewGuarded)
		if got, err := lockers.FindLocker(t.Context(), 7); err != nil || *got != *second {
			t.Errorf("served %+v %v, stored %+v", got, err, second)
		}
	})
}

// TestPartialUpdateIsCopied: the code alone is changed, and the mirror has it.
func TestPartialUpdateIsCopied(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		old, new := &Hall{}, &Hall{}
		if err := old.CreateLocker(t.Context(), &Locker{7, "ann", "1111"}); err != nil {
			t.Fatal(err)
		}
		lockers := NewDualLockers(old, new, w.Migration)
		w.To(phase.OldGuarded)
		if err := lockers.UpdateLockerCode(t.Context(), &Locker{7, "nobody", "3333"}); err != nil {
			t.Fatal(err)
		}
		w.Clean()
		if got, err := new.FindLocker(t.Context(), 7); err != nil || *got != (Locker{7, "ann", "3333"}) {
			t.Errorf("the new store has %+v %v", got, err)
		}
	})
}

func TestConformance(t *testing.T) {
	walk.Sequences(t, 20)
	RunLockersConformance(t, func(*testing.T) (Lockers, Lockers) { return &Hall{}, &Hall{} })
}
