//go:build ring

package crash

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/gocql/gocql"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/control/sqlcontrol"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/reconcile"
	"github.com/dualgen/dualgen/runtime/verify"
	"github.com/dualgen/dualgen/test/crash/internal/servers"
	"github.com/dualgen/dualgen/test/crash/items"
	"github.com/dualgen/dualgen/test/crash/items/cqlnew"
	"github.com/dualgen/dualgen/test/crash/items/pgold"
)

// A replica that is away for longer than gc_grace_seconds, while a row is deleted, brings the row back, though the journal
// has long called the key clean. Verify finds the row, and with repair it is gone for good. Starting a cluster takes too
// long for make test, hence the build tag; it has the machine for itself, for the other tests count on their timeouts.
func TestForgottenTombstone(t *testing.T) {
	l, err := levelFromEnv()
	require.NoError(t, err)
	began, rounds := time.Now(), pick(l, 1, 1, 5)
	for round := range rounds {
		t.Run(fmt.Sprint(round), func(t *testing.T) {
			r := newRing(t)
			r.bringBack()
			r.repair()
		})
	}
	require.NoError(t, row{
		Layer: "crash pg-ring", Level: l, Count: int64(rounds), Unit: "deleted rows that a replica brought back, found and removed",
		Detail: "2 Cassandra nodes, a tombstone forgotten while one is away", Seconds: time.Since(began).Seconds(),
	}.write())
}

// ring is a migration from Postgres to two nodes of Cassandra that forget tombstones after a second.
type ring struct {
	t          *testing.T
	nodes      []*servers.Server
	migration  *dual.Migration
	items      *items.DualWideItems
	old        *pgold.Store
	new        *cqlnew.Store
	everywhere *cqlnew.Store // reads and writes all replicas, or fails
}

const (
	ringTable = cqlnew.Schema + ` WITH gc_grace_seconds = 1 AND memtable_flush_period_in_ms = 500
AND compaction = {'class': 'SizeTieredCompactionStrategy', 'min_threshold': 2}`
	zombie = "zombie"
)

func newRing(t *testing.T) *ring {
	r := &ring{t: t, nodes: servers.Ring(t, 2)}
	first := r.session(r.nodes[0], "", gocql.One)
	const keyspace = `CREATE KEYSPACE ring WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 2}`
	r.eventually("both nodes are up", func() error {
		var peers int
		err := first.Query(`SELECT count(*) FROM system.peers_v2`).Scan(&peers)
		if err == nil && peers == 0 {
			err = errors.New("the nodes do not know each other")
		}
		return err
	})
	require.NoError(t, first.Query(keyspace).Exec())
	one := r.session(r.nodes[0], "ring", gocql.One)
	require.NoError(t, one.Query(ringTable).Exec())
	around := func(ctx context.Context, _ bool, next func(context.Context) error) error { return next(ctx) }
	r.new, r.everywhere = cqlnew.New(one, around), cqlnew.New(r.session(r.nodes[0], "ring", gocql.All), around)
	r.migrate(around)
	return r
}

