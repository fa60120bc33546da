package sqlcontrol

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/journal"
)

// TestForgot: tables that are put back to what they held before are found out by whoever renews a lease, and have another
// incarnation from then on: one, whoever finds out first.
func TestForgot(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		ctx := t.Context()
		one, two := p.open(t, Options{}).Journal(), p.open(t, Options{}).Journal()
		for range 2 {
			require.NoError(t, one.Renew(ctx, "one", time.Minute))
			require.NoError(t, two.Renew(ctx, "two", time.Minute))
		}
		before, err := one.Incarnation(ctx)
		require.NoError(t, err)
		j := one.(*Journal)
		_, err = j.exec(ctx, "put back", `UPDATE {lease} SET expires = expires - 1 WHERE migration = {m} AND owner = 'one'`)
		require.NoError(t, err)
		_, err = j.exec(ctx, "put back", `DELETE FROM {lease} WHERE migration = {m} AND owner = 'two'`)
		require.NoError(t, err)
		require.ErrorIs(t, one.Renew(ctx, "one", time.Minute), journal.ErrForgot)
		after, err := one.Incarnation(ctx)
		require.NoError(t, err)
		require.NotEqual(t, before, after)
		require.ErrorIs(t, two.Renew(ctx, "two", time.Minute), journal.ErrForgot)
		again, err := two.Incarnation(ctx)
		require.NoError(t, err)
		require.Equal(t, after, again)
		require.NoError(t, one.Renew(ctx, "one", time.Minute))
		require.NoError(t, two.Renew(ctx, "two", time.Minute))
	})
}
