package sqlcontrol

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// sharing is a store and a backend that share one pool.
type sharing struct {
	db      *sqlx.DB
	journal journal.Journal
}

func newSharing(t *testing.T, db *sqlx.DB) sharing {
	t.Helper()
	t.Cleanup(func() { assert.NoError(t, db.Close()) })
	b, err := Open(db, Options{Dialect: Postgres, Migration: "m"})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, b.Close(context.Background())) })
	require.NoError(t, b.Migrate(t.Context()))
	return sharing{db: db, journal: b.Journal()}
}

// pool opens one of so many connections.
func pool(t *testing.T, dsn string, limit int) *sqlx.DB {
	t.Helper()
	db, err := sqlx.Open("pgx", dsn)
	require.NoError(t, err)
	db.SetMaxOpenConns(limit)
	db.SetMaxIdleConns(limit)
	return db
}

// crowd runs n calls, each of which takes and ends a token while it holds a connection of the pool. The first few hold theirs
// until meanwhile has run.
func (s sharing) crowd(ctx context.Context, n, first int, meanwhile func()) error {
	calls, ctx := errgroup.WithContext(ctx)
	var holding sync.WaitGroup
	holding.Add(first)
	over := make(chan struct{})
	for i := range n {
		calls.Go(func() error {
			var tx *sqlx.Tx
			err := patiently(func() (err error) { tx, err = s.db.BeginTxx(ctx, nil); return err })
			if err != nil {
				return err
			}
			defer tx.Rollback()
			if i < first {
				holding.Done()
				<-over
			}
			key := journal.Key{Kind: "User", ID: fmt.Sprint(i)}
			var token journal.Token
			begin := func() error { token, err = s.journal.Begin(ctx, "me", key, phase.Old); return err }
			return errors.Join(patiently(begin), patiently(func() error { return s.journal.End(ctx, key, token, true) }))
		})
	}
	holding.Wait()
	meanwhile()
	close(over)
	return calls.Wait()
}

// patiently does what may meet connections that broke while nobody used them.
func patiently(do func() error) (err error) {
	for range 8 {
		if err = do(); err == nil {
			break
		}
	}
	return err
}

// A store and the backend share one pool, and every connection that the pool gives to the store is held by a call that waits
// for the journal. If the journal took its connections from the pool, no call would ever end.
func TestCallsHoldAllConnections(t *testing.T) {
	s := newSharing(t, pool(t, servertest.Postgres(t), 8))
	require.NoError(t, s.crowd(t.Context(), 24, 5, func() {}))
	require.LessOrEqual(t, s.db.Stats().OpenConnections, 8)
}

// The same where the pool is the face of another, whose limit it does not know.
func TestCallsHoldAllConnectionsBehindTheFace(t *testing.T) {
	config, err := pgxpool.ParseConfig(servertest.Postgres(t))
	require.NoError(t, err)
	config.MaxConns = 4
	behind, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(behind.Close)
	s := newSharing(t, sqlx.NewDb(stdlib.OpenDBFromPool(behind), "pgx"))
	another, err := Open(s.db, Options{Dialect: Postgres, Migration: "another"})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, another.Close(context.Background())) })
	require.NoError(t, another.Migrate(t.Context()))
	require.NoError(t, s.crowd(t.Context(), 24, 2, func() {}))
	require.Equal(t, 1, another.db.Stats().MaxOpenConnections)
}

// The connections that the backend keeps break while calls hold all the others. The pool's limit must not keep the backend
// from new ones.
func TestKeptConnectionsBreak(t *testing.T) {
	dsn := servertest.Postgres(t)
	name := rand.Text()
	s, other := newSharing(t, pool(t, dsn+"&application_name="+name, 8)), pool(t, dsn, 1)
	t.Cleanup(func() { assert.NoError(t, other.Close()) })
	for range 3 {
		require.NoError(t, s.crowd(t.Context(), 16, 5, func() {
			// Those of the store are in transactions, those of the backend are not.
			_, err := other.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE application_name = $1 AND state = 'idle'`, name)
			assert.NoError(t, err)
		}))
		require.Equal(t, 8, s.db.Stats().MaxOpenConnections, "the limit is the user's again")
	}
}

// A pool that is closed takes the backend's connections with it.
func TestPoolIsClosed(t *testing.T) {
	s := newSharing(t, pool(t, servertest.Postgres(t), 8))
	_, err := s.journal.Incarnation(t.Context())
	require.NoError(t, err)
	require.NoError(t, s.db.Close())
	_, err = s.journal.Incarnation(t.Context())
	require.ErrorContains(t, err, "database is closed")
	require.Zero(t, s.db.Stats().OpenConnections)
}

// While ten thousand writers wait for the journal, a lease is renewed as quickly as if there were none.
func TestTrafficDoesNotDelayLeases(t *testing.T) {
	s := newSharing(t, pool(t, servertest.Postgres(t), 4))
	ctx, cancel := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	for i := range 10_000 {
		writers.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				key := journal.Key{Kind: "User", ID: fmt.Sprint(i)}
				if token, err := s.journal.Begin(ctx, "me", key, phase.Old); err == nil {
					_ = s.journal.End(ctx, key, token, true)
				}
			}
		})
	}
	waits := s.journal.(*Journal).db.Stats
	require.Eventually(t, func() bool { return waits().WaitCount > 10_000 }, enough, time.Millisecond)
	for range 5 {
		// One statement waits for the ten thousand others, or for none: the time is of no importance here.
		before := waits().WaitCount
		require.NoError(t, s.journal.Renew(ctx, "me", time.Minute))
		require.Less(t, waits().WaitCount-before, int64(5_000))
	}
	cancel()
	writers.Wait()
}

func TestConnectionsKept(t *testing.T) {
	for _, c := range []struct{ limit, wanted, kept int }{
		{0, 0, 16}, {3, 0, 1}, {4, 0, 1}, {8, 0, 2}, {16, 0, 5}, {100, 0, 16}, {8, 7, 7}, {2, 1, 1}, {0, 40, 40},
	} {
		kept, err := share(c.limit, c.wanted)
		require.NoError(t, err, "%+v", c)
		require.Equal(t, c.kept, kept, "%+v", c)
	}
	for _, c := range []struct {
		limit, wanted int
		problem       string
	}{
		{1, 0, "Raise SetMaxOpenConns to 6 or more"}, {2, 0, "a *sqlx.DB of its own"},
		{1, 1, "to at least 2"}, {8, 8, "to at least 9"}, {8, -1, "1 or more"},
	} {
		_, err := share(c.limit, c.wanted)
		require.ErrorContains(t, err, c.problem, "%+v", c)
	}
}