// migrate opens the migration, in OldPrimary.
func (r *ring) migrate(around pgold.Interceptor) {
	ctx := context.WithoutCancel(r.t.Context()) // which ends before the clean-up
	pool, err := pgxpool.New(ctx, servertest.Postgres(r.t))
	require.NoError(r.t, err)
	r.t.Cleanup(pool.Close)
	_, err = pool.Exec(ctx, pgold.Schema)
	require.NoError(r.t, err)
	r.old = pgold.New(pool, around)
	db := sqlx.NewDb(stdlib.OpenDBFromPool(pool), "pgx")
	backend, err := sqlcontrol.Open(db, sqlcontrol.Options{Dialect: sqlcontrol.Postgres, Migration: "crash", Poll: 20 * time.Millisecond})
	require.NoError(r.t, err)
	r.t.Cleanup(func() { assert.NoError(r.t, backend.Close(ctx)) })
	require.NoError(r.t, backend.Migrate(ctx))
	require.NoError(r.t, control.Init(ctx, backend.Control(), "test"))
	r.migration, err = dual.NewMigration(dual.Config{
		Control: backend.Control(), Journal: backend.Journal(), Identify: dual.Fingerprints("old", "new"), Settle: 2500 * time.Millisecond, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	require.NoError(r.t, err)
	r.t.Cleanup(func() { assert.NoError(r.t, r.migration.Close(ctx)) })
	r.items = items.NewDualWideItems(r.old, r.new, r.migration)
	r.eventually("the first step", func() error {
		_, err := control.NewCoordinator(backend.Control(), backend.Journal()).Advance(ctx, control.Step{})
		return err
	})
	r.eventually("the instance follows", func() error {
		_, err := control.Settled(ctx, backend.Control())
		if err == nil && r.migration.Phase() != dual.OldPrimary {
			err = errors.New("not yet")
		}
		return err
	})
}

// session reaches one node and no other.
func (r *ring) session(node *servers.Server, space string, consistency gocql.Consistency) *gocql.Session {
	cluster := gocql.NewCluster(node.Address)
	cluster.Keyspace, cluster.Consistency, cluster.Timeout, cluster.ConnectTimeout = space, consistency, 20*time.Second, 20*time.Second
	cluster.DisableInitialHostLookup = true
	// The driver tells nodes apart by their addresses alone, which are the same here.
	cluster.Events.DisableNodeStatusEvents, cluster.Events.DisableTopologyEvents = true, true
	session, err := cluster.CreateSession()
	require.NoError(r.t, err)
	r.t.Cleanup(session.Close)
	return session
}

// eventually tries until it succeeds.
func (r *ring) eventually(what string, try func() error) {
	r.t.Helper()
	deadline := time.Now().Add(2 * time.Minute)
	for {
		err := try()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			require.NoError(r.t, err, what)
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// bringBack deletes a row while one node is away, and waits until the other has forgotten the tombstone.
func (r *ring) bringBack() {
	ctx := r.t.Context()
	require.NoError(r.t, r.items.Put(ctx, items.Item{ID: zombie, Value: 1}))
	require.True(r.t, r.has(r.everywhere))
	r.nodes[1].Pause(r.t)
	r.eventually("the node is missed", func() error {
		_, err := r.everywhere.Get(ctx, zombie)
		var away *gocql.RequestErrUnavailable
		if errors.As(err, &away) {
			return nil
		}
		return fmt.Errorf("not yet: %w", err)
	})
	require.NoError(r.t, r.items.Delete(ctx, zombie))
	require.False(r.t, r.has(r.new), "it is deleted")
	require.Empty(r.t, r.unclean())
	r.forget(r.nodes[0])

	require.NoError(r.t, r.nodes[1].Resume())
	require.True(r.t, r.has(r.everywhere), "the tombstone is still there, so that this shows nothing")
	require.True(r.t, r.has(r.new), "the row is back where it was deleted")
	r.readRepair()
	_, err := r.items.Get(ctx, zombie)
	require.ErrorIs(r.t, err, items.ErrNotFound)
	require.Empty(r.t, r.unclean())
}

// repair finds the row, and removes it for good.
func (r *ring) repair() {
	ctx := r.t.Context()
	report, err := verify.Run(ctx, r.migration, "Item", verify.Config{Repair: true})
	require.NoError(r.t, err)
	require.EqualValues(r.t, [3]int64{0, 1, 0}, [3]int64{report.OnlyOld, report.OnlyNew, report.Different})
	r.eventually("the row is copied", func() error {
		if _, err := reconcile.New(r.migration, reconcile.Config{}).Once(ctx); err != nil {
			return err
		}
		if left := r.unclean(); len(left) > 0 {
			return fmt.Errorf("unclean: %v", left)
		}
		return nil
	})
	require.False(r.t, r.has(r.everywhere), "it is removed")
	r.forget(r.nodes...)
	require.False(r.t, r.has(r.everywhere), "it stays removed")
	r.readRepair()
	report, err = verify.Run(ctx, r.migration, "Item", verify.Config{})
	require.NoError(r.t, err)
	require.Zero(r.t, report.OnlyOld+report.OnlyNew+report.Different)
}

func (r *ring) unclean() []journal.Entry {
	entries, err := r.migration.Journal().Unclean(r.t.Context(), journal.Query{})
	require.NoError(r.t, err)
	return entries
}

// readRepair reads the table everywhere, which gives the node that was away the other rows that it missed.
func (r *ring) readRepair() {
	r.eventually("read the table", func() error {
		_, err := r.everywhere.List(r.t.Context(), 100)
		return err
	})
}

// has reports whether a store has the row.
func (r *ring) has(store *cqlnew.Store) (found bool) {
	r.t.Helper()
	r.eventually("read the row", func() error {
		_, err := store.Get(r.t.Context(), zombie)
		if found = err == nil; errors.Is(err, cqlnew.ErrNoRow) {
			return nil
		}
		return err
	})
	return found
}

// forget waits until nodes have purged the tombstones that they have now: until they have compacted the table twice after
// gc_grace_seconds. Other writes keep them busy.
func (r *ring) forget(nodes ...*servers.Server) {
	forgettable := time.Now().Add(3 * time.Second)
	writes := 0
	for _, node := range nodes {
		session := r.session(node, "", gocql.One)
		r.eventually("tombstones are forgotten", func() error {
			writes++
			if err := r.items.Put(r.t.Context(), items.Item{ID: fmt.Sprint("other", writes%5), Value: int64(writes)}); err != nil {
				return err
			}
			var space string
			var at time.Time
			compactions := 0
			history := session.Query(`SELECT keyspace_name, compacted_at FROM system.compaction_history`).Iter()
			for history.Scan(&space, &at) {
				if space == "ring" && at.After(forgettable) {
					compactions++
				}
			}
			if compactions < 2 {
				return errors.Join(fmt.Errorf("%d compactions", compactions), history.Close())
			}
			return history.Close()
		})
	}
}
