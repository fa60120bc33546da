package proof

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/dualgen/dualgen/runtime/internal/explore"
)

// TestTurnsAreTaken: in each world of turns some schedule has one, and in each group of them some write waits for it.
func TestTurnsAreTaken(t *testing.T) {
	s, checker := explore.NewScheduler(), NewChecker()
	waits := map[string]int64{}
	for _, sc := range turning() {
		checker.Turns, checker.Waits = 0, 0
		world := sc.Explorable(checker)
		r, x := explore.Exhaust(s, world, explore.Limits{Schedules: 60}), explore.Random(s, world, 1, 60)
		for _, v := range []*explore.Violation{r.First, x.First} {
			if v != nil {
				t.Error(v)
			}
		}
		assert.NotZero(t, checker.Turns, sc.Name)
		group, _, _ := strings.Cut(sc.Name, ", [")
		waits[group] += checker.Waits
	}
	for group, n := range waits {
		assert.NotZero(t, n, group)
	}
	t.Log(waits)
}

// TestOtherBuilds explores a part of the worlds with two builds and other stores, which are among those of TestSchedules.
func TestOtherBuilds(t *testing.T) {
	totals := Run(differing(), Effort{Schedules: 4000, Time: time.Hour, Round: 20, Random: 10, Seed: uint64(time.Now().Unix())}, func(v *explore.Violation) { t.Error(v) })
	assert.Zero(t, totals.Violations)
	t.Logf("%+v", totals)
}
