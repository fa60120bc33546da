package dual_test

import (
	"context"
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A scheduler of its own drives an instance step by step: nothing happens between the steps.
func TestManual(t *testing.T) {
	ctx := context.Background()
	now := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	store := control.NewMemory(control.WithClock(clock))
	require.NoError(t, control.Init(ctx, store, "test"))
	var started []func()
	h := &hooks.Hooks{
		Manual: true, Leases: true, Now: clock,
		Sleep: func(_ context.Context, d time.Duration) error { now = now.Add(d); return nil },
		Go:    func(f func()) { started = append(started, f) },
	}
	j := &faultyJournal{Journal: journal.NewMemory(journal.WithClock(clock))}
	m, err := dual.NewMigration(dual.Config{Control: store, Journal: j, Instance: "a", Lease: 10 * time.Second, Logger: quiet(), Hooks: h})
	require.NoError(t, err)
	old, new := newStore("old"), newStore("new")
	notes := newDualNotes(old, new, m)
	require.ErrorIs(t, notes.Put(ctx, note{"k", "text"}), dual.ErrNotReady)
	require.NoError(t, h.Follow(ctx))
	require.NoError(t, notes.Put(ctx, note{"k", "text"}))

	coordinator := control.NewCoordinator(store, j)
	_, err = coordinator.Advance(ctx, control.Step{Confirm: true})
	require.NoError(t, err)
	assert.Equal(t, dual.OldOnly, m.Phase())
	require.NoError(t, h.Follow(ctx))
	assert.Equal(t, dual.OldPrimary, m.Phase())
	require.NoError(t, notes.Put(ctx, note{"k", "text"}))
	assert.Equal(t, old.content(), new.content())

	j.end.Store(true)
	require.NoError(t, notes.Put(ctx, note{"k", "again"}))
	assert.Equal(t, 1, h.Retry(ctx))
	j.end.Store(false)
	assert.Zero(t, h.Retry(ctx))

	now = now.Add(11 * time.Second)
	require.ErrorIs(t, notes.Put(ctx, note{"k", "late"}), dual.ErrLeaseLost)
	require.NoError(t, h.Follow(ctx))
	require.NoError(t, notes.Put(ctx, note{"k", "in time"}))

	_, err = coordinator.Set(ctx, dual.Settings{Mirror: dual.Async}, control.Step{})
	require.NoError(t, err)
	require.NoError(t, h.Follow(ctx))
	require.NoError(t, notes.Put(ctx, note{"k", "later"}))
	require.Len(t, started, 1)
	assert.NotEqual(t, old.content(), new.content())
	started[0]()
	assert.Equal(t, old.content(), new.content())
	require.NoError(t, m.Close(ctx))
}
