package dual_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// InTx runs f over a copy of the notes, and makes that the store's own if f succeeds. The hooks see a call Commit.
func (s *store) InTx(ctx context.Context, f func(notes) error) error {
	s.mu.Lock()
	inside := &store{name: s.name, notes: maps.Clone(s.notes), made: s.made, hook: s.hook, after: s.after}
	s.mu.Unlock()
	if err := f(inside); err != nil {
		return err
	}
	return s.do(ctx, "Commit", func() error { s.notes, s.made = inside.notes, inside.made; return nil })
}

// dualBooks is a dualNotes with transactions.
type dualBooks struct {
	*dualNotes
	inTx   *dual.Method
	inside bool // a transaction is given a wrapper made inside it, as what hands out repositories of its own gives
}

func newDualBooks(g *ground, noEffect func(error) bool) *dualBooks {
	info := dual.MethodInfo{Name: "notes.InTx", Kind: dual.KindTransaction, NoEffect: noEffect}
	return &dualBooks{g.notes, g.migration.Method(info), strings.HasPrefix(g.t.Name(), "TestTransactionInside/")}
}

func (d *dualBooks) InTx(ctx context.Context, f func(notes) error) error {
	call, err := d.migration.Begin(d.inTx)
	if err != nil {
		return err
	}
	defer call.End()
	if store, ok := call.Single(); ok && !d.inside {
		return d.stores[store].(*store_).InTx(ctx, f)
	}
	return dual.Transact(ctx, call, func(ctx context.Context, store dual.Store, tx *dual.Tx) error {
		return d.stores[store].(*store_).InTx(ctx, func(view notes) error {
			if d.inside {
				var stores [2]notes // the other one is not there
				stores[store] = view
				return tx.Run(func() error { return f(newDualNotes(stores[dual.Old], stores[dual.New], tx.Migration())) })
			}
			return tx.Run(func() error { return f(&txNotes{view, d, tx}) })
		})
	})
}

// store_ is store, where a variable has its name.
type store_ = store

// txNotes is what a transaction is given, as the generator writes it.
type txNotes struct {
	notes
	books *dualBooks
	tx    *dual.Tx
}

func (v *txNotes) Get(ctx context.Context, id string) (note, error) {
	if err := v.tx.Read(ctx, v.books.get, noteKey(id)); err != nil {
		return note{}, err
	}
	return v.notes.Get(ctx, id)
}

func (v *txNotes) Put(ctx context.Context, n note) error {
	if err := v.tx.Write(ctx, v.books.put, noteKey(n.ID)); err != nil {
		return err
	}
	return v.notes.Put(ctx, n)
}

func (v *txNotes) PutAll(ctx context.Context, all []note) (int, error) {
	keys := make([]dual.Key, len(all))
	for i, n := range all {
		keys[i] = noteKey(n.ID)
	}
	if err := v.tx.Write(ctx, v.books.putAll, keys...); err != nil {
		return 0, err
	}
	return v.notes.PutAll(ctx, all)
}

func (v *txNotes) Delete(ctx context.Context, id string) error {
	if err := v.tx.Write(ctx, v.books.delete, noteKey(id)); err != nil {
		return err
	}
	return v.notes.Delete(ctx, id)
}

func (v *txNotes) Create(ctx context.Context, text string) (note, error) {
	made, err := v.tx.Make(ctx, v.books.create, "note")
	if err != nil {
		return note{}, err
	}
	n, err := v.notes.Create(ctx, text)
	return n, made.Key(ctx, err, func() dual.Key { return noteKey(n.ID) })
}

func (v *txNotes) Clear(ctx context.Context) error {
	if err := v.tx.Write(ctx, v.books.clear, dual.Key{Kind: "note", Whole: true}); err != nil {
		return err
	}
	return v.notes.Clear(ctx)
}

// before is what both stores hold when a test begins.
func before() map[string]note {
	return map[string]note{"k": {"k", "before"}, "gone": {"gone", "before"}}
}

