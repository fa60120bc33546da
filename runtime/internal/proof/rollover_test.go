package proof

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/phase"
)

// TestRolloverReachesNew: the worlds with a cutoff do show keys that new serves, by either instance, and not refusals alone.
func TestRolloverReachesNew(t *testing.T) {
	s := explore.NewScheduler()
	for _, instance := range []int{0, 1} {
		sc := rollingWorld("put", one(instance, put(1, 1)))
		reached := 0
		w := &World{scenario: sc, checker: NewChecker()}
		world := explore.World{Name: sc.Name, Start: func(s *explore.Scheduler) func() error {
			w.s = s
			require.NoError(t, w.start())
			return func() error {
				if w.stores[phase.New].rows[1].Present {
					reached++
				}
				return w.close()
			}
		}}
		result := explore.Random(s, world, 1, 3_000)
		require.Nil(t, result.First)
		require.Positive(t, reached)
		t.Logf("instance %d: new served the key in %d of 3000 schedules", instance, reached)
	}
}
