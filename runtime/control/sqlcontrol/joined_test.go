package sqlcontrol

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// renamer is a repository of one method, which both stores have.
type renamer interface {
	rename(ctx context.Context, id int, name string) error
}

// sqlStore joins the journal in a transaction of sqlx: the journal's statement first, the data second.
type sqlStore struct {
	db    *sqlx.DB
	seen  func(ctx context.Context) // called before the commit
	joins bool
}

func (s *sqlStore) rename(ctx context.Context, id int, name string) error {
	tx, err := s.db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	if query, args, ok := journal.Statement(ctx); ok && s.joins {
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `UPDATE people SET name = $2 WHERE id = $1`, id, name); err != nil {
		return err
	}
	if s.seen != nil {
		s.seen(ctx)
	}
	return tx.Commit()
}

// mirrorStore does what it is told.
type mirrorStore struct{ run func() error }

func (s *mirrorStore) rename(context.Context, int, string) error { return s.run() }

// joining is a migration in OldPrimary whose old store joins.
type joining struct {
	backend   *Backend
	migration *dual.Migration
	method    *dual.Method
	old       *sqlStore
	mirror    *mirrorStore
	key       journal.Key
}

func newJoining(t *testing.T) *joining {
	t.Helper()
	u := openUsers(t, servertest.Postgres(t))
	db := sqlx.NewDb(stdlib.OpenDBFromPool(u.pool), "pgx")
	db.MustExec(`CREATE TABLE people (id int PRIMARY KEY, name text CHECK (name <> ''))`)
	db.MustExec(`INSERT INTO people VALUES (1, 'one')`)
	b, err := Open(db, Options{Dialect: Postgres, Migration: "m", Sweep: time.Nanosecond})
	require.NoError(t, err)
	ctx := t.Context()
	t.Cleanup(func() { assert.NoError(t, b.Close(context.Background())) })
	require.NoError(t, b.Migrate(ctx))
	require.NoError(t, b.control.Swap(ctx, 0, control.Record{Epoch: 1, Phase: phase.OldPrimary}))
	m, err := dual.NewMigration(dual.Config{Control: b.Control(), Journal: b.Journal(), Joins: [2]bool{dual.Old: true}})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, m.Close(context.Background())) })
	require.Eventually(t, func() bool { return m.Ready() == nil }, enough, 5*time.Millisecond)
	return &joining{
		backend: b, migration: m, method: m.Method(dual.MethodInfo{Name: "People.Rename", Kind: dual.KindWrite}),
		old: &sqlStore{db: db, joins: true}, mirror: &mirrorStore{func() error { return nil }}, key: journal.Key{Kind: "Person", ID: "1"},
	}
}

func (j *joining) rename(ctx context.Context, name string) error {
	call, err := j.migration.Begin(j.method)
	if err != nil {
		return err
	}
	defer call.End()
	stores := [2]renamer{j.old, j.mirror}
	return dual.Write(ctx, call, &stores, j.key, name, nil, func(ctx context.Context, store renamer, name string) error {
		return store.rename(ctx, 1, name)
	})
}

func (j *joining) entry(t *testing.T) (journal.Entry, bool) {
	t.Helper()
	entry, ok, err := j.backend.journal.Lookup(context.Background(), j.key)
	require.NoError(t, err)
	return entry, ok
}

// The token is there if and only if the primary's write is.
func TestJoinedIsAtomic(t *testing.T) {
	j := newJoining(t)
	ctx := t.Context()
	j.old.seen = func(context.Context) {
		_, ok := j.entry(t)
		assert.False(t, ok, "before the commit")
	}
	j.mirror.run = func() error {
		entry, ok := j.entry(t)
		assert.True(t, ok, "after the commit")
		assert.Equal(t, 1, entry.Active)
		return nil
	}
	require.NoError(t, j.rename(ctx, "two"))
	_, ok := j.entry(t)
	require.False(t, ok, "after the call")

	j.old.seen = nil
	require.Error(t, j.rename(ctx, ""), "the primary refuses")
	_, ok = j.entry(t)
	require.False(t, ok, "after a rollback")
	require.Zero(t, j.migration.Stats().JournalFailed)
}

func TestJoinedMirrorFails(t *testing.T) {
	j := newJoining(t)
	j.mirror.run = func() error { return errors.New("down") }
	require.NoError(t, j.rename(t.Context(), "two"))
	entry, ok := j.entry(t)
	require.True(t, ok)
	assert.True(t, entry.Dirty)
	assert.Zero(t, entry.Active)
}