// move is a transaction over several keys.
func move(tx notes) error {
	ctx := context.Background()
	k, err := tx.Get(ctx, "k")
	if err != nil {
		return err
	}
	_, err = tx.PutAll(ctx, []note{{"l", k.Text + "+"}, {"m", "new"}})
	if err = errors.Join(err, tx.Delete(ctx, "gone"), tx.Put(ctx, note{"k", "first"}), tx.Put(ctx, note{"k", "after"})); err != nil {
		return err
	}
	if again, err := tx.Get(ctx, "k"); err != nil || again.Text != "after" {
		return fmt.Errorf("the transaction does not see its own write: %v, %w", again, err)
	}
	return nil
}

var moved = map[string]note{"k": {"k", "after"}, "l": {"l", "before+"}, "m": {"m", "new"}}

// ending is a way in which a transaction ends.
type ending struct {
	name       string
	end        func(notes) error                       // after the transaction's calls
	hook       func(g *ground, primary, mirror *store) // what goes wrong in a store
	noEffect   func(error) bool
	fails      bool // the caller gets an error
	takesPlace bool // the primary holds what it did
	clean      bool // nothing is left to be copied
}

func endings() []ending {
	on := func(name string, err error) func(context.Context, string) error {
		return func(_ context.Context, call string) error {
			if call == name {
				return err
			}
			return nil
		}
	}
	return []ending{
		{name: "commit", takesPlace: true, clean: true},
		{name: "the function fails", end: func(notes) error { return errBroken }, fails: true, clean: true},
		{name: "the function panics", end: func(notes) error { panic(errBroken) }, fails: true},
		{name: "the commit fails", fails: true, hook: func(_ *ground, primary, _ *store) { primary.fail(on("Commit", errBroken)) }},
		{name: "the commit fails after its effect", fails: true, takesPlace: true,
			hook: func(_ *ground, primary, _ *store) { primary.failAfter(on("Commit", errBroken)) }},
		{name: "the commit fails and says that nothing was done", fails: true, clean: true,
			noEffect: func(err error) bool { return errors.Is(err, errBroken) },
			hook:     func(_ *ground, primary, _ *store) { primary.fail(on("Commit", errBroken)) }},
		{name: "the mirror fails", takesPlace: true, hook: func(_ *ground, _, mirror *store) { mirror.fail(on("Put", errBroken)) }},
	}
}

// In every phase and by every end, the caller hears what the primary said, and what was touched is clean if and only if both
// stores are known to agree.
func TestTransactionProtocol(t *testing.T) {
	for p := dual.OldOnly; p <= dual.NewOnly; p++ {
		for _, mode := range []phase.Mirror{phase.Inline, phase.AsyncGuarded} {
			settings := dual.Settings{Mirror: mode}
			if settings.Validate(p) != nil {
				continue
			}
			for _, e := range endings() {
				t.Run(fmt.Sprint(p, " ", mode, " ", e.name), func(t *testing.T) { checkTransaction(t, p, settings, e) })
			}
		}
	}
}

func checkTransaction(t *testing.T, p dual.Phase, settings dual.Settings, e ending) {
	g := newGround(t)
	g.set(p, settings)
	books := newDualBooks(g, e.noEffect)
	stores := [2]*store{g.old, g.new}
	primary, mirror := stores[p.Primary()], stores[p.Primary().Other()]
	for _, s := range stores {
		s.reset(before())
	}
	if e.hook != nil {
		e.hook(g, primary, mirror)
	}
	err, panicked := call(func() error {
		return books.InTx(context.Background(), func(tx notes) error {
			if err := move(tx); err != nil || e.end == nil {
				return err
			}
			return e.end(tx)
		})
	})
	g.settle(t)
	for _, s := range stores {
		s.fail(nil)
		s.failAfter(nil)
	}
	want := before()
	if e.takesPlace {
		want = moved
	}
	assert.Equal(t, e.fails, err != nil || panicked, "%v", err)
	assert.Equal(t, want, primary.content(), "the primary")
	switch {
	case !p.Mirrored():
		assert.Equal(t, before(), mirror.content(), "nobody writes the other store in %v", p)
		assert.Empty(t, g.unclean())
		return
	case e.clean:
		assert.Empty(t, g.unclean())
		assert.Equal(t, want, mirror.content(), "the mirror")
	default:
		assert.Len(t, g.unclean(), 4, "all that was touched is dirty")
	}
	g.repair(t)
	assert.Equal(t, want, mirror.content(), "the mirror after a copy of what is unclean")
}

