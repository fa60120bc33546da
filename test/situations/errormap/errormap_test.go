package errormap

import (
	"errors"
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/errormap/kvseats"
	"github.com/dualgen/dualgen/test/situations/errormap/sqlseats"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestCallersSeeTaken: each store says it in its own way, and callers get ErrTaken in every phase.
func TestCallersSeeTaken(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		seats := NewDualSeats(&sqlseats.Seats{}, &kvseats.Seats{}, w.Migration)
		if err := seats.Create(t.Context(), Seat{"1a", "ann"}); err != nil {
			t.Fatal(err)
		}
		for p := phase.OldOnly; p <= phase.NewOnly; p++ {
			w.To(p)
			if err := seats.Create(t.Context(), Seat{"1a", "bob"}); !errors.Is(err, ErrTaken) {
				t.Errorf("%v: %v is not ErrTaken", p, err)
			}
			if _, err := seats.Get(t.Context(), "9z"); !errors.Is(err, ErrNotFound) || errors.Is(err, ErrTaken) {
				t.Errorf("%v: %v is not ErrNotFound alone", p, err)
			}
			w.Clean()
		}
		if got, err := seats.Get(t.Context(), "1a"); err != nil || got.Guest != "ann" {
			t.Errorf("the seat is %+v %v", got, err)
		}
	})
}
