package backfill_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/internal/rig"
)

// Settings that mean nothing are an error, and nothing is copied.
func TestConfigThatMeansNothing(t *testing.T) {
	r := rig.New(t, rig.Options{})
	for _, config := range []backfill.Config{{Chunk: -1}, {Workers: -1}, {Lease: -1}, {Settle: -1}, {Rate: math.NaN()}} {
		_, err := backfill.Run(t.Context(), r.Migration, rig.Kind, config)
		require.ErrorContains(t, err, "backfill.Config.", "%+v", config)
	}
}
