package dual_test

import (
	"context"
	"errors"
	"testing"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// filling is a fleet that reads new by key, which lacks what old alone held.
func filling(t *testing.T, how dual.Settings) *ground {
	t.Helper()
	g := newGround(t)
	g.old.notes["a"], g.old.notes["b"] = note{"a", "1"}, note{"b", "2"}
	g.set(dual.NewGuarded, how)
	return g
}

var (
	lookup       = dual.Settings{Fallback: dual.FallbackLookup}
	save         = dual.Settings{Fallback: dual.FallbackSave}
	errStoreDown = errors.New("down")
)

func TestFallbackReads(t *testing.T) {
	ctx := context.Background()
	t.Run("lookup asks the other store and copies nothing", func(t *testing.T) {
		g := filling(t, lookup)
		n, err := g.notes.Get(ctx, "a")
		require.NoError(t, err)
		assert.Equal(t, note{"a", "1"}, n)
		_, err = g.notes.Get(ctx, "none")
		assert.ErrorIs(t, err, errNotFound)
		assert.Empty(t, g.new.content())
		assert.Equal(t, int64(1), g.migration.Stats().FellBack)
	})
	t.Run("save copies", func(t *testing.T) {
		g := filling(t, save)
		_, err := g.notes.Get(ctx, "a")
		require.NoError(t, err)
		g.settle(t)
		assert.Equal(t, map[string]note{"a": {"a", "1"}}, g.new.content())
		assert.Empty(t, g.unclean())
		assert.Equal(t, int64(1), g.migration.Stats().Brought)
	})
	t.Run("an error is no miss", func(t *testing.T) {
		g := filling(t, save)
		g.new.fail(func(context.Context, string) error { return errStoreDown })
		_, err := g.notes.Get(ctx, "a")
		assert.ErrorIs(t, err, errStoreDown)
		assert.Zero(t, g.migration.Stats().FellBack)
	})
	t.Run("a key that was deleted and is unclean stays deleted", func(t *testing.T) {
		g := filling(t, save)
		g.old.fail(func(_ context.Context, call string) error {
			if call == "Delete" {
				return errStoreDown
			}
			return nil
		})
		require.NoError(t, g.notes.Delete(ctx, "a"))
		assert.Contains(t, g.old.content(), "a", "the mirror has failed")
		_, err := g.notes.Get(ctx, "a")
		assert.ErrorIs(t, err, errNotFound)
		g.old.fail(nil)
		g.repair(t)
		assert.NotContains(t, g.old.content(), "a")
		assert.NotContains(t, g.new.content(), "a")
	})
}

func TestFallbackWrites(t *testing.T) {
	ctx := context.Background()
	t.Run("an update brings what it updates", func(t *testing.T) {
		g := filling(t, lookup)
		n, err := g.notes.Append(ctx, "a", "!")
		require.NoError(t, err)
		assert.Equal(t, note{"a", "1!"}, n)
		assert.Equal(t, note{"a", "1!"}, g.new.content()["a"])
		assert.Equal(t, note{"a", "1!"}, g.old.content()["a"])
	})
	t.Run("a write of several keys brings each", func(t *testing.T) {
		g := filling(t, lookup)
		_, err := g.notes.PutAll(ctx, []note{{"a", "3"}, {"b", "3"}, {"c", "3"}})
		require.NoError(t, err)
		assert.Equal(t, g.new.content(), g.old.content())
		assert.Equal(t, int64(2), g.migration.Stats().Brought)
		assert.Empty(t, g.unclean())
	})
	t.Run("where a key cannot be brought, its write follows old", func(t *testing.T) {
		g := filling(t, lookup)
		g.new.fail(func(context.Context, string) error { return errStoreDown })
		_, err := g.notes.Append(ctx, "a", "!")
		require.NoError(t, err)
		assert.Equal(t, note{"a", "1!"}, g.old.content()["a"])
		require.Len(t, g.unclean(), 1)
		assert.Equal(t, dual.Old, g.unclean()[0].Primary)
		n, err := g.notes.Get(ctx, "a")
		require.NoError(t, err, "it is read from old")
		assert.Equal(t, "1!", n.Text)
		g.new.fail(nil)
		g.repair(t)
		assert.Equal(t, g.old.content()["a"], g.new.content()["a"])
	})
	t.Run("writes of unknown keys run on old first", func(t *testing.T) {
		g := filling(t, lookup)
		require.NoError(t, g.notes.Clear(ctx))
		assert.Equal(t, []string{"Clear"}, g.old.called())
		require.Len(t, g.unclean(), 1)
		assert.Equal(t, dual.Old, g.unclean()[0].Primary)
	})
	t.Run("a key that the primary makes is made by old", func(t *testing.T) {
		g := filling(t, lookup)
		n, err := g.notes.Create(ctx, "text")
		require.NoError(t, err)
		assert.Equal(t, "old1", n.ID)
		assert.Equal(t, n, g.new.content()["old1"])
	})
}

func TestFallbackBrings(t *testing.T) {
	ctx := context.Background()
	t.Run("bring", func(t *testing.T) {
		g := filling(t, lookup)
		lacked, err := dual.Bring(ctx, g.migration, noteKey("a"))
		require.NoError(t, err)
		assert.True(t, lacked)
		lacked, err = dual.Bring(ctx, g.migration, noteKey("a"))
		require.NoError(t, err)
		assert.False(t, lacked)
		g.set(dual.NewGuarded, dual.Settings{})
		_, err = dual.Bring(ctx, g.migration, noteKey("b"))
		assert.ErrorIs(t, err, dual.ErrNotFallingBack)
	})
	t.Run("a copy beside a write of the key is not the last word", func(t *testing.T) {
		g := filling(t, save)
		g.new.fail(func(_ context.Context, call string) error {
			if call != "Put" {
				return nil
			}
			g.new.fail(nil)
			return g.notes.Put(ctx, note{"a", "newer"}) // while the copy is on its way
		})
		_, err := dual.Bring(ctx, g.migration, noteKey("a"))
		require.NoError(t, err)
		n, err := g.notes.Get(ctx, "a")
		require.NoError(t, err)
		assert.Equal(t, "newer", n.Text)
		g.repair(t)
		assert.Equal(t, note{"a", "newer"}, g.new.content()["a"])
	})
	t.Run("in the phases of the complete store nothing falls back", func(t *testing.T) {
		g := filling(t, save)
		g.set(dual.OldGuarded, save)
		_, err := g.notes.Get(ctx, "none")
		assert.ErrorIs(t, err, errNotFound)
		assert.Empty(t, g.new.called())
	})
	t.Run("the journal decides, so that nothing is answered without it", func(t *testing.T) {
		g := newGround(t, func(c *dual.Config) { c.Journal = lame{journal.NewMemory()} })
		g.old.notes["a"] = note{"a", "1"}
		g.set(dual.NewGuarded, save)
		_, err := g.notes.Get(ctx, "a")
		assert.ErrorIs(t, err, dual.ErrJournalUnavailable)
	})
}

// lame is a journal that cannot be asked.
type lame struct{ journal.Journal }

func (lame) Lookup(context.Context, dual.Key) (journal.Entry, bool, error) {
	return journal.Entry{}, false, errors.New("lame")
}

// What is there is read without an allocation while reads fall back, too.
func TestFallbackAllocatesNothingForAHit(t *testing.T) {
	ctx := context.Background()
	g := newGround(t)
	g.set(dual.NewGuarded, dual.Settings{Fallback: dual.FallbackSave})
	d := newDualNotes(still{}, still{}, g.migration)
	assert.Zero(t, testing.AllocsPerRun(1000, func() { _, _ = d.Get(ctx, "42") }))
}

// missing is a notes that has nothing.
type missing struct{ notes }

//go:noinline
func (missing) Get(context.Context, string) (note, error) { return note{}, errNotFound }

// BenchmarkFallback shows, side by side, a read in the guarded phase, one that may fall back and need not, and one that falls back.
func BenchmarkFallback(b *testing.B) {
	ctx := context.Background()
	for _, c := range []struct {
		name     string
		settings dual.Settings
		new      notes
	}{
		{"off", dual.Settings{}, still{}},
		{"hit", dual.Settings{Fallback: dual.FallbackLookup}, still{}},
		{"miss", dual.Settings{Fallback: dual.FallbackLookup}, missing{}},
	} {
		g := newGround(&testing.T{})
		g.set(dual.NewGuarded, c.settings)
		d := newDualNotes(still{}, c.new, g.migration)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = d.Get(ctx, "42")
			}
		})
	}
}
