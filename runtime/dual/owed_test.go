package dual_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// to puts the record at another phase and waits, in a bubble, until the instance has had time to follow.
func (g *ground) to(p dual.Phase, settings dual.Settings) (epoch uint64) {
	g.t.Helper()
	record, err := control.Update(context.Background(), g.control, func(r *control.Record) error {
		r.Epoch++
		r.Phase, r.Settings = p, settings
		return nil
	})
	require.NoError(g.t, err)
	time.Sleep(30 * time.Second)
	return record.Epoch
}

// An instance acknowledges no later epoch before a key whose token was taken away is marked: once the fleet has moved on, the record
// may name the other store.
func TestMarksComeBeforeTheNextEpoch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		j := &faultyJournal{Journal: journal.NewMemory()}
		g, _ := leased(t, func(c *dual.Config) { c.Journal = j })
		before := g.to(dual.OldPrimary, dual.Settings{})
		require.Equal(t, before, g.migration.Status().Acked)
		j.marks.Store(true)
		g.old.failAfter(func(context.Context, string) error { return j.Journal.End(ctx, noteKey("k"), *j.taken.Load(), true) })
		require.ErrorIs(t, g.notes.Put(ctx, note{"k", "text"}), dual.ErrUnknown)
		after := g.to(dual.OldGuarded, dual.Settings{})
		assert.Equal(t, dual.OldGuarded, g.migration.Phase())
		assert.Equal(t, before, g.migration.Status().Acked)
		assert.Contains(t, g.migration.Status().Note, "mark keys")
		assert.Empty(t, g.unclean())
		j.marks.Store(false)
		time.Sleep(30 * time.Second)
		assert.Equal(t, after, g.migration.Status().Acked)
		require.Len(t, g.unclean(), 1)
		assert.Equal(t, dual.Old, g.unclean()[0].Primary)
	})
}

// A mirror's leg that waits for a worker until the instance's lease has run out writes nothing: the key may be another's by then.
func TestLateMirrorWithoutLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		g, remote := leased(t, func(c *dual.Config) { c.Workers = 1 })
		g.to(dual.OldPrimary, dual.Settings{Mirror: phase.Async})
		leave := make(chan struct{})
		g.new.fail(func(context.Context, string) error { <-leave; return nil })
		require.NoError(t, g.notes.Put(ctx, note{"first", "text"}))
		synctest.Wait()
		require.NoError(t, g.notes.Put(ctx, note{"second", "text"}))
		remote.down.Store(true)
		time.Sleep(20 * time.Second)
		close(leave)
		synctest.Wait()
		assert.Len(t, g.new.called(), 1, "the second never began")
		assert.NotContains(t, g.new.content(), "second")
		remote.down.Store(false)
		time.Sleep(time.Minute)
		entry, unclean, err := g.journal.Lookup(ctx, noteKey("second"))
		require.NoError(t, err)
		require.True(t, unclean)
		assert.Equal(t, dual.Old, entry.Primary)
	})
}