// A transaction holds the tokens of all that it touched from before its first write until the mirror is written: whoever dies
// in between leaves no silent difference. Without the tokens it does.
func TestTransactionTokensComeFirst(t *testing.T) {
	for _, off := range []bool{false, true} {
		t.Run(fmt.Sprint("off ", off), func(t *testing.T) {
			g := newGround(t, func(c *dual.Config) { c.Hooks = &hooks.Hooks{Off: hooks.Rules{NoTxTokens: off}} })
			g.set(dual.OldGuarded, dual.Settings{})
			books := newDualBooks(g, nil)
			g.old.reset(before())
			g.new.reset(before())
			silent := false
			g.old.failAfter(func(_ context.Context, call string) error {
				if call == "Commit" { // an instance that dies here leaves the stores and the journal as they are now
					silent = !maps.Equal(g.old.content(), g.new.content()) && len(g.unclean()) < 4
				}
				return nil
			})
			require.NoError(t, books.InTx(context.Background(), move))
			assert.Equal(t, off, silent, "the stores differ, and the journal does not know")
		})
	}
}

// callOnK is a transaction's call on the key k.
type callOnK struct {
	name string
	call func(ctx context.Context, tx notes) error
}

func callsOnK() []callOnK {
	return []callOnK{
		{"a write", func(ctx context.Context, tx notes) error { return tx.Put(ctx, note{"k", "after"}) }},
		{"a write on several keys", func(ctx context.Context, tx notes) error {
			_, err := tx.PutAll(ctx, []note{{"j", "new"}, {"k", "after"}})
			return err
		}},
		{"a write on the kind", func(ctx context.Context, tx notes) error { return tx.Clear(ctx) }},
		{"a read", func(ctx context.Context, tx notes) error { _, err := tx.Get(ctx, "k"); return err }},
	}
}

// A call on a key whose newer value is in the other store cannot wait for it, since the transaction may hold what the copy of
// the key needs: all is rolled back, whatever the caller's function makes of the error.
func TestTransactionIsRolledBackWhereAKeyIsBusy(t *testing.T) {
	for _, c := range callsOnK() {
		t.Run(c.name, func(t *testing.T) {
			ctx := context.Background()
			g := newGround(t)
			g.set(dual.NewGuarded, dual.Settings{})
			books := newDualBooks(g, nil)
			g.new.reset(before())
			require.NoError(t, g.journal.MarkDirty(ctx, []journal.Key{noteKey("k")}, dual.Old))
			err := books.InTx(ctx, func(tx notes) error {
				require.NoError(t, tx.Put(ctx, note{"l", "new"}))
				require.ErrorIs(t, c.call(ctx, tx), dual.ErrBusy)
				require.ErrorIs(t, tx.Put(ctx, note{"m", "new"}), dual.ErrBusy, "the transaction is lost")
				return nil
			})
			require.ErrorIs(t, err, dual.ErrBusy)
			assert.Equal(t, before(), g.new.content())
			unclean := g.unclean()
			require.Len(t, unclean, 1)
			assert.Equal(t, journal.Entry{Key: noteKey("k"), Primary: dual.Old, Dirty: true},
				journal.Entry{Key: unclean[0].Key, Primary: unclean[0].Primary, Dirty: unclean[0].Dirty, Active: unclean[0].Active})
		})
	}
}

