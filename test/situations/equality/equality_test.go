package equality

import (
	"slices"
	"testing"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
	"pgregory.net/rapid"
)

// stale are stores that keep something else than they are given, in a field that no Equal looks at.
var stale = map[string]func(Car) Car{
	"field": func(c Car) Car { c.Color = ""; return c },
	"in lists": func(c Car) Car {
		parts := slices.Clone(c.Parts)
		for i := range parts {
			parts[i].Worn = 0
		}
		c.Parts = parts
		return c
	},
	"in maps": func(c Car) Car {
		marks := map[string]Mark{}
		for key, mark := range c.Marks {
			marks[key] = Mark{Name: mark.Name}
		}
		c.Marks = marks
		return c
	},
}

var car = &Car{Plate: "B 1", Color: "red", Parts: []Part{{"wheel", 3}}, Marks: map[string]Mark{"door": {"dent", "ann"}}}

// TestStaleFieldsAreFound: a car that differs where Equal does not look is reported, and gets no certificate.
func TestStaleFieldsAreFound(t *testing.T) {
	for name, keep := range stale {
		t.Run(name, func(t *testing.T) {
			walk.Run(t, func(t *testing.T, w *walk.Walk) {
				old, new := &Garage{}, &Garage{Keep: keep}
				cars := NewDualCars(old, new, w.Migration)
				if err := w.Step(control.Step{}); err != nil {
					t.Fatal(err)
				}
				if err := cars.Save(t.Context(), car); err != nil {
					t.Fatal(err)
				}
				if report, err := w.Verify("Car", false); err != nil || report.Certified || report.Differed() != 1 {
					t.Errorf("differed %d, certified %v, %v", report.Differed(), report.Certified, err)
				}
				w.Stopped(phase.OldGuarded)
			})
		})
	}
}

// TestForgetfulStoresAreFound: the conformance test sees them too.
func TestForgetfulStoresAreFound(t *testing.T) {
	for name, keep := range stale {
		t.Run(name, func(t *testing.T) {
			walk.Faulty(t, func(t rapid.TB) {
				carsSuite().Conform(t, func() (Cars, Cars) { return &Garage{}, &Garage{Keep: keep} })
			})
		})
	}
}

// TestEqualCars: equal cars are proved equal, whatever their memory.
func TestEqualCars(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		cars := NewDualCars(&Garage{}, &Garage{}, w.Migration)
		if err := cars.Save(t.Context(), car); err != nil {
			t.Fatal(err)
		}
		w.To(phase.NewOnly)
		if got, err := cars.Get(t.Context(), "B 1"); err != nil || got.Color != "red" || got.Parts[0].Worn != 3 {
			t.Error(got, err)
		}
	})
}
