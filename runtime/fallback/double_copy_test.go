package fallback_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/verify"
)

// Double copy, from Postgres to MariaDB: everything was copied by hand, then rows were added, changed and deleted; the second copy takes
// what is younger (rows carry their time in their key), and verify finds what no second copy can see.
func TestDoubleCopy(t *testing.T) {
	ctx := t.Context()
	f := open(t, phase.OldPrimary, phase.Settings{})
	key := func(at int) string { return fmt.Sprintf("%010d", at) }
	const copied, added = 300, 40
	for at := range copied {
		require.NoError(t, f.old.Put(ctx, row{key(at), "first"}))
		require.NoError(t, f.new.Put(ctx, row{key(at), "first"})) // the hot copy
	}
	for at := copied; at < copied+added; at++ {
		require.NoError(t, f.old.Put(ctx, row{key(at), "added"}))
	}
	require.NoError(t, f.old.Put(ctx, row{key(7), "changed, and no time says so"}))
	require.NoError(t, f.old.Delete(ctx, key(8)))

	bySince(f)
	report, err := backfill.Run(ctx, f.migration, "Row", backfill.Config{Rate: -1, Since: time.Unix(copied, 0)})
	require.NoError(t, err)
	require.True(t, report.Complete)
	assert.Equal(t, int64(added), report.Copied, "nothing older was touched")
	pass, err := verify.Run(ctx, f.migration, "Row", verify.Config{Rate: -1})
	require.NoError(t, err)
	assert.False(t, pass.Certified, "what was changed and deleted behind the copy's back")
	pass, err = verify.Run(ctx, f.migration, "Row", verify.Config{Repair: true, Rate: -1})
	require.NoError(t, err)
	assert.Equal(t, int64(2), pass.Repaired)
	f.clean(t)
	pass, err = verify.Run(ctx, f.migration, "Row", verify.Config{Rate: -1})
	require.NoError(t, err)
	require.True(t, pass.Certified, pass.Reason)
	assert.Equal(t, f.old.all(t), f.new.all(t))
}

// bySince adds the fleet's kind anew, with a listing by the time that its keys carry.
func bySince(f *fleet) {
	e := tableEntity()
	e.ScanSince = func(ctx context.Context, store table, since time.Time, cursor string, limit int) ([]row, string, error) {
		if cursor == "" {
			cursor = fmt.Sprintf("%010d", since.Unix()-1)
		}
		return store.after(ctx, cursor, limit)
	}
	dual.AddEntity(f.migration, &f.stores, e)
}
