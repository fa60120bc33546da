package rounding

import (
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestColumnsOfMilliseconds: a store that rounds and one that cuts are proved equal; one that is further off is not.
func TestColumnsOfMilliseconds(t *testing.T) {
	for name, c := range map[string]struct {
		keep  func(time.Time) time.Time
		equal bool
	}{
		"rounds":           {func(at time.Time) time.Time { return at.Round(time.Millisecond) }, true},
		"cuts":             {func(at time.Time) time.Time { return at.Truncate(time.Millisecond) }, true},
		"rounds up":        {func(at time.Time) time.Time { return at.Add(time.Millisecond - 1).Truncate(time.Millisecond) }, true},
		"is off by a unit": {func(at time.Time) time.Time { return at.Add(time.Millisecond) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			walk.Run(t, func(t *testing.T, w *walk.Walk) {
				laps := NewDualLaps(&Clock{}, &Clock{Keep: c.keep}, w.Migration)
				w.To(phase.OldPrimary)
				for runner, nanos := range map[string]int{"a": 0, "b": 1, "c": 499_999, "d": 500_000, "e": 999_999} {
					at := time.Date(2030, 1, 2, 3, 4, 5, nanos, time.UTC)
					if err := laps.Save(t.Context(), Lap{runner, at, []time.Time{at.Add(time.Hour)}}); err != nil {
						t.Fatal(err)
					}
				}
				if report, err := w.Verify("Lap", false); err != nil || report.Differed() == 0 != c.equal {
					t.Errorf("differed %d of %d, %v", report.Differed(), report.Compared, err)
				}
				if c.equal {
					w.To(phase.NewOnly)
				} else {
					w.Stopped(phase.OldGuarded)
				}
			})
		})
	}
}
