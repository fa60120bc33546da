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

// TestCanary explores the worlds of canaries.
func TestCanary(t *testing.T) {
	settings := phase.Settings{Canary: half}
	require.True(t, settings.InCanary(kind, keyNames[0]), "k0 is in the share")
	require.False(t, settings.InCanary(kind, keyNames[1]), "k1 is not")
	level, err := LevelFromEnv()
	require.NoError(t, err)
	began := time.Now()
	totals := Run(Canaries(), Effort{
		Schedules: pick[int64](level, 10_000_000, 120_000, 1_000_000),
		Time:      pick(level, 5*time.Second, time.Hour, 10*time.Hour),
		Round:     pick[int64](level, 5, 50, 200),
		Random:    pick[int64](level, 2, 20, 100),
		Seed:      uint64(time.Now().Unix()),
	}, func(v *explore.Violation) { t.Error(v) })
	require.NoError(t, results.Report(results.Row{
		Layer: "schedules of canaries explored", Level: string(level), Count: totals.Schedules, Unit: "distinct schedules",
		Violations: totals.Violations, Seconds: time.Since(began).Seconds(),
		Detail: fmt.Sprintf("%d worlds, %d of them searched to their end; %d random schedules beside", totals.Scenarios, totals.Complete, totals.Random),
	}))
	t.Logf("%+v", totals)
	assert.Zero(t, totals.Violations)
	if level != Quick {
		assert.GreaterOrEqual(t, totals.Schedules, pick[int64](level, 0, 100_000, 500_000))
	}
}
