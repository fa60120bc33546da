package reconcile

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/internal/rig"
)

// A negative number counts as none, but where it has a meaning of its own.
func TestNegativeSettings(t *testing.T) {
	r := rig.New(t, rig.Options{})
	given := Config{Settle: -1, Interval: -1, Workers: -1, Timeout: -1, Lease: -1, Backoff: -1, MaxBackoff: -1}.withDefaults(r.Migration)
	none := Config{}.withDefaults(r.Migration)
	require.Equal(t, none, given)
	kept := Config{Rate: -1, QuarantineAfter: -1}.withDefaults(r.Migration)
	require.Equal(t, []float64{-1, -1}, []float64{kept.Rate, float64(kept.QuarantineAfter)})
}
