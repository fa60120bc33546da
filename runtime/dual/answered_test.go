package dual_test

import (
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// A read of many is compared only while no key of its kind is unclean: what it lists may be any of them.
func TestReadOfManyIsComparedWhileItsKindIsClean(t *testing.T) {
	for _, unclean := range []bool{true, false} {
		bubble(func(t *testing.T) {
			g := newGround(t)
			g.set(dual.OldPrimary, dual.Settings{Compare: 1})
			require.NoError(t, g.old.Put(t.Context(), note{"k", "text"}))
			if unclean {
				require.NoError(t, g.journal.MarkDirty(t.Context(), []dual.Key{noteKey("k")}, dual.Old))
			}
			list := g.migration.Method(dual.MethodInfo{Name: "notes.List", Kind: dual.KindRead})
			call, err := g.migration.Begin(list)
			require.NoError(t, err)
			_, err = dual.Read(t.Context(), call, &g.notes.stores, dual.Key{Kind: "note", Whole: true}, "k", &readingNote,
				func(ctx context.Context, store notes, id string) (note, error) { return store.Get(ctx, id) })
			require.NoError(t, err)
			call.End()
			time.Sleep(time.Minute)
			stats := g.migration.Stats().Methods["notes.List"]
			require.Equal(t, unclean, stats.Mismatched == 0)
			require.Equal(t, unclean, stats.CompareSkipped == 1)
		})(t)
	}
}

// A write of one kind that nothing copies says so, and leaves its key unclean.
func TestCopyOfAKindWithoutEntity(t *testing.T) {
	bubble(func(t *testing.T) {
		var logged lines
		g := newGround(t, func(c *dual.Config) { c.Logger = slog.New(slog.NewTextHandler(&logged, nil)) })
		g.set(dual.OldPrimary, dual.Settings{})
		method := g.migration.Method(dual.MethodInfo{Name: "notes.Tag", Kind: dual.KindWrite, Mirror: dual.Copy})
		call, err := g.migration.Begin(method)
		require.NoError(t, err)
		_, err = dual.WriteValue(t.Context(), call, &g.notes.stores, dual.Key{Kind: "tag", ID: "1"}, "k", nil,
			func(context.Context, notes, string) (int, error) { return 1, nil })
		require.NoError(t, err)
		call.End()
		require.Len(t, g.unclean(), 1)
		text := strings.Join(logged.all(), "")
		require.Contains(t, text, dual.ErrNoEntity.Error())
		require.NotContains(t, text, "panic")
	})(t)
}

// A single entity that a batch made is copied, as those of a larger one are.
func TestBatchThatMadeOne(t *testing.T) {
	for made := range 3 {
		bubble(func(t *testing.T) {
			g := newGround(t)
			g.set(dual.OldPrimary, dual.Settings{})
			method := g.migration.Method(dual.MethodInfo{Name: "notes.CreateAll", Kind: dual.KindWrite, Mirror: dual.Copy})
			call, err := g.migration.Begin(method)
			require.NoError(t, err)
			_, err = dual.WriteMadeMany(t.Context(), call, &g.notes.stores, "note", made,
				func(all []note, _ int) (keys []dual.Key) {
					for _, n := range all {
						keys = append(keys, noteKey(n.ID))
					}
					return keys
				},
				func(ctx context.Context, store notes, count int) (all []note, err error) {
					for range count {
						n, err := store.Create(ctx, "made")
						if err != nil {
							return nil, err
						}
						all = append(all, n)
					}
					return all, nil
				})
			require.NoError(t, err)
			call.End()
			require.Len(t, g.new.content(), made)
			require.Equal(t, g.old.content(), g.new.content())
			require.Empty(t, g.unclean())
		})(t)
	}
}

// The stores are asked who they are at the start and now and then, and not in every pass.
func TestStoresAreAskedNowAndThen(t *testing.T) {
	bubble(func(t *testing.T) {
		var asked atomic.Int32
		g := newGround(t, func(c *dual.Config) {
			c.Identify = func(_ context.Context, store dual.Store) (control.Identity, error) {
				asked.Add(1)
				return control.Identity{Store: store.String()}, nil
			}
		})
		g.set(dual.OldPrimary, dual.Settings{})
		time.Sleep(10 * time.Minute)
		require.GreaterOrEqual(t, asked.Load(), int32(2*8))
		require.LessOrEqual(t, asked.Load(), int32(2*12))
	})(t)
}

// A write that the primary refused, and of which nobody can tell what it left behind, leaves its key unclean, be the mirror late or not.
func TestRefusedWriteThatCannotBeCompared(t *testing.T) {
	for _, mirror := range []phase.Mirror{phase.Inline, phase.Async} {
		bubble(func(t *testing.T) {
			g := newGround(t)
			g.set(dual.OldPrimary, dual.Settings{Mirror: mirror})
			refuse(g.old, "Put", sqlError("23505"))
			refuse(g.new, "Get", errBroken)
			require.ErrorIs(t, g.notes.Put(t.Context(), note{"k", "new"}), sqlError("23505"))
			time.Sleep(time.Second)
			require.Len(t, g.unclean(), 1)
			require.True(t, g.unclean()[0].Dirty)
			require.Zero(t, g.unclean()[0].Active)
		})(t)
	}
}

// watcher is a journal that counts the tokens that watch a kind.
type watcher struct {
	*journal.Memory
	watching atomic.Int32
}

func (w *watcher) BeginWatching(ctx context.Context, owner string, kind journal.Key, primary phase.Store) (journal.Token, error) {
	w.watching.Add(1)
	return w.Begin(ctx, owner, kind, primary)
}

// A write that lists its keys watches its kind, where the journal must be told; no other write does.
func TestListedWriteWatchesItsKind(t *testing.T) {
	bubble(func(t *testing.T) {
		j := &watcher{Memory: journal.NewMemory()}
		g := newGround(t, func(c *dual.Config) { c.Journal = j })
		g.set(dual.OldPrimary, dual.Settings{})
		require.NoError(t, g.notes.Put(t.Context(), note{"k", "text"}))
		require.NoError(t, g.notes.Clear(t.Context()))
		require.Zero(t, j.watching.Load())
		_, err := (&listing{list: finding("a"), write: deleting(1, nil)}).call(t.Context(), g)
		require.NoError(t, err)
		require.EqualValues(t, 1, j.watching.Load())
	})(t)
}

// onceDown is a journal whose first Begins fail.
type onceDown struct {
	journal.Journal
	left atomic.Int32
}

func (o *onceDown) Begin(ctx context.Context, owner string, key journal.Key, primary phase.Store) (journal.Token, error) {
	if o.left.Add(-1) >= 0 {
		return journal.Token{}, errDown
	}
	return o.Journal.Begin(ctx, owner, key, primary)
}

// A write whose key must be brought first, and is not, is refused before any store is written: the primary lacks what it would change.
func TestWriteWhoseKeyIsNotBrought(t *testing.T) {
	bubble(func(t *testing.T) {
		j := &onceDown{Journal: journal.NewMemory()}
		g := newGround(t, func(c *dual.Config) { c.Journal = j })
		g.old.notes["a"] = note{"a", "1"}
		g.set(dual.NewGuarded, save)
		j.left.Store(1)
		_, err := g.notes.Append(t.Context(), "a", "2")
		require.ErrorIs(t, err, dual.ErrJournalUnavailable)
		require.Equal(t, map[string]note{"a": {"a", "1"}}, g.old.content())
		require.Empty(t, g.new.content())
		_, err = g.notes.Append(t.Context(), "a", "2")
		require.NoError(t, err)
		require.Equal(t, note{"a", "12"}, g.new.content()["a"])
	})(t)
}

// A read that does not return the entity cannot tell whether the primary lacks it: it asks the store that is complete, and no other.
func TestReadOfAPartAsksTheCompleteStore(t *testing.T) {
	bubble(func(t *testing.T) {
		g := filling(t, save)
		method := g.migration.Method(dual.MethodInfo{Name: "notes.Text", Kind: dual.KindRead})
		call, err := g.migration.Begin(method)
		require.NoError(t, err)
		defer call.End()
		reading := dual.Reading[string, string]{Absent: func(_ string, err error) bool { return err != nil }}
		text, err := dual.Read(t.Context(), call, &g.notes.stores, noteKey("a"), "a", &reading,
			func(ctx context.Context, store notes, id string) (string, error) {
				n, err := store.Get(ctx, id)
				return n.Text, err
			})
		require.NoError(t, err)
		require.Equal(t, "1", text)
		require.Empty(t, g.new.called())
	})(t)
}

// Tokens are held under the name of the instance's run from the first one on.
func TestTokensAreTheInstances(t *testing.T) {
	bubble(func(t *testing.T) {
		g, j := withFaultyJournal(t)
		g.set(dual.OldPrimary, dual.Settings{})
		require.NoError(t, g.notes.Put(t.Context(), note{"k", "text"}))
		require.True(t, strings.HasPrefix(j.taken.Load().Owner, "a/"), j.taken.Load().Owner)
	})(t)
}

// An entity for whose copy there is no room is not brought, which is counted, and its read ends all the same.
func TestNoRoomToBring(t *testing.T) {
	bubble(func(t *testing.T) {
		g := newGround(t, func(c *dual.Config) { c.Workers, c.Queue, c.MirrorTimeout = 1, 1, time.Hour })
		ids := []string{"a", "b", "c", "d", "e"}
		for _, id := range ids {
			g.old.notes[id] = note{id, "1"}
		}
		g.set(dual.NewGuarded, save)
		release := make(chan struct{})
		g.new.fail(func(_ context.Context, call string) error {
			if call == "Put" {
				<-release
			}
			return nil
		})
		for _, id := range ids {
			n, err := g.notes.Get(t.Context(), id)
			require.NoError(t, err)
			require.Equal(t, note{id, "1"}, n)
			time.Sleep(time.Millisecond)
		}
		close(release)
		time.Sleep(time.Minute)
		stats := g.migration.Stats()
		require.EqualValues(t, []int64{5, 2, 3, 0}, []int64{stats.FellBack, stats.Brought, stats.MirrorDropped, stats.InFlight})
	})(t)
}
