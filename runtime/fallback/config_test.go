package fallback_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/fallback"
	"github.com/dualgen/dualgen/runtime/internal/rig"
)

// Settings that mean nothing are an error, and nothing is copied.
func TestConfigThatMeansNothing(t *testing.T) {
	r := rig.New(t, rig.Options{})
	_, err := fallback.Copy(t.Context(), r.Migration, rig.Kind, fallback.Config{Rate: math.NaN()})
	require.ErrorContains(t, err, "fallback.Config.Rate")
}
