package dual_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func withFaultyJournal(t *testing.T, configure ...func(*dual.Config)) (*ground, *faultyJournal) {
	t.Helper()
	j := &faultyJournal{Journal: journal.NewMemory()}
	configure = append(configure, func(c *dual.Config) { c.Journal = j })
	return newGround(t, configure...), j
}

func TestWritesWithoutJournal(t *testing.T) {
	ctx := context.Background()
	for _, p := range []dual.Phase{dual.OldPrimary, dual.NewPrimary} {
		t.Run(p.String(), func(t *testing.T) {
			g, j := withFaultyJournal(t)
			g.set(p, dual.Settings{})
			j.begin.Store(true)
			require.NoError(t, g.notes.Put(ctx, note{"k", "text"}), "the primary phases do without the journal")
			_, err := g.notes.PutAll(ctx, []note{{"l", "text"}, {"m", "text"}})
			require.NoError(t, err)
			_, err = g.notes.Create(ctx, "made")
			require.NoError(t, err)
			assert.Equal(t, g.old.content(), g.new.content(), "the mirror is attempted")
			require.Eventually(t, func() bool {
				record, err := g.control.Load(ctx)
				return err == nil && record.ParityVoid && record.Voids > 0
			}, enough, time.Millisecond, "the proof of parity is void")
			assert.EqualValues(t, 3, g.migration.Stats().Unjournaled)
		})
	}
	for _, p := range []dual.Phase{dual.OldGuarded, dual.NewGuarded} {
		t.Run(p.String(), func(t *testing.T) {
			g, j := withFaultyJournal(t)
			g.set(p, dual.Settings{})
			j.begin.Store(true)
			require.ErrorIs(t, g.notes.Put(ctx, note{"k", "text"}), dual.ErrJournalUnavailable)
			assert.Empty(t, g.old.called())
			assert.Empty(t, g.new.called())
			j.lookup.Store(true)
			_, err := g.notes.Get(ctx, "k")
			require.ErrorIs(t, err, dual.ErrJournalUnavailable)
			assert.Empty(t, g.old.called())
			record, err := g.control.Load(ctx)
			require.NoError(t, err)
			assert.False(t, record.ParityVoid)
		})
	}
	g, j := withFaultyJournal(t)
	j.begin.Store(true)
	require.NoError(t, g.notes.Put(ctx, note{"k", "text"}), "a single store needs no journal")
	assert.Zero(t, g.migration.Stats().JournalFailed)
}

// An instance acknowledges no later epoch before the void of its parity is stored.
func TestVoidComesBeforeTheNextEpoch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		remote := &remoteControl{Control: control.NewMemory()}
		require.NoError(t, control.Init(ctx, remote.Control, "test"))
		g, j := withFaultyJournal(t, func(c *dual.Config) { c.Control = remote })
		g.set(dual.OldPrimary, dual.Settings{})
		remote.readOnly.Store(true)
		j.begin.Store(true)
		require.NoError(t, g.notes.Put(ctx, note{"k", "text"}))
		j.begin.Store(false)
		before := g.migration.Status().Acked
		_, err := control.Update(ctx, remote.Control, func(r *control.Record) error {
			r.Epoch++
			r.Phase = dual.OldGuarded
			return nil
		})
		require.NoError(t, err)
		require.Eventually(t, func() bool { return g.migration.Phase() == dual.OldGuarded }, enough, time.Millisecond)
		time.Sleep(50 * time.Millisecond)
		assert.Equal(t, before, g.migration.Status().Acked)
		assert.Contains(t, g.migration.Status().Note, "cannot be voided")
		remote.readOnly.Store(false)
		require.Eventually(t, func() bool { return g.migration.Status().Acked > before }, enough, time.Millisecond)
		record, err := remote.Load(ctx)
		require.NoError(t, err)
		assert.True(t, record.ParityVoid)
	})
}

// An end that fails is repeated in the background, and the caller is none the wiser.
func TestEndIsRetried(t *testing.T) {
	for _, after := range []bool{false, true} {
		g, j := withFaultyJournal(t)
		g.set(dual.OldGuarded, dual.Settings{})
		j.after.Store(after)
		j.end.Store(true)
		require.NoError(t, g.notes.Put(context.Background(), note{"k", "text"}))
		_, err := g.notes.PutAll(context.Background(), []note{{"l", "text"}})
		require.NoError(t, err)
		assert.EqualValues(t, 2, g.migration.Stats().Retrying)
		j.end.Store(false)
		require.Eventually(t, func() bool { return g.migration.Stats().Retrying == 0 }, enough, time.Millisecond)
		assert.Empty(t, g.unclean())
		assert.NotZero(t, g.migration.Stats().JournalFailed)
	}
}