// Without the guard, a transaction reads what another instance's acknowledged write has replaced.
func TestTransactionReadsAreGuarded(t *testing.T) {
	for _, off := range []bool{false, true} {
		t.Run(fmt.Sprint("off ", off), bubble(func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
			defer cancel()
			g := newGround(t, func(c *dual.Config) { c.Hooks = &hooks.Hooks{Off: hooks.Rules{NoGuard: off}} })
			g.set(dual.NewGuarded, dual.Settings{})
			books := newDualBooks(g, nil)
			g.old.reset(map[string]note{"k": {"k", "acknowledged"}})
			g.new.reset(before())
			require.NoError(t, g.journal.MarkDirty(ctx, []journal.Key{noteKey("k")}, dual.Old))
			stale := false
			_ = books.InTx(ctx, func(tx notes) error {
				n, err := tx.Get(ctx, "k")
				stale = err == nil && n.Text != "acknowledged"
				return err
			})
			assert.Equal(t, off, stale)
		}))
	}
}

func TestTransactionMakesKeys(t *testing.T) {
	ctx := context.Background()
	for _, rollback := range []bool{false, true} {
		g := newGround(t)
		g.set(dual.OldPrimary, dual.Settings{})
		books := newDualBooks(g, nil)
		err := books.InTx(ctx, func(tx notes) error {
			for range 2 {
				if _, err := tx.Create(ctx, "made"); err != nil {
					return err
				}
			}
			if rollback {
				return errBroken
			}
			return nil
		})
		if rollback {
			require.ErrorIs(t, err, errBroken)
			assert.Empty(t, g.old.content())
		} else {
			require.NoError(t, err)
			assert.Len(t, g.old.content(), 2)
		}
		assert.Equal(t, g.old.content(), g.new.content())
		g.repair(t)
	}
}

// A create that failed may have left an entity under a key that nobody knows: the kind stays unclean if the rest is committed.
func TestTransactionGoesOnAfterAFailedCreate(t *testing.T) {
	ctx := context.Background()
	for _, commit := range []bool{false, true} {
		g := newGround(t)
		g.set(dual.OldPrimary, dual.Settings{})
		books := newDualBooks(g, nil)
		g.old.failAfter(func(_ context.Context, call string) error {
			if call == "Create" {
				return errBroken
			}
			return nil
		})
		_ = books.InTx(ctx, func(tx notes) error {
			_, err := tx.Create(ctx, "made")
			require.ErrorIs(t, err, errBroken)
			if commit {
				return nil
			}
			return err
		})
		if !commit {
			assert.Empty(t, g.unclean())
			continue
		}
		require.Len(t, g.unclean(), 1)
		assert.True(t, g.unclean()[0].Key.Whole)
	}
}

func TestTransactionOnAWholeKind(t *testing.T) {
	ctx := context.Background()
	g := newGround(t)
	g.set(dual.OldPrimary, dual.Settings{})
	books := newDualBooks(g, nil)
	require.NoError(t, books.InTx(ctx, func(tx notes) error { return tx.Clear(ctx) }))
	require.Len(t, g.unclean(), 1, "a verify pass is owed")
	assert.True(t, g.unclean()[0].Key.Whole && g.unclean()[0].Dirty)
	assert.Zero(t, g.unclean()[0].Active)
}

// Where the journal cannot be reached, a transaction goes on in the phases that can do without, and is copied nevertheless. In
// the guarded phases it is rolled back.
func TestTransactionWithoutJournal(t *testing.T) {
	ctx := context.Background()
	faulty := &faultyJournal{Journal: journal.NewMemory()}
	g := newGround(t, func(c *dual.Config) { c.Journal = faulty })
	books := newDualBooks(g, nil)
	put := func(tx notes) error {
		_ = tx.Put(ctx, note{"k", "after"}) // the function passes over it
		return nil
	}
	g.set(dual.OldPrimary, dual.Settings{})
	faulty.begin.Store(true)
	require.NoError(t, books.InTx(ctx, put))
	assert.Equal(t, map[string]note{"k": {"k", "after"}}, g.new.content())
	record, err := g.control.Load(ctx)
	require.NoError(t, err)
	assert.Equal(t, int64(1), g.migration.Stats().Unjournaled)
	assert.NotZero(t, record.Epoch)

	faulty.begin.Store(false)
	g.set(dual.OldGuarded, dual.Settings{})
	faulty.begin.Store(true)
	g.old.reset(nil)
	require.ErrorIs(t, books.InTx(ctx, put), dual.ErrJournalUnavailable)
	assert.Empty(t, g.old.content())
}

