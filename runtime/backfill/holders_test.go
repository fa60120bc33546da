package backfill_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gocql/gocql"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/control/cqlcontrol"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
)

// TestSharedOverCassandra has four holders share a kind whose record, claims and journal are Cassandra's: each entity is copied once, by
// all of them.
func TestSharedOverCassandra(t *testing.T) {
	backend := overCassandra(t)
	const items = 400
	faults := new(dualtest.Faults)
	faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: func(ctx context.Context, call *dualtest.Call) error {
		time.Sleep(5 * time.Millisecond) // so that all take part
		return call.Effect(ctx)
	}})
	var stores [2]*dualtest.Store[rig.Item]
	for _, position := range []phase.Store{phase.Old, phase.New} {
		stores[position] = dualtest.NewStore(dualtest.StoreConfig[rig.Item]{
			Name: position.String(), ID: func(i rig.Item) string { return i.ID }, Clone: rig.Item.Clone, Faults: faults})
	}
	var splits []string
	for i := range items {
		item := rig.NewItem(rig.ID(i), 1)
		stores[phase.Old].Corrupt(item.ID, &item)
		if i > 0 && i%40 == 0 {
			splits = append(splits, item.ID)
		}
	}
	_, err := control.Update(t.Context(), backend.Control(), func(record *control.Record) error {
		record.Epoch, record.Phase, record.MirroredSince, record.MirroredFrom, record.Kinds = 1, phase.OldPrimary, 1, phase.Old, []string{rig.Kind}
		return nil
	})
	require.NoError(t, err)
	quiet := slog.New(slog.DiscardHandler)
	var running sync.WaitGroup
	for n := range 4 {
		m, err := dual.NewMigration(dual.Config{Control: backend.Control(), Journal: backend.Journal(), Logger: quiet})
		require.NoError(t, err)
		defer func() { require.NoError(t, m.Close(context.Background())) }()
		e := rig.Entity()
		e.First = []dual.Key{rig.Key("")}
		dual.AddEntity(m, &stores, e)
		for _, err := control.Settled(t.Context(), backend.Control()); err != nil; _, err = control.Settled(t.Context(), backend.Control()) {
			time.Sleep(20 * time.Millisecond)
		}
		running.Go(func() {
			reports, err := backfill.Share(t.Context(), m, []string{rig.Kind}, backfill.Config{
				Holder: fmt.Sprint("holder", n), Splits: splits, Chunk: 10, Workers: 2, Rate: -1, Lease: time.Minute, Logger: quiet})
			if err != nil || !reports[0].Complete {
				t.Error(err, reports)
			}
		})
	}
	running.Wait()
	progress, err := backfill.Status(t.Context(), backend.Control(), rig.Kind)
	require.NoError(t, err)
	require.EqualValues(t, items, progress.Copied)
	require.Equal(t, 10, progress.Done)
	require.Greater(t, len(progress.By), 1)
	require.Equal(t, items, faults.Calls("new", "Put"), "each is written once")
	require.Equal(t, stores[phase.Old].Len(), stores[phase.New].Len())
	require.False(t, slices.ContainsFunc(progress.By, func(w backfill.Worker) bool { return w.Holds > 0 }))
}

// overCassandra opens control store and journal in a keyspace of the test's own.
func overCassandra(t *testing.T) *cqlcontrol.Backend {
	hosts, keyspace := servertest.Cassandra(t)
	cluster := gocql.NewCluster(strings.Split(hosts, ",")...)
	cluster.Keyspace, cluster.Timeout = keyspace, 20*time.Second
	session, err := cluster.CreateSession()
	require.NoError(t, err)
	t.Cleanup(session.Close)
	backend, err := cqlcontrol.Open(session, cqlcontrol.Options{Keyspace: keyspace, Migration: "shared", OneReplica: true})
	require.NoError(t, err)
	t.Cleanup(func() { backend.Close() })
	require.NoError(t, backend.Migrate(t.Context()))
	return backend
}
