package dual_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
)

// listing is a write that lists its keys, over two stores that do as the test says.
type listing struct {
	method *dual.Method
	list   func(ctx context.Context, store string) ([]dual.Key, error)
	write  func(ctx context.Context, store string) (int, error)
}

func (l *listing) call(ctx context.Context, g *ground) (int, error) {
	if l.method == nil {
		l.method = g.migration.Method(dual.MethodInfo{Name: "Notes.DeleteOld", Kind: dual.KindDelete, Mirror: dual.Copy,
			NoEffect: func(err error) bool { return errors.Is(err, errRefused) }})
	}
	call, err := g.migration.Begin(l.method)
	if err != nil {
		return 0, err
	}
	defer call.End()
	stores := [2]string{"old", "new"}
	return dual.WriteListed(ctx, call, &stores, "note", l.method,
		func(ctx context.Context, store string, _ *dual.Method) ([]dual.Key, error) { return l.list(ctx, store) },
		func(ctx context.Context, store string, _ *dual.Method) (int, error) { return l.write(ctx, store) })
}

var errRefused = errors.New("refused by a constraint")

// finding lists these notes.
func finding(ids ...string) func(context.Context, string) ([]dual.Key, error) {
	return func(context.Context, string) ([]dual.Key, error) {
		var keys []dual.Key
		for _, id := range ids {
			keys = append(keys, noteKey(id))
		}
		return keys, nil
	}
}

func deleting(n int, err error) func(context.Context, string) (int, error) {
	return func(context.Context, string) (int, error) { return n, err }
}

// dirty returns the dirty keys, as text.
func (g *ground) dirty() (keys []string) {
	for _, e := range g.unclean() {
		assert.Zero(g.t, e.Active, "%v", e.Key)
		keys = append(keys, e.Key.String())
	}
	return keys
}

func TestListedKeysAreMarked(t *testing.T) {
	for p := dual.OldOnly; p <= dual.NewOnly; p++ {
		t.Run(p.String(), func(t *testing.T) {
			g := newGround(t)
			g.set(p, dual.Settings{})
			asked := ""
			l := &listing{
				list: func(ctx context.Context, store string) ([]dual.Key, error) {
					asked = store
					entry, unclean, err := g.journal.Lookup(ctx, noteKey("a"))
					assert.True(t, unclean && entry.Key.Whole && entry.Active == 1, "the kind's token is there before: %+v", entry)
					assert.NoError(t, err)
					return finding("a", "b", "a")(ctx, store)
				},
				write: func(_ context.Context, store string) (int, error) {
					assert.Equal(t, p.Primary().String(), store)
					if p.Mirrored() {
						assert.Len(t, g.unclean(), 3, "the keys are marked before the write")
					}
					return 2, nil
				},
			}
			n, err := l.call(t.Context(), g)
			require.NoError(t, err)
			require.Equal(t, 2, n)
			if !p.Mirrored() {
				require.Empty(t, asked, "nobody needs to know the keys")
				require.Empty(t, g.dirty())
				return
			}
			require.Equal(t, p.Primary().String(), asked)
			require.ElementsMatch(t, []string{"note/a", "note/b"}, g.dirty(), "the kind is clean")
			for _, e := range g.unclean() {
				require.Equal(t, p.Primary(), e.Primary)
			}
		})
	}
}

func TestListingManyKeys(t *testing.T) {
	g := newGround(t)
	g.set(dual.OldPrimary, dual.Settings{})
	var ids []string
	for i := range 1203 {
		ids = append(ids, fmt.Sprint(i))
	}
	_, err := (&listing{list: finding(ids...), write: deleting(len(ids), nil)}).call(t.Context(), g)
	require.NoError(t, err)
	counts, err := g.journal.Counts(t.Context(), "note")
	require.NoError(t, err)
	require.Equal(t, len(ids), counts.Dirty)
}

// What cannot be listed or marked is not lost: the whole kind is unclean instead, and the caller's write is made.
func TestListingFails(t *testing.T) {
	for name, list := range map[string]func(context.Context, string) ([]dual.Key, error){
		"error":  func(context.Context, string) ([]dual.Key, error) { return nil, errors.New("down") },
		"panics": func(context.Context, string) ([]dual.Key, error) { panic("down") },
	} {
		t.Run(name, func(t *testing.T) {
			g := newGround(t)
			g.set(dual.NewGuarded, dual.Settings{})
			n, err := (&listing{list: list, write: deleting(2, nil)}).call(t.Context(), g)
			require.NoError(t, err)
			require.Equal(t, 2, n)
			require.Equal(t, []string{"note/*"}, g.dirty())
			require.EqualValues(t, 1, g.migration.Stats().MirrorFailed)
		})
	}
	t.Run("the journal fails", func(t *testing.T) {
		g := newGround(t, func(c *dual.Config) { c.Journal = unmarking{journal.NewMemory()} })
		g.set(dual.OldGuarded, dual.Settings{})
		_, err := (&listing{list: finding("a"), write: deleting(1, nil)}).call(t.Context(), g)
		require.NoError(t, err)
		require.Equal(t, []string{"note/*"}, g.dirty())
		require.EqualValues(t, 1, g.migration.Stats().JournalFailed)
	})
}