func TestTransactionsViewEndsWithIt(t *testing.T) {
	ctx := context.Background()
	g := newGround(t)
	g.set(dual.OldPrimary, dual.Settings{})
	books := newDualBooks(g, nil)
	var kept notes
	require.NoError(t, books.InTx(ctx, func(tx notes) error { kept = tx; return nil }))
	require.ErrorIs(t, kept.Put(ctx, note{"k", "late"}), dual.ErrTransactionOver)
	_, err := kept.Create(ctx, "late")
	require.ErrorIs(t, err, dual.ErrTransactionOver)
	assert.Empty(t, g.unclean())
	assert.Empty(t, g.old.content())
}

// A store that swallows the function's error, or runs the function twice, leaves nothing undecided.
func TestTransactionInOddStores(t *testing.T) {
	ctx := context.Background()
	g := newGround(t)
	g.set(dual.OldPrimary, dual.Settings{})
	run := func(inTx func(f func() error) error) error {
		books := newDualBooks(g, nil)
		call, err := g.migration.Begin(books.inTx)
		require.NoError(t, err)
		defer call.End()
		return dual.Transact(ctx, call, func(ctx context.Context, store dual.Store, tx *dual.Tx) error {
			n := 0
			return inTx(func() error {
				return tx.Run(func() error {
					if err := tx.Write(ctx, books.put, noteKey("k")); err != nil {
						return err
					}
					if n++; n == 2 {
						return errBroken
					}
					return g.old.Put(ctx, note{"k", fmt.Sprint(n)})
				})
			})
		})
	}
	require.NoError(t, run(func(f func() error) error { _, _ = f(), f(); return nil }), "the second try fails, and the store says nothing")
	assert.Equal(t, g.old.content(), g.new.content())
	require.Error(t, run(func(f func() error) error { return errors.Join(f(), f()) }), "the first try may have been committed")
	require.Len(t, g.unclean(), 1)
	g.repair(t)
	assert.Equal(t, g.old.content(), g.new.content())
}

func TestTransactionIsRefusedWhereWritesAreFrozen(t *testing.T) {
	g := newGround(t)
	g.set(dual.OldPrimary, dual.Settings{Freeze: dual.FreezeWrites})
	books := newDualBooks(g, nil)
	err := books.InTx(context.Background(), func(notes) error { t.Error("it runs"); return nil })
	require.ErrorIs(t, err, dual.ErrReadOnly)
}

// Two writes of one transaction that need their kind's token at the same time: the end of the first does not take it from
// the second.
func TestKindsTokenIsShared(t *testing.T) {
	ctx := context.Background()
	g := newGround(t)
	g.set(dual.OldPrimary, dual.Settings{})
	whole := dual.Key{Kind: "note", Whole: true}
	held := func() bool {
		entry, unclean, err := g.journal.Lookup(ctx, whole)
		require.NoError(t, err)
		return unclean && entry.Active == 1
	}
	call, err := g.migration.Begin(newDualBooks(g, nil).inTx)
	require.NoError(t, err)
	defer call.End()
	require.NoError(t, dual.Transact(ctx, call, func(ctx context.Context, _ dual.Store, tx *dual.Tx) error {
		return tx.Run(func() error {
			made, err := tx.Make(ctx, g.notes.create, "note")
			require.NoError(t, err)
			require.NoError(t, tx.Write(ctx, g.notes.clear, whole))
			require.NoError(t, made.Key(ctx, nil, func() dual.Key { return noteKey("made") }))
			require.True(t, held(), "the write of unknown keys still needs it")
			return nil
		})
	}))
	entry, unclean, err := g.journal.Lookup(ctx, whole)
	require.NoError(t, err)
	require.True(t, unclean && entry.Dirty, "%+v", entry)
}
