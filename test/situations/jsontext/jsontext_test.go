package jsontext

import (
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/jsontext/docevents"
	"github.com/dualgen/dualgen/test/situations/jsontext/sqlevents"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestNothingIsCutOff: texts with what the Go type cannot hold arrive with their meaning, or the gates stay shut.
func TestNothingIsCutOff(t *testing.T) {
	for name, row := range map[string]sqlevents.Row{
		"a great number": {ID: "1", Data: `[9007199254740993]`, Site: `{"host":"a","tags":{}}`},
		"many digits":    {ID: "1", Data: `[{"price":0.12345678901234567891}]`, Site: `{"host":"a","tags":{}}`},
		"exponent":       {ID: "1", Data: `[1e400]`, Site: `{"host":"a","tags":{}}`},
		"a new member":   {ID: "1", Data: `[]`, Site: `{"host":"a","tags":{},"port":{"tls":true}}`},
		"in a map":       {ID: "1", Data: `[]`, Site: `{"host":"a","tags":{"x":"y"},"tags2":["z"]}`},
	} {
		t.Run(name, func(t *testing.T) {
			walk.Run(t, func(t *testing.T, w *walk.Walk) {
				old, new := &sqlevents.Events{}, &docevents.Events{}
				if err := old.Save(t.Context(), row); err != nil {
					t.Fatal(err)
				}
				NewDualEvents(old, new, w.Migration)
				why := w.Stopped(phase.OldGuarded)
				if report, err := w.Backfill("Event"); err == nil && report.Failed == 0 && report.Copied > 0 {
					t.Errorf("%+v is said to be copied", report)
				}
				if got, err := new.Get(t.Context(), "1"); err == nil {
					t.Errorf("the new store has %s %s, and the old one %s %s", got.Data, got.Site, row.Data, row.Site)
				}
				t.Log(why)
			})
		})
	}
}

// TestWhatTheTypeHoldsIsCopied: other texts arrive.
func TestWhatTheTypeHoldsIsCopied(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		old := &sqlevents.Events{}
		if err := old.Save(t.Context(), sqlevents.Row{ID: "1", Data: ` [1.5, {"a": null}] `, Site: `{"tags":{"x":"y"},"host":"a"}`}); err != nil {
			t.Fatal(err)
		}
		events := NewDualEvents(old, &docevents.Events{}, w.Migration)
		w.To(phase.NewOnly)
		if got, err := events.Get(t.Context(), "1"); err != nil || got.Site.Tags["x"] != "y" || got.Data[0] != 1.5 {
			t.Errorf("%+v %v", got, err)
		}
	})
}
