package owner

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var key = journal.Key{Kind: "User", ID: "1"}

// cutOff is a journal that can be out of reach.
type cutOff struct {
	journal.Journal
	down atomic.Bool
}

func (c *cutOff) Renew(ctx context.Context, owner string, ttl time.Duration) error {
	if c.down.Load() {
		return errors.New("out of reach")
	}
	return c.Journal.Renew(ctx, owner, ttl)
}

func TestLeaseLastsUntilStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, j := t.Context(), journal.NewMemory()
		o, err := Start(ctx, j, "copier", 30*time.Second, hooks.Or(nil))
		require.NoError(t, err)
		_, err = j.Begin(ctx, o.ID(), key, phase.Old)
		require.NoError(t, err)
		time.Sleep(time.Hour)
		expired, err := j.Expire(ctx)
		require.NoError(t, err)
		require.Zero(t, expired)
		require.False(t, o.Lost())
		o.Stop()
		time.Sleep(30 * time.Second)
		expired, err = j.Expire(ctx)
		require.NoError(t, err)
		require.Equal(t, 1, expired)
	})
}

// TestContextEndsBeforeTheTokensGo cuts the owner off: nobody may take its tokens while its context still runs.
func TestContextEndsBeforeTheTokensGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := &cutOff{Journal: journal.NewMemory()}
		o, err := Start(t.Context(), j, "copier", 30*time.Second, hooks.Or(nil))
		require.NoError(t, err)
		defer o.Stop()
		_, err = j.Begin(t.Context(), o.ID(), key, phase.Old)
		require.NoError(t, err)
		time.Sleep(25 * time.Second)
		j.down.Store(true)
		ctx, cancel := o.Context(t.Context())
		defer cancel()
		<-ctx.Done()
		require.True(t, o.Lost())
		_, err = j.Expire(t.Context())
		require.NoError(t, err)
		j.down.Store(false)
		time.Sleep(time.Hour)
		require.True(t, o.Lost(), "a lease that was lost does not come back")
	})
}

func TestStartFailsWithoutLease(t *testing.T) {
	j := &cutOff{Journal: journal.NewMemory()}
	j.down.Store(true)
	_, err := Start(t.Context(), j, "copier", time.Second, hooks.Or(nil))
	require.ErrorContains(t, err, "out of reach")
}
