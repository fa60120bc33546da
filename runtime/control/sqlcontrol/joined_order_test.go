package sqlcontrol

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
)

// orderedStore writes its data, and the journal's statement before it, behind it in the same transaction, or behind that.
type orderedStore struct {
	*sqlStore
	order string
}

func (s *orderedStore) rename(ctx context.Context, id int, name string) error {
	if s.order == "first" {
		return s.sqlStore.rename(ctx, id, name)
	}
	tx, err := s.db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	if _, err := tx.ExecContext(ctx, `UPDATE people SET name = $2 WHERE id = $1`, id, name); err != nil {
		return err
	}
	query, args, ok := journal.Statement(ctx)
	if ok && s.order == "second" {
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil || !ok || s.order == "second" {
		return err
	}
	time.Sleep(rand.N(20 * time.Millisecond))
	_, err = s.db.ExecContext(ctx, query, args...)
	return err
}

func pauseAWhile() { time.Sleep(rand.N(3 * time.Millisecond)) }

// nameStore is a mirror in memory.
type nameStore struct {
	mu   sync.Mutex
	name string
}

func (s *nameStore) rename(_ context.Context, _ int, name string) error {
	pauseAWhile()
	s.mu.Lock()
	s.name = name
	s.mu.Unlock()
	pauseAWhile()
	return nil
}

// raceOn lets writers race on one key, has it copied until it is clean, and returns what the two stores hold.
func (j *joining) raceOn(t *testing.T, old renamer, writers, writes int) (inOld, inNew string) {
	t.Helper()
	mirror := &nameStore{name: "one"}
	stores := [2]renamer{old, mirror}
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range writes {
				call, err := j.migration.Begin(j.method)
				if !assert.NoError(t, err) {
					return
				}
				name := fmt.Sprintf("%d of %d", i, w)
				assert.NoError(t, dual.Write(context.Background(), call, &stores, j.key, name, nil,
					func(ctx context.Context, store renamer, name string) error { return store.rename(ctx, 1, name) }))
				call.End()
			}
		})
	}
	all.Wait()
	require.Eventually(t, func() bool {
		token, dirty, err := j.backend.journal.BeginCopy(context.Background(), "copier", j.key, 0)
		require.NoError(t, err)
		if dirty {
			require.NoError(t, j.old.db.Get(&mirror.name, `SELECT name FROM people WHERE id = 1`))
			require.NoError(t, j.backend.journal.End(context.Background(), j.key, token, true))
		}
		_, unclean := j.entry(t)
		return !unclean
	}, 10*time.Second, time.Millisecond)
	require.NoError(t, j.old.db.Get(&inOld, `SELECT name FROM people WHERE id = 1`))
	return inOld, mirror.name
}

// The order of the two statements does not matter, since both take effect with the commit, and a row's writers commit one
// after the other; that they share the transaction does.
func TestJoinedOrder(t *testing.T) {
	for _, order := range []string{"first", "second"} {
		t.Run(order, func(t *testing.T) {
			j := newJoining(t)
			for n := range 40 {
				writers, writes := 2, 1
				if n < 10 {
					writers, writes = 6, 3
				}
				inOld, inNew := j.raceOn(t, &orderedStore{j.old, order}, writers, writes)
				require.Equal(t, inOld, inNew)
			}
		})
	}
	t.Run("in a transaction of its own", func(t *testing.T) {
		j := newJoining(t)
		for range 100 {
			if inOld, inNew := j.raceOn(t, &orderedStore{j.old, "behind"}, 2, 1); inOld != inNew {
				return
			}
		}
		t.Error("nothing went wrong: the test cannot tell")
	})
}
