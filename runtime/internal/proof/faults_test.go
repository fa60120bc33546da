package proof

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/internal/results"
	"github.com/dualgen/dualgen/runtime/phase"
)

// faultWorlds are all methods in all phases and mirror modes, with one client, up to two faults, and a reconciler that the
// faults can strike too. With one client, each schedule is a case: which calls fail, and how.
func faultWorlds() []*Scenario {
	inputs := []Input{get(0), put(0, 1), patch(0, 1), add(0, 1), del(0), many, {Act: Clear}, purge, move, make1(1),
		tx(get(0), put(0, 1), patch(1, 2))}
	var all []*Scenario
	for _, input := range inputs {
		for p := phase.OldOnly; p <= phase.NewOnly; p++ {
			for _, mirror := range []phase.Mirror{phase.Inline, phase.Parallel, phase.AsyncGuarded} {
				sc := &Scenario{
					Name:  fmt.Sprintf("faults: %v %v %v", input.Act, p, mirror),
					Phase: p, Rows: two, Settings: phase.Settings{Mirror: mirror},
					Clients: []Client{one(0, input, get(0))}, Budget: explore.Budget{Faults: 2}, Panics: true, JournalFaults: explore.Fails,
				}
				if sc.Settings.Validate(p) != nil {
					continue
				}
				if input.Act != Get {
					sc.Clients[0].Inputs = []Input{input, put(1, 5)}
				}
				all = append(all, sc)
			}
		}
	}
	return all
}

// TestFaultCases: every call of every method fails in every way, alone and together with every other.
func TestFaultCases(t *testing.T) {
	level, err := LevelFromEnv()
	require.NoError(t, err)
	began := time.Now()
	worlds := faultWorlds()
	totals := Run(worlds, Effort{Schedules: 1 << 40, Time: 10 * time.Minute, Round: 1000}, func(v *explore.Violation) { t.Error(v) })
	require.NoError(t, results.Report(results.Row{
		Layer: "fault cases (method × phase × mirror × fault × call, and pairs)", Level: string(level), Count: totals.Schedules, Unit: "fault cases",
		Violations: totals.Violations, Seconds: time.Since(began).Seconds(),
		Detail: "0 acknowledged writes lost, 0 unmarked divergences",
	}))
	assert.Equal(t, len(worlds), totals.Complete, "every case was tried")
	assert.GreaterOrEqual(t, totals.Schedules, int64(10_000))
}
