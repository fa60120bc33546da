package dual_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A write of several keys that gives its tokens back, since one of them goes the other way, leaves none behind: not even where the
// journal fails just then.
func TestTokensAreGivenBack(t *testing.T) {
	for _, fails := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			ctx := context.Background()
			j := &faultyJournal{Journal: journal.NewMemory()}
			g := newGround(t, func(c *dual.Config) { c.Journal = j })
			g.set(dual.OldGuarded, lookup)
			require.NoError(t, j.MarkDirty(ctx, []dual.Key{noteKey("b")}, dual.New))
			j.end.Store(fails)
			_, err := g.notes.PutAll(ctx, []note{{"a", "1"}, {"b", "2"}})
			require.ErrorIs(t, err, dual.ErrBusy)
			assert.Empty(t, g.old.called(), "nothing was done")
			j.end.Store(false)
			time.Sleep(10 * time.Second) // the ends are tried again
			synctest.Wait()
			left, err := j.Unclean(ctx, journal.Query{})
			require.NoError(t, err)
			for _, entry := range left {
				assert.Zero(t, entry.Active, entry.Key)
			}
		})
	}
}
