package crash

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/control/sqlcontrol"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/test/crash/internal/servers"
)

// A primary that fails over to a standby which lags behind loses its last writes, and with them their marks: the journal's
// rows are in the data's transactions. So of every write either both are there or neither; and the journal says by another
// incarnation that it may have forgotten something, which voids the proofs.
func TestPromotedStandby(t *testing.T) {
	t.Parallel()
	s := servers.Start(t, "postgres")
	p := openPrimary(t, s.Address)
	require.NoError(t, p.backend.Migrate(t.Context()))
	_, err := p.pool.Exec(t.Context(), `CREATE TABLE counters (id text PRIMARY KEY, value int NOT NULL)`)
	require.NoError(t, err)
	require.NoError(t, p.backend.Control().Swap(t.Context(), 0, control.Record{Epoch: 1, Phase: dual.OldPrimary}))
	standby := s.Standby(t)
	mirror := &flakyMirror{values: map[string]int{}}
	w := newCounting(t, p, mirror)

	const keys = 40
	gone := make(chan error, 1)
	for value := 1; value <= 10; value++ {
		switch value {
		case 6: // from some moment in the following writes on, nothing reaches it
			p.awaitStandby(t)
			go func() { gone <- standby.Down() }()
		case 10:
			require.NoError(t, <-gone)
		}
		for key := range keys {
			mirror.refuse = (key+value)%3 == 0
			require.NoError(t, w.set(t.Context(), fmt.Sprint("key-", key), value))
		}
	}
	before, err := p.backend.Journal().Incarnation(t.Context())
	require.NoError(t, err)
	require.NoError(t, s.Kill())

	require.NoError(t, standby.Up())
	promoted := openPrimary(t, standby.Address)
	_, err = promoted.pool.Exec(t.Context(), `SELECT pg_promote(true, 60)`)
	require.NoError(t, err)
	assert.Equal(t, keys, promoted.judge(t, mirror.values), "the last write of every key is lost: else this shows nothing")

	after, err := promoted.backend.Journal().Incarnation(t.Context())
	require.NoError(t, err)
	assert.NotEqual(t, before, after, "the journal says that it may have forgotten something")
	promoted.proofIsVoid(t, before)
}

// primary is a Postgres that holds both the data and the journal.
type primary struct {
	pool    *pgxpool.Pool
	backend *sqlcontrol.Backend
}

func openPrimary(t *testing.T, address string) *primary {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), postgresURL(address, 10*time.Second))
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	db := sqlx.NewDb(stdlib.OpenDBFromPool(pool), "pgx")
	backend, err := sqlcontrol.Open(db, sqlcontrol.Options{Dialect: sqlcontrol.Postgres, Migration: "crash"})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, backend.Close(context.Background())) })
	return &primary{pool, backend}
}

// awaitStandby waits until the standby has all that was committed here.
func (p *primary) awaitStandby(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool {
		var behind bool
		err := p.pool.QueryRow(t.Context(), `SELECT coalesce(bool_or(replay_lsn < pg_current_wal_lsn()), true) FROM pg_stat_replication`).Scan(&behind)
		return err == nil && !behind
	}, 30*time.Second, 20*time.Millisecond)
}

// set writes a value, and the journal's row with it.
func (p *primary) set(ctx context.Context, key string, value int) error {
	tx, err := p.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx) //nolint:errcheck // after a commit there is nothing to roll back
	if query, args, ok := journal.Statement(ctx); ok {
		if _, err := tx.Exec(ctx, query, args...); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `INSERT INTO counters VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET value = excluded.value`, key, value); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// judge holds each key of the promoted standby against the mirror: a value that the mirror has not got must be marked. It
// returns how many keys lost a write.
func (p *primary) judge(t *testing.T, mirror map[string]int) (lost int) {
	t.Helper()
	entries, err := p.backend.Journal().Unclean(t.Context(), journal.Query{})
	require.NoError(t, err)
	marked := map[string]bool{}
	for _, entry := range entries {
		marked[entry.Key.ID] = true
	}
	rows, err := p.pool.Query(t.Context(), `SELECT id, value FROM counters`)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var key string
		var value int
		require.NoError(t, rows.Scan(&key, &value))
		if mirror[key] < value {
			assert.True(t, marked[key], "%s is %d here and %d in the mirror, and nobody knows", key, value, mirror[key])
		}
		if value < 10 {
			lost++
		}
	}
	require.NoError(t, rows.Err())
	return lost
}

// proofIsVoid: a certificate of before the promotion opens no gate.
func (p *primary) proofIsVoid(t *testing.T, incarnation string) {
	t.Helper()
	ctx := t.Context()
	record, err := control.Update(ctx, p.backend.Control(), func(r *control.Record) error {
		r.Certificates = map[string]control.Certificate{"Counter": {Epoch: r.MirroredSince, Voids: r.Voids, Incarnation: incarnation, Issued: time.Now(), Recounted: 1}}
		return nil
	})
	require.NoError(t, err)
	require.NotZero(t, record.Epoch)
	_, err = control.NewCoordinator(p.backend.Control(), p.backend.Journal()).Advance(ctx, control.Step{})
	require.ErrorContains(t, err, "before the journal lost its memory")
}

// errRefused: the mirror does not take the value.
var errRefused = errors.New("refused")

// flakyMirror is a new store that refuses what it is told to.
type flakyMirror struct {
	values map[string]int
	refuse bool
}

func (m *flakyMirror) set(_ context.Context, key string, value int) error {
	if m.refuse {
		return errRefused
	}
	m.values[key] = value
	return nil
}

// counter is the repository that the two stores have in common.
type counter interface {
	set(ctx context.Context, key string, value int) error
}

// counting writes to both.
type counting struct {
	migration *dual.Migration
	method    *dual.Method
	stores    [2]counter
}

func newCounting(t *testing.T, p *primary, mirror counter) *counting {
	t.Helper()
	m, err := dual.NewMigration(dual.Config{
		Control: p.backend.Control(), Journal: p.backend.Journal(), Joins: [2]bool{dual.Old: true},
	})
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = m.Close(ctx) // its database is gone
	})
	require.Eventually(t, func() bool { return m.Ready() == nil }, 10*time.Second, 5*time.Millisecond)
	return &counting{
		migration: m, method: m.Method(dual.MethodInfo{Name: "Counters.Set", Kind: dual.KindWrite}),
		stores: [2]counter{p, mirror},
	}
}

func (c *counting) set(ctx context.Context, key string, value int) error {
	call, err := c.migration.Begin(c.method)
	if err != nil {
		return err
	}
	defer call.End()
	return dual.Write(ctx, call, &c.stores, dual.Key{Kind: "Counter", ID: key}, value, nil,
		func(ctx context.Context, store counter, value int) error { return store.set(ctx, key, value) })
}
