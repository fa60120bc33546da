package dual_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// withoutHandover is a journal that offers no more than it must.
type withoutHandover struct{ journal.Journal }

// A key that the primary made is clean once it was copied, outside of a transaction and inside, where the journal can hand
// the kind's token over. Where it cannot, the write's own two tokens overlap, and the key waits for another copy.
func TestMadeKeysAreClean(t *testing.T) {
	ctx := context.Background()
	for _, hands := range []bool{true, false} {
		for p := dual.OldPrimary; p <= dual.NewPrimary; p++ {
			t.Run(fmt.Sprint("handover ", hands, " ", p), func(t *testing.T) {
				g := newGround(t, func(c *dual.Config) {
					c.Journal = journal.NewMemory()
					if !hands {
						c.Journal = withoutHandover{c.Journal}
					}
				})
				g.set(p, dual.Settings{})
				_, err := g.notes.Create(ctx, "alone")
				require.NoError(t, err)
				require.NoError(t, newDualBooks(g, nil).InTx(ctx, func(tx notes) error {
					_, err := tx.Create(ctx, "inside")
					return err
				}))
				assert.Equal(t, g.old.content(), g.new.content())
				assert.Len(t, g.old.content(), 2)
				assert.Equal(t, hands, len(g.unclean()) == 0)
				for _, e := range g.unclean() {
					assert.False(t, e.Key.Whole || !e.Dirty || e.Active > 0, "%+v", e)
				}
			})
		}
	}
}

// A token on the kind that was taken away cannot be handed over: the caller hears that nobody may take notice of the write.
func TestMadeKeyWhoseKindsTokenIsLost(t *testing.T) {
	ctx := context.Background()
	j := &ownersJournal{Memory: journal.NewMemory()}
	g := newGround(t, func(c *dual.Config) { c.Journal = j })
	g.set(dual.OldPrimary, dual.Settings{})
	g.old.failAfter(func(context.Context, string) error {
		entry := g.unclean()[0]
		require.True(t, entry.Key.Whole)
		if err := g.journal.Renew(ctx, j.owner(), time.Nanosecond); err != nil {
			return err
		}
		time.Sleep(time.Millisecond)
		_, err := g.journal.Expire(ctx)
		return err
	})
	_, err := g.notes.Create(ctx, "made")
	require.ErrorIs(t, err, dual.ErrUnknown)
	require.Len(t, g.unclean(), 1)
	assert.True(t, g.unclean()[0].Key.Whole && g.unclean()[0].Dirty)
}

// TestSameKey: a copy that the store put under another key has failed.
func TestSameKey(t *testing.T) {
	asked, other := dual.Key{Kind: "User", ID: "1"}, dual.Key{Kind: "User", ID: "2"}
	if err := dual.SameKey(asked, asked); err != nil {
		t.Error(err)
	}
	if err := dual.SameKey(asked, other); err == nil {
		t.Error("an entity under another key counts as copied")
	}
}

// TestStrayIsMarked: the key under which a store has put a copy of another one is unclean, and follows the store that the copy is from.
func TestStrayIsMarked(t *testing.T) {
	g := newGround(t)
	g.set(dual.NewPrimary, dual.Settings{})
	dual.AddEntity(g.migration, &g.notes.stores, dual.Entity[notes, note]{
		Kind: "note", Key: func(n note) dual.Key { return noteKey(n.ID) },
		Get: func(ctx context.Context, store notes, key dual.Key) (note, bool, error) {
			n, err := store.Get(ctx, key.ID)
			if errors.Is(err, errNotFound) {
				return note{}, false, nil
			}
			return n, err == nil, err
		},
		Put: func(ctx context.Context, store notes, n note) error { return store.Put(ctx, n) },
		Create: func(ctx context.Context, store notes, n note) error {
			made, err := store.Create(ctx, n.Text)
			if err != nil {
				return err
			}
			return dual.SameKey(noteKey(n.ID), noteKey(made.ID))
		},
		Diff: diffNotes,
	})
	g.new.reset(map[string]note{"k": {"k", "new"}})
	_, err := g.notes.Append(t.Context(), "k", "er")
	require.NoError(t, err)
	unclean := map[string]dual.Store{}
	for _, entry := range g.unclean() {
		require.True(t, entry.Dirty, "%+v", entry)
		unclean[entry.Key.ID] = entry.Primary
	}
	require.Equal(t, map[string]dual.Store{"k": dual.New, "old1": dual.New}, unclean)
}
