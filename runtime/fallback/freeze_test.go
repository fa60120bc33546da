package fallback_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/verify"
)

// Stop and migrate, and the read-only copy, from Postgres to MariaDB: all is copied, proved and switched while calls are frozen.
func TestFreezeRecipes(t *testing.T) {
	for freeze, refusal := range map[phase.Freeze]error{phase.FreezeAll: dual.ErrStopped, phase.FreezeWrites: dual.ErrReadOnly} {
		t.Run(freeze.String(), func(t *testing.T) {
			ctx := t.Context()
			f := open(t, phase.OldOnly, phase.Settings{Freeze: freeze})
			f.fill(t, 300)
			require.NoError(t, f.new.Put(ctx, row{"stray", "of an earlier try"}))
			coordinator := control.NewCoordinator(f.backend.Control(), f.backend.Journal())
			follow := func() {
				t.Helper()
				require.Eventually(t, func() bool { _, err := control.Settled(ctx, f.backend.Control()); return err == nil }, enough, pause)
			}
			advance := func() {
				t.Helper()
				follow()
				_, err := coordinator.Advance(ctx, control.Step{})
				require.NoError(t, err)
				follow()
			}
			advance()
			require.ErrorIs(t, f.Put(ctx, row{"new", "1"}), refusal)
			_, err := f.Get(ctx, "000001")
			if freeze == phase.FreezeAll {
				require.ErrorIs(t, err, refusal)
			} else {
				require.NoError(t, err)
			}
			copied, err := backfill.Run(ctx, f.migration, "Row", backfill.Config{Rate: -1})
			require.NoError(t, err)
			require.True(t, copied.Complete)
			proof, err := verify.Run(ctx, f.migration, "Row", verify.Config{Repair: true, Rate: -1})
			require.NoError(t, err)
			require.Equal(t, int64(1), proof.Repaired, "the stray")
			f.clean(t)
			proof, err = verify.Run(ctx, f.migration, "Row", verify.Config{Rate: -1})
			require.NoError(t, err)
			require.True(t, proof.Certified, proof.Reason)
			for range 3 {
				advance()
			}
			settings := phase.Settings{}
			_, err = coordinator.Set(ctx, settings, control.Step{})
			require.NoError(t, err)
			follow()
			require.NoError(t, f.Put(ctx, row{"new", "1"}))
			r, err := f.Get(ctx, "new")
			require.NoError(t, err)
			assert.Equal(t, "1", r.Text)
			assert.Equal(t, f.old.all(t), f.new.all(t))
			assert.Len(t, f.new.all(t), 301)
		})
	}
}
