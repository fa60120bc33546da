package sqlcontrol

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Who writes to SQLite goes in the order in which they came, and none is kept waiting by those who come again and again.
func TestWritersTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWriters(SQLite)
		var order []int
		var all sync.WaitGroup
		require.NoError(t, w.take(t.Context(), func() error {
			for n := range 5 {
				all.Go(func() {
					assert.NoError(t, w.take(t.Context(), func() error { order = append(order, n); return nil }))
				})
				synctest.Wait()
			}
			canceled, cancel := context.WithCancel(t.Context())
			cancel()
			require.ErrorIs(t, w.take(canceled, func() error { panic("it is not its turn") }), context.Canceled)
			return w.of("SELECT 1").take(t.Context(), func() error { return nil }) // waits for nobody
		}))
		all.Wait()
		require.True(t, slices.IsSorted(order) && len(order) == 5, "%v", order)
	})
	require.Nil(t, newWriters(Postgres))
	require.NotNil(t, newWriters(SQLite).of("UPDATE t SET x = 1"))
}
