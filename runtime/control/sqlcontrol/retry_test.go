package sqlcontrol

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// A deadlock is no error of the caller's however many there are one after the other, within a time; then it is, and at once where the
// caller gave up, or the error is of another kind.
func TestRefusedStatementsRunAgain(t *testing.T) {
	deadlock := errors.New("Error 1213 (40001): Deadlock found when trying to get lock; try restarting transaction")
	b := &database{dialect: MySQL}
	synctest.Test(t, func(t *testing.T) {
		began, tries := time.Now(), 0
		require.NoError(t, b.retry(t.Context(), "write", func() error {
			if tries++; time.Since(began) < 2*time.Second {
				return deadlock
			}
			return nil
		}))
		require.Greater(t, tries, attempts)

		began, tries = time.Now(), 0
		require.ErrorIs(t, b.retry(t.Context(), "write", func() error { tries++; return deadlock }), deadlock)
		require.GreaterOrEqual(t, time.Since(began), triedFor)
		require.Less(t, time.Since(began), 2*triedFor)

		tries = 0
		require.ErrorIs(t, b.retry(t.Context(), "write", func() error { tries++; time.Sleep(time.Minute); return deadlock }), deadlock)
		require.Equal(t, attempts, tries, "a lock that is waited for long is tried so often")

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, b.retry(ctx, "write", func() error { return deadlock }), context.DeadlineExceeded)
		tries = 0
		require.Error(t, b.retry(t.Context(), "write", func() error { tries++; return errors.New("Error 1062 (23000): Duplicate entry") }))
		require.Equal(t, 1, tries)
	})
}