// unmarking is a journal that cannot mark keys.
type unmarking struct{ journal.Journal }

func (unmarking) MarkDirty(context.Context, []journal.Key, dual.Store) error {
	return errors.New("down")
}

func TestListedWriteFails(t *testing.T) {
	for name, c := range map[string]struct {
		write func(context.Context, string) (int, error)
		dirty []string
	}{
		"it may have had an effect":    {deleting(0, errors.New("timeout")), []string{"note/*", "note/a"}},
		"it certainly changed nothing": {deleting(0, errRefused), []string{"note/a"}},
		"it panics":                    {func(context.Context, string) (int, error) { panic("down") }, []string{"note/*", "note/a"}},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGround(t)
			g.set(dual.OldPrimary, dual.Settings{})
			func() {
				defer func() { _ = recover() }() // the caller's, as it would be without a wrapper
				_, err := (&listing{list: finding("a"), write: c.write}).call(t.Context(), g)
				require.Error(t, err)
			}()
			require.ElementsMatch(t, c.dirty, g.dirty())
		})
	}
}

// A caller who gave up while the keys were listed has written nothing.
func TestListingIsCanceled(t *testing.T) {
	g := newGround(t)
	g.set(dual.OldPrimary, dual.Settings{})
	ctx, cancel := context.WithCancel(t.Context())
	l := &listing{
		list: func(ctx context.Context, _ string) ([]dual.Key, error) {
			cancel()
			return nil, ctx.Err()
		},
		write: func(context.Context, string) (int, error) {
			t.Error("it was written")
			return 0, nil
		},
	}
	_, err := l.call(ctx, g)
	require.ErrorIs(t, err, context.Canceled)
	require.Empty(t, g.unclean())
}

// A listing that lasts longer than the lease: others may have taken the token away by now.
func TestListingOutlastsTheLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, remote := leased(t, func(*dual.Config) {})
		g.step(dual.OldPrimary)
		l := &listing{
			list: func(ctx context.Context, store string) ([]dual.Key, error) {
				remote.down.Store(true)
				time.Sleep(20 * time.Second)
				return finding("a")(ctx, store)
			},
			write: func(context.Context, string) (int, error) {
				t.Error("it was written")
				return 0, nil
			},
		}
		_, err := l.call(t.Context(), g)
		require.ErrorIs(t, err, dual.ErrLeaseLost)
		remote.down.Store(false)
	})
}

// Without the journal nobody is told of keys, and none are listed: parity is void in any case.
func TestListingWithoutJournal(t *testing.T) {
	g, j := withFaultyJournal(t)
	g.set(dual.OldPrimary, dual.Settings{})
	j.begin.Store(true)
	l := &listing{write: deleting(1, nil), list: func(context.Context, string) ([]dual.Key, error) {
		t.Error("it was listed")
		return nil, nil
	}}
	n, err := l.call(t.Context(), g)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.EqualValues(t, 1, g.migration.Stats().Unjournaled)
	g.set(dual.OldGuarded, dual.Settings{})
	_, err = l.call(t.Context(), g)
	require.ErrorIs(t, err, dual.ErrJournalUnavailable)
}

// After the crossing, keys may still follow the other store until the settle window has passed and they were copied: a write of
// the whole kind waits for that, and the caller hears nothing of it. Nobody copies them here but the test.
func TestListedWaitsForKeysThatFollowTheOtherStore(t *testing.T) {
	for _, copied := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			g := newGround(t, func(c *dual.Config) { c.Settle = 10 * time.Second })
			g.set(dual.NewGuarded, dual.Settings{})
			require.NoError(t, g.journal.MarkDirty(t.Context(), []journal.Key{noteKey("k")}, dual.Old))
			l := &listing{list: finding("l"), write: deleting(1, nil)}
			began := time.Now()
			if copied {
				time.AfterFunc(11*time.Second, func() {
					token, ok, err := g.journal.BeginCopy(context.Background(), "reconciler", noteKey("k"), 10*time.Second)
					assert.True(t, ok && err == nil)
					assert.NoError(t, g.journal.End(context.Background(), noteKey("k"), token, true))
				})
			}
			n, err := l.call(context.Background(), g)
			if copied {
				require.NoError(t, err)
				require.Equal(t, 1, n)
				require.Equal(t, []string{"note/l"}, g.dirty())
				require.Less(t, time.Since(began), 12*time.Second)
				return
			}
			require.ErrorIs(t, err, dual.ErrBusy)
			require.LessOrEqual(t, time.Since(began), 16*time.Second, "the wait is bounded")
			time.Sleep(time.Second)
		})
	}
}
