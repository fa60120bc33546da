package limits_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/internal/limits"
)

// What means nothing is refused, and what has a meaning of its own is not.
func TestLimits(t *testing.T) {
	for _, share := range []float64{-0.1, 1.1, math.NaN(), math.Inf(1)} {
		require.ErrorContains(t, limits.Share("sample", share), "sample is a share from 0 to 1")
	}
	require.NoError(t, limits.Share("sample", 1))
	require.Error(t, limits.Rate("rate", math.Inf(-1)))
	require.NoError(t, limits.Rate("rate", -1), "no limit")
	require.ErrorContains(t, limits.Number("wait", -time.Second), "wait is not negative, and -1s is")
	require.Error(t, limits.Number("limit", -1))
	require.NoError(t, limits.Number("limit", 0))
	require.NoError(t, limits.Reason(strings.Repeat("ß", limits.Why)))
	require.ErrorContains(t, limits.Reason(strings.Repeat("ß", limits.Why+1)), "501 characters, and at most 500")
}

type config struct {
	Lease  time.Duration
	After  int
	Rate   float64
	hidden int
}

func TestConfig(t *testing.T) {
	require.NoError(t, limits.Config(config{hidden: -1, Rate: -1}))
	require.ErrorContains(t, limits.Config(config{Lease: -1}), "limits_test.config.Lease is not negative")
	require.Error(t, limits.Config(config{Rate: math.NaN()}))
	require.Error(t, limits.Config(config{After: -1}))
	require.NoError(t, limits.Config(config{After: -1}, "After"))
}
