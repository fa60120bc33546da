package dual_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestQueued(t *testing.T) {
	ctx := context.Background()
	queued := dual.Settings{Mirror: dual.Queued}
	t.Run("the mirror is left alone, and the reconciler copies", func(t *testing.T) {
		g := newGround(t)
		g.set(dual.OldPrimary, queued)
		require.NoError(t, g.notes.Put(ctx, note{"a", "1"}))
		_, err := g.notes.Append(ctx, "a", "2")
		require.NoError(t, err)
		_, err = g.notes.PutAll(ctx, []note{{"b", "1"}, {"c", "1"}})
		require.NoError(t, err)
		_, err = g.notes.Create(ctx, "made")
		require.NoError(t, err)
		assert.Empty(t, g.new.called())
		assert.Len(t, g.unclean(), 4)
		assert.Equal(t, int64(4), g.migration.Stats().Queued)
		g.repair(t)
		assert.Equal(t, g.old.content(), g.new.content())
	})
	t.Run("a key that is written all the time settles all the same", bubble(func(t *testing.T) {
		j := journal.NewMemory()
		g := newGround(t, func(c *dual.Config) { c.Journal, c.Settle = j, 10*time.Second })
		g.set(dual.OldPrimary, queued)
		for range 20 {
			require.NoError(t, g.notes.Put(ctx, note{"a", "1"}))
			time.Sleep(time.Second)
		}
		require.Len(t, g.unclean(), 1)
		assert.GreaterOrEqual(t, g.unclean()[0].Settled, 19*time.Second, "each write would begin the settle window anew")
	}))
	t.Run("without the journal it is copied at once", func(t *testing.T) {
		g := newGround(t, func(c *dual.Config) { c.Journal = beginless{journal.NewMemory()} })
		g.set(dual.OldPrimary, queued)
		require.NoError(t, g.notes.Put(ctx, note{"a", "1"}))
		assert.Equal(t, g.old.content(), g.new.content())
	})
}

// beginless is a journal in which no token can be taken.
type beginless struct{ journal.Journal }

func (beginless) Begin(context.Context, string, dual.Key, dual.Store) (journal.Token, error) {
	return journal.Token{}, errors.New("beginless")
}
