package dual_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// ownersJournal remembers who took tokens.
type ownersJournal struct {
	*journal.Memory
	mu     sync.Mutex
	owners []string
}

func (j *ownersJournal) Begin(ctx context.Context, owner string, key journal.Key, primary phase.Store) (journal.Token, error) {
	j.mu.Lock()
	j.owners = append(j.owners, owner)
	j.mu.Unlock()
	return j.Memory.Begin(ctx, owner, key, primary)
}

// owner is the last one.
func (j *ownersJournal) owner() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.owners[len(j.owners)-1]
}

// members is a control store that may refuse to renew leases, or hide who is there. It is not in the process, as far as anybody knows.
type members struct {
	control.Control
	noRenewals atomic.Bool
	hidden     atomic.Bool
}

func (c *members) Renew(ctx context.Context, i control.Instance, ttl time.Duration) error {
	if c.noRenewals.Load() {
		return errDown
	}
	return c.Control.Renew(ctx, i, ttl)
}

func (c *members) Instances(ctx context.Context) ([]control.Instance, error) {
	if c.hidden.Load() {
		return nil, nil
	}
	return c.Control.Instances(ctx)
}

func newMembers(t *testing.T) *members {
	c := &members{Control: control.NewMemory()}
	require.NoError(t, control.Init(t.Context(), c, "test"))
	return c
}

// An instance that the fleet does not know of lets no call in, though it can read the record: nobody would wait for its calls.
func TestUnregisteredInstance(t *testing.T) {
	c := newMembers(t)
	c.noRenewals.Store(true)
	g := newGround(t, func(config *dual.Config) { config.Control, config.Lease = c, time.Second })
	require.ErrorIs(t, g.notes.Put(t.Context(), note{"k", "text"}), dual.ErrNotReady)
	require.ErrorIs(t, g.migration.Ready(), dual.ErrNotReady)
	require.Contains(t, g.migration.Status().Note, "renew the instance's lease: down")
	c.noRenewals.Store(false)
	require.Eventually(t, func() bool { return g.migration.Ready() == nil }, enough, time.Millisecond)
	require.NoError(t, g.notes.Put(t.Context(), note{"k", "text"}))
}

// Of two processes under one name, the second lets no call in, until the first is gone. Their journal tokens are not one owner's.
func TestOneNameForTwo(t *testing.T) {
	c, j := newMembers(t), &ownersJournal{Memory: journal.NewMemory()}
	named := func(config *dual.Config) {
		config.Control, config.Journal, config.Instance, config.Lease = c, j, "api", time.Second
	}
	first := newGround(t, named)
	first.set(dual.OldPrimary, dual.Settings{})
	require.NoError(t, first.notes.Put(t.Context(), note{"k", "text"}))
	before := j.owner()
	second := newGround(t, named)
	require.ErrorIs(t, second.notes.Put(t.Context(), note{"k", "text"}), dual.ErrNotReady)
	require.Contains(t, second.migration.Status().Note, `another process is alive under the name "api"`)
	require.NoError(t, second.migration.Close(t.Context()))
	instances, err := c.Instances(t.Context())
	require.NoError(t, err)
	require.Len(t, instances, 1, "the second does not take the first one's leave")
	require.NoError(t, first.notes.Put(t.Context(), note{"k", "more"}))

	third := newGround(t, named)
	require.NoError(t, first.migration.Close(t.Context()))
	require.Eventually(t, func() bool { return third.migration.Ready() == nil }, enough, time.Millisecond)
	require.NoError(t, third.notes.Put(t.Context(), note{"k", "third"}))
	require.NotEqual(t, before, j.owner(), "its lease must not keep the tokens that the first left")
}

// Two that begin together find each other when they renew their leases: one of them stops.
func TestOneNameForTwoAtOnce(t *testing.T) {
	c := newMembers(t)
	c.hidden.Store(true)
	named := func(config *dual.Config) { config.Control, config.Instance, config.Lease = c, "api", time.Second }
	first, second := newGround(t, named), newGround(t, named)
	require.NoError(t, first.migration.Ready())
	require.NoError(t, second.migration.Ready())
	c.hidden.Store(false)
	require.Eventually(t, func() bool { return first.migration.Ready() != nil }, enough, time.Millisecond)
	require.ErrorIs(t, first.migration.Ready(), dual.ErrLeaseLost)
	require.NoError(t, second.migration.Ready())
}
