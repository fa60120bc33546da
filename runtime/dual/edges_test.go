package dual_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// shut is a journal that answers some Begins of a key with a conflict, and then with an error.
type shut struct {
	journal.Journal
	conflicts atomic.Int32
	down      atomic.Bool
	begun     atomic.Int32
}

func (s *shut) fails() error {
	s.begun.Add(1)
	switch {
	case s.conflicts.Add(-1) >= 0:
		return journal.ErrConflict
	case s.down.Load():
		return errDown
	}
	return nil
}

func (s *shut) Begin(ctx context.Context, owner string, key journal.Key, primary phase.Store) (journal.Token, error) {
	if err := s.fails(); err != nil {
		return journal.Token{}, err
	}
	return s.Journal.Begin(ctx, owner, key, primary)
}

func (s *shut) BeginMany(ctx context.Context, owner string, keys []journal.Key, primary phase.Store) ([]journal.Token, error) {
	if err := s.fails(); err != nil {
		return nil, err
	}
	return s.Journal.BeginMany(ctx, owner, keys, primary)
}

// A write that waits out a conflict goes on once there is none; where the journal fails then, it has no token, and no store is touched in a
// guarded phase.
func TestJournalThatFailsAfterAConflict(t *testing.T) {
	for name, put := range map[string]func(ctx context.Context, d *dualNotes) error{
		"one": func(ctx context.Context, d *dualNotes) error { return d.Put(ctx, note{"k", "text"}) },
		"many": func(ctx context.Context, d *dualNotes) error {
			_, err := d.PutAll(ctx, []note{{"k", "text"}, {"l", "text"}})
			return err
		},
	} {
		for _, down := range []bool{true, false} {
			t.Run(name, bubble(func(t *testing.T) {
				j := &shut{Journal: journal.NewMemory()}
				g := newGround(t, func(c *dual.Config) { c.Journal = j })
				g.set(dual.OldGuarded, dual.Settings{})
				j.down.Store(down)
				j.conflicts.Store(3)
				err := put(t.Context(), g.notes)
				require.EqualValues(t, 4, j.begun.Load())
				if down {
					require.ErrorIs(t, err, dual.ErrJournalUnavailable)
					require.ErrorIs(t, err, errDown)
					require.Empty(t, g.old.called())
					require.Empty(t, g.new.called())
					return
				}
				require.NoError(t, err)
				require.Equal(t, g.old.content(), g.new.content())
				require.Empty(t, g.unclean())
			}))
		}
	}
}

// What was mirrored is counted, of every state that there was, and what failed beside it.
func TestStatsCountMirrors(t *testing.T) {
	bubble(func(t *testing.T) {
		g := newGround(t)
		for _, p := range []dual.Phase{dual.OldPrimary, dual.OldGuarded} {
			g.set(p, dual.Settings{})
			for range 2 {
				require.NoError(t, g.notes.Put(t.Context(), note{"k", "text"}))
			}
			_, err := g.notes.Append(t.Context(), "k", "+")
			require.NoError(t, err)
		}
		g.new.fail(func(context.Context, string) error { return errBroken })
		require.NoError(t, g.notes.Put(t.Context(), note{"k", "text"}))
		stats := g.migration.Stats()
		require.EqualValues(t, []int64{6, 1, 7}, []int64{stats.Mirrored, stats.MirrorFailed, stats.Calls})
		put := stats.Methods["notes.Put"]
		require.EqualValues(t, []int64{4, 1, 5}, []int64{put.Mirrored, put.MirrorFailed, put.Calls})
	})(t)
}

// Every line of the log says which migration it is of, and which instance.
func TestLogSaysWho(t *testing.T) {
	bubble(func(t *testing.T) {
		var logged lines
		g := newGround(t, func(c *dual.Config) { c.Name, c.Logger = "shop-users", slog.New(slog.NewTextHandler(&logged, nil)) })
		g.set(dual.OldPrimary, dual.Settings{})
		g.new.fail(func(context.Context, string) error { return errBroken })
		require.NoError(t, g.notes.Put(t.Context(), note{"k", "text"}))
		all := logged.all()
		require.NotEmpty(t, all)
		for _, line := range all {
			require.Contains(t, line, "migration=shop-users")
			require.Contains(t, line, "instance=a")
		}
	})(t)
}

// lines are those of a log.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) all() (all []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for line := range bytes.Lines(l.text.Bytes()) {
		all = append(all, string(line))
	}
	return all
}

// A mirror of two methods gets an entity that it has not by Create, and one that it has by Put, from the write itself.
func TestWriteCopiesByTheMethodThatApplies(t *testing.T) {
	bubble(func(t *testing.T) {
		g := newGround(t)
		made := map[string]int{}
		dual.AddEntity(g.migration, &g.notes.stores, dual.Entity[notes, note]{
			Kind: "note", Key: func(n note) dual.Key { return noteKey(n.ID) },
			Get: func(ctx context.Context, s notes, key dual.Key) (note, bool, error) {
				n, err := s.Get(ctx, key.ID)
				if errors.Is(err, errNotFound) {
					return n, false, nil
				}
				return n, err == nil, err
			},
			Put: func(ctx context.Context, s notes, n note) error {
				made["put"]++
				if _, err := s.Get(ctx, n.ID); err != nil {
					return nil // an UPDATE of a row that is not there
				}
				return s.Put(ctx, n)
			},
			Create: func(ctx context.Context, s notes, n note) error { made["create"]++; return s.Put(ctx, n) },
			Delete: func(ctx context.Context, s notes, key dual.Key) error { return s.Delete(ctx, key.ID) },
			Diff:   diffNotes,
		})
		g.set(dual.OldPrimary, dual.Settings{})
		for range 2 {
			_, err := g.notes.Append(t.Context(), "k", "+")
			require.NoError(t, err)
		}
		require.Equal(t, map[string]int{"create": 1, "put": 1}, made)
		require.Equal(t, g.old.content(), g.new.content())
		require.Empty(t, g.unclean())
	})(t)
}

