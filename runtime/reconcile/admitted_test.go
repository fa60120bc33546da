package reconcile_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/reconcile"
	"github.com/dualgen/dualgen/runtime/verify"
)

// An instance whose build is not the one that was verified copies nothing: it would leave out what it does not know. Once
// it is admitted, it does.
func TestOtherBuildsCopyNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, 1)
		key := rig.Key(rig.ID(0))
		require.NoError(t, r.Journal.MarkDirty(t.Context(), []dual.Key{key}, phase.Old))
		pin := func(shapes map[string]string) {
			_, err := control.Update(t.Context(), r.Control, func(record *control.Record) error {
				record.Shapes = shapes
				record.Epoch++
				return nil
			})
			require.NoError(t, err)
			time.Sleep(time.Minute)
		}
		reconciler := reconcile.New(r.Migration, reconcile.Config{Rate: -1})
		pin(map[string]string{rig.Kind: "At,Count,Email,ID,Name,Note,Tags 2"})
		_, err := reconciler.Once(t.Context())
		require.ErrorIs(t, err, dual.ErrOtherShape)
		require.ErrorContains(t, err, "the first alone has Email")
		_, err = backfill.Run(t.Context(), r.Migration, rig.Kind, backfill.Config{})
		require.ErrorIs(t, err, dual.ErrOtherShape)
		_, err = verify.Run(t.Context(), r.Migration, rig.Kind, verify.Config{})
		require.ErrorIs(t, err, dual.ErrOtherShape)
		require.False(t, r.Equal())
		pin(nil)
		pass, err := reconciler.Once(t.Context())
		require.NoError(t, err)
		require.Equal(t, 1, pass.Copied)
		require.True(t, r.Equal())
	})
}
