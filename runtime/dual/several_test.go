package dual_test

import (
	"context"
	"errors"
	"testing"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/stretchr/testify/require"
)

// drafts are a second kind, beside notes.
var drafts = dual.Key{Kind: "draft", Whole: true}

// purge is a write on a note and on all drafts, as the generator writes it.
func purge(ctx context.Context, g *ground, method *dual.Method, id string) error {
	call, err := g.migration.Begin(method)
	if err != nil {
		return err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return g.notes.stores[store].Delete(ctx, id)
	}
	keys := []dual.Key{noteKey(id), drafts}
	return dual.WriteMany(ctx, call, &g.notes.stores, keys, id, nil,
		func(ctx context.Context, store notes, id string) error { return store.Delete(ctx, id) })
}

// TestSeveralKinds: while a write on several kinds runs, each of them is unclean, so that guarded reads of each follow. After it a whole
// kind among them stays unclean until a verify pass; a key that it names does not, once it is copied.
func TestSeveralKinds(t *testing.T) {
	ctx := context.Background()
	for name, failing := range map[string]bool{"succeeds": false, "fails": true} {
		t.Run(name, func(t *testing.T) {
			g := newGround(t)
			method := g.migration.Method(dual.MethodInfo{Name: "notes.Purge", Kind: dual.KindDelete, Mirror: dual.Copy})
			require.NoError(t, g.notes.Put(ctx, note{"k", "text"}))
			g.set(dual.OldGuarded, dual.Settings{})
			during := func(context.Context, string) error {
				require.Len(t, g.unclean(), 2, "both kinds have a token before the primary is written")
				if failing {
					return errors.New("refused")
				}
				return nil
			}
			g.old.fail(during)
			require.Equal(t, failing, purge(ctx, g, method, "k") != nil)
			var left []dual.Key
			for _, entry := range g.unclean() {
				require.Equal(t, dual.Old, entry.Primary)
				left = append(left, entry.Key)
			}
			if failing {
				require.ElementsMatch(t, []dual.Key{noteKey("k"), drafts}, left)
				return
			}
			require.Equal(t, []dual.Key{drafts}, left)
			require.Empty(t, g.new.content())
		})
	}
}

// TestSeveralKindsGoOneWay: of kinds that are unclean in opposite directions none is written.
func TestSeveralKindsGoOneWay(t *testing.T) {
	ctx := context.Background()
	g := newGround(t)
	method := g.migration.Method(dual.MethodInfo{Name: "notes.Purge", Kind: dual.KindDelete, Mirror: dual.Copy})
	g.set(dual.OldGuarded, dual.Settings{})
	require.NoError(t, g.journal.MarkDirty(ctx, []dual.Key{noteKey("k")}, dual.Old))
	require.NoError(t, g.journal.MarkDirty(ctx, []dual.Key{drafts}, dual.New))
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	require.Error(t, purge(ctx, g, method, "k"))
	require.NotContains(t, append(g.old.called(), g.new.called()...), "Delete")
}

// TestTransactionOnSeveralKinds: in a transaction too a write on several kinds holds the tokens of each until the commit. The keys that
// are known are copied then; the whole kind stays unclean.
func TestTransactionOnSeveralKinds(t *testing.T) {
	ctx := context.Background()
	g := newGround(t)
	books := newDualBooks(g, nil)
	method := g.migration.Method(dual.MethodInfo{Name: "notes.Purge", Kind: dual.KindDelete, Mirror: dual.Copy})
	require.NoError(t, g.notes.Put(ctx, note{"k", "text"}))
	g.set(dual.OldGuarded, dual.Settings{})
	require.NoError(t, books.InTx(ctx, func(view notes) error {
		v := view.(*txNotes)
		if err := v.tx.Write(ctx, method, noteKey("k"), drafts, noteKey("l")); err != nil {
			return err
		}
		require.Len(t, g.unclean(), 3)
		return v.notes.Put(ctx, note{"k", "changed"})
	}))
	require.Equal(t, "changed", g.new.content()["k"].Text)
	entries := g.unclean()
	require.Len(t, entries, 1)
	require.Equal(t, drafts, entries[0].Key)
}
