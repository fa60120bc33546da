package proof

import (
	"strings"
	"testing"

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
