package proof

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/dualgen/dualgen/runtime/internal/explore"
)

// TestRanges explores a part of the worlds of shared backfills, which are among those of TestSchedules.
func TestRanges(t *testing.T) {
	totals := Run(sharing(), Effort{Schedules: 4000, Time: time.Hour, Round: 20, Random: 10, Seed: uint64(time.Now().Unix())}, func(v *explore.Violation) { t.Error(v) })
	assert.Zero(t, totals.Violations)
	t.Logf("%+v", totals)
}
