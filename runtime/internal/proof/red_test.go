package proof

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/internal/results"
)

// TestRedControls: with a rule switched off, the search finds a violation. With all rules on, the same world is one of
// those of TestSchedules, which finds none. With -v, the shortest trace found is printed.
func TestRedControls(t *testing.T) {
	level, err := LevelFromEnv()
	require.NoError(t, err)
	began := time.Now()
	s, checker := explore.NewScheduler(), NewChecker()
	red := 0
	for _, control := range RedControls() {
		t.Run(control.Rule, func(t *testing.T) {
			began := time.Now()
			v, schedules := shortest(s, control.Red().Explorable(checker))
			if v == nil {
				t.Fatalf("no violation in %d schedules", schedules)
			}
			red++
			t.Logf("found within %d schedules, %v\n%v", schedules, time.Since(began).Round(time.Millisecond), v)
		})
	}
	all := len(RedControls())
	require.NoError(t, results.Report(results.Row{
		Layer: "red controls", Level: string(level), Count: int64(red), Unit: "rules switched off and found", Violations: int64(all - red),
		Detail: fmt.Sprintf("of %d; each by the same search that finds nothing with the rules on", all), Seconds: time.Since(began).Seconds(),
	}))
}

// shortest searches until a violation comes up, and a little longer for one that is shorter.
func shortest(s *explore.Scheduler, world explore.World) (best *explore.Violation, schedules int64) {
	search := explore.NewSearch(s, world, explore.Limits{Violations: 30})
	for round := uint64(0); round < 40 && best == nil; round++ {
		search.Run(250)
		r := explore.Random(s, world, round, 1000)
		schedules = search.Result().Schedules + int64(round+1)*1000
		for _, v := range []*explore.Violation{search.Result().First, r.First} {
			if v != nil && (best == nil || len(v.Path) < len(best.Path)) {
				best = v
			}
		}
	}
	if best != nil {
		best.Trace, _ = explore.Replay(s, world, best.Path) // its error is the violation's
	}
	return best, schedules
}
