package uncopied

import (
	"strings"
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestReadsStayWhereTheVisitsAre: the kind that nothing can copy keeps reads from the new store, by name.
func TestReadsStayWhereTheVisitsAre(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		shops := NewDualShops(&Town{}, &Town{}, w.Migration)
		if err := shops.Visit(t.Context(), "before", time.Now()); err != nil {
			t.Fatal(err)
		}
		if why := w.Stopped(phase.NewGuarded); !strings.Contains(why, "Visit") {
			t.Errorf("the gate does not name the kind: %s", why)
		}
		if there, err := shops.Visited(t.Context(), "before"); err != nil || !there {
			t.Errorf("in %v a visit that was acknowledged is gone (%v)", w.Phase(), err)
		}
	})
}

// TestGivenUpByName: an operator who gives the kind up goes on, and what was written in both stores is there.
func TestGivenUpByName(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		shops := NewDualShops(&Town{}, &Town{}, w.Migration)
		w.To(phase.OldPrimary)
		if err := shops.Visit(t.Context(), "meanwhile", time.Now()); err != nil {
			t.Fatal(err)
		}
		if report, err := w.Backfill("Shop"); err != nil || !report.Complete {
			t.Fatalf("%+v %v", report, err)
		}
		if report, err := w.Verify("Shop", false); err != nil || !report.Certified {
			t.Fatalf("%+v %v", report, err)
		}
		if err := w.Step(control.Step{Abandon: []string{"Visit"}}); err != nil {
			t.Fatal(err)
		}
		w.To(phase.NewGuarded)
		if there, err := shops.Visited(t.Context(), "meanwhile"); w.Phase() != phase.NewGuarded || err != nil || !there {
			t.Errorf("in %v a visit that both stores were given is gone (%v)", w.Phase(), err)
		}
	})
}
