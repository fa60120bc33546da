package verify_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/verify"
)

// Settings that mean nothing are an error, and no pass begins.
func TestConfigThatMeansNothing(t *testing.T) {
	r := rig.New(t, rig.Options{})
	for _, config := range []verify.Config{{Sample: -0.5}, {Sample: 1.5}, {Sample: math.NaN()}, {Page: -1}, {Lease: -time.Second}, {Rate: math.Inf(1)}} {
		_, err := verify.Run(t.Context(), r.Migration, rig.Kind, config)
		require.Error(t, err, "%+v", config)
		require.Contains(t, err.Error(), "verify.Config.")
	}
	latest, err := verify.Status(t.Context(), r.Control, rig.Kind)
	require.NoError(t, err)
	require.Zero(t, latest.Started)
}
