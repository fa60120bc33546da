package dual_test

import (
	"context"
	"errors"
	"testing"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTransactionInside runs the tests of transactions again, with a wrapper made inside the transaction in the place of its view: what a
// transaction hands out takes the same tokens, is guarded, copied and rolled back alike.
func TestTransactionInside(t *testing.T) {
	for _, test := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"Protocol", TestTransactionProtocol},
		{"TokensComeFirst", TestTransactionTokensComeFirst},
		{"IsRolledBackWhereAKeyIsBusy", TestTransactionIsRolledBackWhereAKeyIsBusy},
		{"ReadsAreGuarded", TestTransactionReadsAreGuarded},
		{"MakesKeys", TestTransactionMakesKeys},
		{"GoesOnAfterAFailedCreate", TestTransactionGoesOnAfterAFailedCreate},
		{"OnAWholeKind", TestTransactionOnAWholeKind},
		{"WithoutJournal", TestTransactionWithoutJournal},
		{"ViewEndsWithIt", TestTransactionsViewEndsWithIt},
		{"InOddStores", TestTransactionInOddStores},
		{"IsRefusedWhereWritesAreFrozen", TestTransactionIsRefusedWhereWritesAreFrozen},
		{"MadeKeysAreClean", TestMadeKeysAreClean},
	} {
		t.Run(test.name, test.run)
	}
}

// A wrapper made inside a transaction tells nobody of its kinds, which it could copy from the store of that transaction alone, and its
// calls are counted as those of the wrapper outside.
func TestWrapperInsideATransaction(t *testing.T) {
	ctx := context.Background()
	g := newGround(t)
	g.set(dual.OldPrimary, dual.Settings{})
	tells := dual.MethodInfo{Name: "notes.InTx", Kind: dual.KindTransaction}
	call, err := g.migration.Begin(g.migration.Method(tells))
	require.NoError(t, err)
	defer call.End()
	before := g.migration.Copiers()
	g.migration.Method(listedInfo)
	methods := len(g.migration.Stats().Methods)
	var kept notes
	err = dual.Transact(ctx, call, func(ctx context.Context, _ dual.Store, tx *dual.Tx) error {
		return g.old.InTx(ctx, func(view notes) error {
			return tx.Run(func() error { return errors.Join(insideListed(ctx, tx.Migration(), view), errBroken) })
		})
	})
	require.ErrorIs(t, err, errBroken)
	require.Empty(t, g.unclean(), "what was rolled back has not been")
	err = dual.Transact(ctx, call, func(ctx context.Context, store dual.Store, tx *dual.Tx) error {
		return g.old.InTx(ctx, func(view notes) error {
			return tx.Run(func() error {
				inside := newDualNotes(view, nil, tx.Migration())
				dual.AddUncopied(tx.Migration(), dual.Uncopied{Kind: "mark"})
				dual.AddRefused(tx.Migration(), "notes", func(error) bool { return true })
				assert.Equal(t, before, g.migration.Copiers(), "the kinds of the wrapper outside are replaced")
				kept = inside
				require.NoError(t, inside.Lock(ctx))
				_, err := inside.Append(ctx, "k", "text")
				return errors.Join(err, insideListed(ctx, tx.Migration(), view))
			})
		})
	})
	require.NoError(t, err)
	require.ErrorIs(t, kept.Lock(ctx), dual.ErrTransactionOver)
	require.Len(t, g.unclean(), 1, "a listed write leaves its kind to a verify pass, as in every transaction")
	assert.Equal(t, dual.Key{Kind: "listed", Whole: true}, g.unclean()[0].Key)
	assert.Equal(t, methods, len(g.migration.Stats().Methods))
	assert.Equal(t, "text", g.new.content()["k"].Text)
	assert.Equal(t, int64(1), g.migration.Stats().Methods["notes.Append"].Calls)
	require.NoError(t, g.notes.Put(ctx, note{"l", "outside"}))
	assert.Equal(t, "outside", g.new.content()["l"].Text)
}

var listedInfo = dual.MethodInfo{Name: "notes.Expire", Kind: dual.KindDelete, Mirror: dual.Copy}

// insideListed makes a write whose keys would be listed outside of a transaction.
func insideListed(ctx context.Context, migration *dual.Migration, view notes) error {
	call, err := migration.Begin(migration.Method(listedInfo))
	if err != nil {
		return err
	}
	defer call.End()
	_, err = dual.WriteListed(ctx, call, &[2]notes{view}, "listed", struct{}{},
		func(context.Context, notes, struct{}) ([]dual.Key, error) {
			panic("a transaction may list less than it writes")
		},
		func(ctx context.Context, store notes, _ struct{}) (struct{}, error) {
			return struct{}{}, store.Put(ctx, note{"m", "listed"})
		})
	return err
}

// A transaction that a wrapper inside of one runs is the store's, and ends nothing of the outer one's.
func TestTransactionWithinAWrapperInside(t *testing.T) {
	ctx := context.Background()
	g := newGround(t)
	g.set(dual.OldPrimary, dual.Settings{})
	inTx := dual.MethodInfo{Name: "notes.InTx", Kind: dual.KindTransaction}
	call, err := g.migration.Begin(g.migration.Method(inTx))
	require.NoError(t, err)
	defer call.End()
	err = dual.Transact(ctx, call, func(ctx context.Context, _ dual.Store, tx *dual.Tx) error {
		return g.old.InTx(ctx, func(view notes) error {
			return tx.Run(func() error {
				migration := tx.Migration()
				nested, err := migration.Begin(migration.Method(inTx))
				require.NoError(t, err)
				defer nested.End()
				inner := dual.Transact(ctx, nested, func(ctx context.Context, _ dual.Store, tx *dual.Tx) error {
					return tx.Run(func() error { return newDualNotes(view, nil, tx.Migration()).Put(ctx, note{"k", "inner"}) })
				})
				assert.Empty(t, g.new.content(), "the inner one has ended, and the outer one is not committed")
				assert.Len(t, g.unclean(), 1, "its token is held")
				return inner
			})
		})
	})
	require.NoError(t, err)
	assert.Equal(t, "inner", g.new.content()["k"].Text)
	assert.Empty(t, g.unclean())
}