// A key that is unclean in the other direction refuses the primary's transaction.
func TestJoinedOtherDirection(t *testing.T) {
	j := newJoining(t)
	ctx := t.Context()
	require.NoError(t, j.backend.journal.MarkDirty(ctx, []journal.Key{j.key}, phase.New))
	require.ErrorContains(t, j.rename(ctx, "two"), "unclean with the other store")
	var name string
	require.NoError(t, j.old.db.Get(&name, `SELECT name FROM people WHERE id = 1`))
	require.Equal(t, "one", name)
}

// A kind whose row is gone, from a backup say, refuses the primary's transaction, since its token would be nowhere. The next
// call makes the row.
func TestJoinedWithoutKind(t *testing.T) {
	j := newJoining(t)
	ctx, backend := t.Context(), j.backend.journal
	require.NoError(t, j.rename(ctx, "two"))
	_, err := backend.exec(ctx, "lose the kind", `DELETE FROM {entry} WHERE whole = 1`)
	require.NoError(t, err)
	require.ErrorContains(t, j.rename(ctx, "three"), "its kind has no row")
	var name string
	require.NoError(t, j.old.db.Get(&name, `SELECT name FROM people WHERE id = 1`))
	require.Equal(t, "two", name)
	require.NoError(t, j.rename(ctx, "three"))
}

// A store that is said to join, and does not, voids parity.
func TestJoinedByNobody(t *testing.T) {
	j := newJoining(t)
	j.old.joins = false
	stores := [2]renamer{&mirrorStore{func() error { return nil }}, j.mirror}
	call, err := j.migration.Begin(j.method)
	require.NoError(t, err)
	err = dual.Write(t.Context(), call, &stores, j.key, "two", nil, func(ctx context.Context, store renamer, name string) error {
		return store.rename(ctx, 1, name)
	})
	call.End()
	require.ErrorIs(t, err, dual.ErrUnknown)
	servertest.Eventually(t, func(c *servertest.Try) {
		record, err := j.backend.control.Load(context.Background())
		assert.NoError(c, err)
		assert.True(c, record.ParityVoid)
	}, enough, 10*time.Millisecond)
}

// A commit that arrives after the call has given up leaves a token that the next Renew takes away.
func TestJoinedLateCommit(t *testing.T) {
	j := newJoining(t)
	ctx, backend := t.Context(), j.backend.journal
	joint := new(journal.Joint)
	token, err := backend.BeginAgreed(journal.WithJoint(ctx, joint), "x", j.key, phase.Old)
	require.NoError(t, err)
	query, args, ok := journal.Statement(journal.WithJoint(ctx, joint))
	require.True(t, ok)
	require.NoError(t, backend.End(ctx, j.key, token, false), "nothing is there yet, and nobody can have taken it")
	_, err = j.old.db.Exec(query, args...)
	require.NoError(t, err)
	require.NoError(t, backend.Renew(ctx, "x", time.Minute))
	backend.tidier.work.Wait()
	entry, ok := j.entry(t)
	require.True(t, ok)
	require.True(t, entry.Dirty)
	require.Zero(t, entry.Active)
}

// A listed write depends on that: a joined call makes its key dirty whether the kind's token is there when it runs its
// statement, or comes before its commit, for which that waits.
func TestJoinedUnderAListedWrite(t *testing.T) {
	whole := journal.Key{Kind: "Person", Whole: true}
	dirty := func(t *testing.T, j *joining) {
		entry, ok := j.entry(t)
		require.True(t, ok)
		require.True(t, entry.Dirty)
		require.Equal(t, j.key, entry.Key)
	}
	t.Run("the kind first", func(t *testing.T) {
		j := newJoining(t)
		kind, err := j.backend.journal.Begin(t.Context(), "x", whole, phase.Old)
		require.NoError(t, err)
		require.NoError(t, j.rename(t.Context(), "two"))
		require.NoError(t, j.backend.journal.End(t.Context(), whole, kind, true))
		dirty(t, j)
	})
	t.Run("the call first", func(t *testing.T) {
		j := newJoining(t)
		begun := make(chan journal.Token, 1)
		j.old.seen = func(context.Context) {
			go func() {
				kind, err := j.backend.journal.Begin(context.Background(), "x", whole, phase.Old)
				assert.NoError(t, err)
				begun <- kind
			}()
			select {
			case <-begun:
				t.Error("the kind's token is there before the commit")
			case <-time.After(200 * time.Millisecond):
			}
		}
		var kind journal.Token
		j.mirror.run = func() error { kind = <-begun; return nil }
		require.NoError(t, j.rename(t.Context(), "two"))
		require.NoError(t, j.backend.journal.End(t.Context(), whole, kind, true))
		dirty(t, j)
	})
}
