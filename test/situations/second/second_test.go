package second

import (
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestLinesAreThere: an order that is stored with its lines has them after the switch, with the mirror up and down.
func TestLinesAreThere(t *testing.T) {
	for _, down := range []bool{false, true} {
		walk.Run(t, func(t *testing.T, w *walk.Walk) {
			new := &Shop{}
			orders := NewDualOrders(&Shop{}, new, w.Migration)
			w.To(phase.OldGuarded)
			if down {
				new.lines.Down()
			}
			if err := orders.CreateOrder(t.Context(), Order{1, "books"}, []Line{{10, 0, "novel"}, {11, 0, "atlas"}}); err != nil {
				t.Fatal(err)
			}
			new.lines.Up()
			w.To(phase.NewPrimary)
			for _, id := range []int64{10, 11} {
				if line, err := orders.GetLine(t.Context(), id); err != nil || line.OrderID != 1 {
					t.Errorf("mirror down %v: line %d is %+v %v", down, id, line, err)
				}
			}
			if _, err := orders.GetOrder(t.Context(), 1); err != nil {
				t.Errorf("mirror down %v: %v", down, err)
			}
		})
	}
}
