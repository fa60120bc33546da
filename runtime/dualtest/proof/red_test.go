package proof

import (
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/dualtest/explore"
)

// TestRedControls: with a rule switched off, the search finds a violation; with all rules on, the same world is clean.
func TestRedControls(t *testing.T) {
	for _, control := range RedControls() {
		t.Run(control.Rule, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			limits := explore.Limits{Schedules: 20_000, Time: 5 * time.Second, Violations: 50}
			s, checker := explore.NewScheduler(), NewChecker()
			red := search(s, checker, control.Red(), Effort{Exhaust: limits, Random: 30_000, Seed: 1})
			if v := red.Violation(); v == nil {
				t.Errorf("no violation in %d schedules (complete: %v)", red.Exhaust.Schedules, red.Exhaust.Complete)
			} else {
				t.Logf("red: %d violations in %d schedules, %v\n%v", red.Exhaust.Violations, red.Exhaust.Schedules, time.Since(began), v)
			}
			green := search(s, checker, control.World, Effort{Exhaust: explore.Limits{Schedules: 3_000, Time: 5 * time.Second}})
			if v := green.Violation(); v != nil {
				t.Errorf("with all rules on: %v", v)
			}
			t.Logf("green: %+v", green.Exhaust)
		})
	}
}