// A token that nobody knows of, because Begin had its effect and failed, is taken away with its owner's lease.
func TestUnknownTokenExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		g, j := withFaultyJournal(t, func(c *dual.Config) { c.Lease = 200 * time.Millisecond })
		g.set(dual.OldGuarded, dual.Settings{})
		j.after.Store(true)
		j.begin.Store(true)
		require.ErrorIs(t, g.notes.Put(ctx, note{"k", "text"}), dual.ErrJournalUnavailable)
		j.begin.Store(false)
		require.Len(t, g.unclean(), 1)
		assert.Equal(t, 1, g.unclean()[0].Active)
		require.Eventually(t, func() bool {
			_, err := j.Expire(ctx)
			return err == nil && g.unclean()[0].Active == 0
		}, enough, 10*time.Millisecond)
		require.NoError(t, g.notes.Put(ctx, note{"l", "text"}))
		n, err := j.Expire(ctx)
		require.NoError(t, err)
		assert.Zero(t, n)
		g.repair(t)
	})
}

// A write whose token was taken away while it ran is not acknowledged, and its key is marked.
func TestLostToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		g, j := withFaultyJournal(t)
		g.set(dual.NewPrimary, dual.Settings{})
		g.new.failAfter(func(context.Context, string) error {
			entries, err := g.journal.Unclean(ctx, journal.Query{})
			if err != nil || len(entries) != 1 {
				return errBroken
			}
			// Somebody else ends the token, as an expiry does, and copies the key.
			return g.journal.End(ctx, entries[0].Key, *j.taken.Load(), true)
		})
		err := g.notes.Put(ctx, note{"k", "text"})
		require.ErrorIs(t, err, dual.ErrUnknown)
		require.ErrorIs(t, err, journal.ErrTokenLost)
		require.Eventually(t, func() bool { return len(g.unclean()) == 1 }, enough, time.Millisecond, "the key is marked")
		assert.Equal(t, dual.New, g.unclean()[0].Primary, "as the phase says")
		assert.EqualValues(t, 1, g.migration.Stats().Unknown)
	})
}

// Keys that are unclean in opposite directions are waited for.
func TestConflict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		g := newGround(t)
		g.set(dual.OldGuarded, dual.Settings{})
		require.NoError(t, g.journal.MarkDirty(ctx, []dual.Key{noteKey("a")}, dual.Old))
		require.NoError(t, g.journal.MarkDirty(ctx, []dual.Key{noteKey("b")}, dual.New))
		short, cancel := context.WithTimeout(ctx, 30*time.Millisecond)
		defer cancel()
		_, err := g.notes.PutAll(short, []note{{"a", "1"}, {"b", "2"}})
		require.Error(t, err)
		assert.Empty(t, g.old.called(), "nothing was done")
		assert.Empty(t, g.new.called())
		time.AfterFunc(30*time.Millisecond, func() {
			token, ok, err := g.journal.BeginCopy(ctx, "reconciler", noteKey("b"), 0)
			if err == nil && ok {
				_ = g.journal.End(ctx, noteKey("b"), token, true)
			}
		})
		_, err = g.notes.PutAll(ctx, []note{{"a", "1"}, {"b", "2"}})
		require.NoError(t, err)
		assert.Equal(t, g.old.content(), g.new.content())
	})
}

// shortJournal takes no long keys.
type shortJournal struct{ journal.Journal }

func (j shortJournal) Begin(ctx context.Context, owner string, key journal.Key, primary dual.Store) (journal.Token, error) {
	if len(key.ID) > 3 {
		return journal.Token{}, journal.ErrKeyTooLong
	}
	return j.Journal.Begin(ctx, owner, key, primary)
}

// A key that the journal cannot hold is its caller's error, and nobody else's: nothing is written, and parity is not void.
func TestKeyTooLong(t *testing.T) {
	ctx := context.Background()
	for _, p := range mirroredPhases {
		g := newGround(t, func(c *dual.Config) { c.Journal = shortJournal{journal.NewMemory()} })
		g.set(p, dual.Settings{})
		require.ErrorIs(t, g.notes.Put(ctx, note{"long", "text"}), journal.ErrKeyTooLong)
		require.NoError(t, g.notes.Put(ctx, note{"ok", "text"}))
		assert.Equal(t, map[string]note{"ok": {"ok", "text"}}, g.old.content())
		assert.Zero(t, g.migration.Stats().Unjournaled)
		assert.Zero(t, g.migration.Stats().JournalFailed)
	}
}
