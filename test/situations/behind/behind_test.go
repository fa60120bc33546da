package behind

import (
	"errors"
	"testing"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestContentIsCompared: what lies behind the interface is made anew by each read; equal content is proved equal, other content is found.
func TestContentIsCompared(t *testing.T) {
	for name, c := range map[string]struct {
		new    Shape
		differ int64
	}{"equal": {&Circle{1, 2, 3}, 0}, "another": {&Circle{1, 2, 4}, 1}, "none": {nil, 1}} {
		t.Run(name, func(t *testing.T) {
			walk.Run(t, func(t *testing.T, w *walk.Walk) {
				old, new := &Atlas{}, &Atlas{}
				if err := errors.Join(old.Save(t.Context(), Route{"a", &Circle{1, 2, 3}}), new.Save(t.Context(), Route{"a", c.new})); err != nil {
					t.Fatal(err)
				}
				NewDualRoutes(old, new, w.Migration)
				if err := w.Step(control.Step{}); err != nil {
					t.Fatal(err)
				}
				report, err := w.Verify("Route", false)
				if err != nil || report.Differed() != c.differ || report.Certified != (c.differ == 0) {
					t.Errorf("differed %d, certified %v, %v", report.Differed(), report.Certified, err)
				}
			})
		})
	}
}

// TestItIsCopied: a route gets to the new store whole.
func TestItIsCopied(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		routes := NewDualRoutes(&Atlas{}, &Atlas{}, w.Migration)
		if err := routes.Save(t.Context(), Route{"a", &Circle{1, 2, 3}}); err != nil {
			t.Fatal(err)
		}
		w.To(phase.NewOnly)
		if got, err := routes.Get(t.Context(), "a"); err != nil || !sameShape(got.Area, &Circle{1, 2, 3}) {
			t.Error(got, err)
		}
	})
}