// A store that fails during a copy is what the copy fails for, and not what is found afterwards.
func TestCopySaysWhatFailed(t *testing.T) {
	bubble(func(t *testing.T) {
		g := newGround(t)
		require.NoError(t, g.old.Put(t.Context(), note{"k", "text"}))
		copier := g.migration.Copiers()[0]
		for _, call := range []string{"Put", "Get"} {
			g.new.fail(func(_ context.Context, called string) error {
				if called == call {
					return errBroken
				}
				return nil
			})
			require.ErrorIs(t, copier.Copy(t.Context(), noteKey("k"), dual.Old), errBroken)
		}
		g.new.fail(nil)
		require.NoError(t, g.new.Put(t.Context(), note{"l", "stray"}))
		g.new.fail(func(_ context.Context, called string) error {
			if called == "Delete" {
				return errBroken
			}
			return nil
		})
		require.ErrorIs(t, copier.Copy(t.Context(), noteKey("l"), dual.Old), errBroken)
	})(t)
}

// A copy after a write that cannot read the primary leaves the mirror as it is: it does not know that the primary has nothing. One that
// cannot write the mirror says why.
func TestCopyAfterAWriteThatFails(t *testing.T) {
	for name, primary := range map[string]bool{"Get": true, "Put": false} {
		bubble(func(t *testing.T) {
			var logged lines
			g := newGround(t, func(c *dual.Config) { c.Logger = slog.New(slog.NewTextHandler(&logged, nil)) })
			g.set(dual.OldPrimary, dual.Settings{})
			require.NoError(t, g.notes.Put(t.Context(), note{"k", "text"}))
			store := g.new
			if primary {
				store = g.old
			}
			store.fail(func(_ context.Context, call string) error {
				if call == name {
					return errBroken
				}
				return nil
			})
			_, err := g.notes.Append(t.Context(), "k", "+")
			require.NoError(t, err)
			require.Equal(t, map[string]note{"k": {"k", "text"}}, g.new.content())
			require.Len(t, g.unclean(), 1)
			require.Contains(t, strings.Join(logged.all(), ""), "broken")
		})(t)
	}
}

// A kind without a method to put is not copied, and says so.
func TestCopyWithoutAMethod(t *testing.T) {
	bubble(func(t *testing.T) {
		g := newGround(t)
		dual.AddEntity(g.migration, &g.notes.stores, dual.Entity[notes, note]{
			Kind: "note", Key: func(n note) dual.Key { return noteKey(n.ID) },
			Get: func(ctx context.Context, s notes, key dual.Key) (note, bool, error) {
				n, err := s.Get(ctx, key.ID)
				return n, err == nil, nil
			},
		})
		require.NoError(t, g.old.Put(t.Context(), note{"k", "text"}))
		require.NoError(t, g.new.Put(t.Context(), note{"l", "text"}))
		copier := g.migration.Copiers()[0]
		require.ErrorIs(t, copier.Copy(t.Context(), noteKey("k"), dual.Old), dual.ErrCannotCopy)
		require.ErrorIs(t, copier.Copy(t.Context(), noteKey("l"), dual.Old), dual.ErrCannotCopy)
		require.NoError(t, copier.Copy(t.Context(), noteKey("m"), dual.Old), "neither has it")
	})(t)
}

// A transaction's write does not wait for a key whose copy has its turn: it holds locks of the primary. Any other does.
func TestTransactionWaitsForNoTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGround(t, func(c *dual.Config) { c.Settle = hotSettle })
		g.set(dual.OldPrimary, dual.Settings{})
		books := newDualBooks(g, nil)
		require.NoError(t, g.journal.MarkDirty(t.Context(), []dual.Key{noteKey("hot")}, dual.Old))
		time.Sleep(hotSettle)
		stop := make(chan struct{})
		var marking sync.WaitGroup
		marking.Go(func() { // overlaps, as calls on the key that never end at the same time would leave them
			for {
				select {
				case <-stop:
					return
				case <-time.After(100 * time.Millisecond):
				}
				token, err := g.journal.Begin(t.Context(), "other", noteKey("hot"), dual.Old)
				if err == nil {
					_ = g.journal.End(t.Context(), noteKey("hot"), token, true)
				}
			}
		})
		waited := false
		for try := 0; try < 200 && !waited; try++ {
			put := make(chan error, 1)
			go func() { put <- g.notes.Put(t.Context(), note{"hot", "text"}) }()
			time.Sleep(time.Millisecond)
			if waited = len(put) == 0; waited {
				began := time.Now()
				require.NoError(t, books.InTx(t.Context(), func(n notes) error { return n.Put(t.Context(), note{"hot", "in a transaction"}) }))
				require.Zero(t, time.Since(began))
			}
			require.NoError(t, <-put)
			time.Sleep(200 * time.Millisecond)
		}
		require.True(t, waited, "a key that is written all the time has its turn")
		close(stop)
		marking.Wait()
	})
}
