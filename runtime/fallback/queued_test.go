package fallback_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gocql/gocql"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/control/cqlcontrol"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Queued mirrors from Postgres to MariaDB, with the journal in Postgres: no call writes the mirror, and the reconciler brings all.
func TestQueuedOnServers(t *testing.T) {
	for _, p := range []phase.Phase{phase.OldPrimary, phase.OldGuarded, phase.NewGuarded} {
		t.Run(p.String(), func(t *testing.T) {
			ctx := t.Context()
			f := open(t, p, phase.Settings{Mirror: phase.Queued})
			const n = 100
			ids := func(do func(id string) error) {
				t.Helper()
				require.NoError(t, race(n, do, do))
			}
			ids(func(id string) error { return f.Put(ctx, row{id, "text"}) })
			for i := range n / 2 {
				require.NoError(t, f.Delete(ctx, fmt.Sprintf("%06d", 2*i)))
			}
			ids(func(id string) error { return f.Append(ctx, id, "+") })
			mirror := f.stores[p.Primary().Other()]
			assert.Empty(t, mirror.all(t))
			f.clean(t)
			assert.Len(t, mirror.all(t), n/2)
			assert.Equal(t, f.old.all(t), f.new.all(t))
			assert.Equal(t, int64(4*n+n/2), f.migration.Stats().Queued)
		})
	}
}

// A journal in Cassandra marks a key that a write took two tokens on, the first of them by the way for fleets that agree.
func TestQueuedMarksInCassandra(t *testing.T) {
	ctx := t.Context()
	hosts, keyspace := servertest.Cassandra(t)
	cluster := gocql.NewCluster(strings.Split(hosts, ",")...)
	cluster.Keyspace, cluster.Timeout, cluster.ConnectTimeout = keyspace, servertest.CassandraTimeout, servertest.CassandraTimeout
	session, err := cluster.CreateSession()
	require.NoError(t, err)
	defer session.Close()
	for _, statement := range strings.Split(cqlcontrol.DDL(keyspace, ""), ";\n") {
		if strings.TrimSpace(statement) != "" {
			require.NoError(t, session.Query(statement).Exec())
		}
	}
	b, err := cqlcontrol.Open(session, cqlcontrol.Options{Keyspace: keyspace, Migration: "queued", OneReplica: true})
	require.NoError(t, err)
	defer b.Close()
	j := b.Journal()
	key := rowKey("a")
	first, err := j.(journal.Agreed).BeginAgreed(ctx, "a", key, phase.Old)
	require.NoError(t, err)
	second, err := j.Begin(ctx, "a", key, phase.Old)
	require.NoError(t, err)
	require.NoError(t, j.End(ctx, key, first, true))
	require.NoError(t, j.End(ctx, key, second, true))
	entry, unclean, err := j.Lookup(ctx, key)
	require.NoError(t, err)
	assert.True(t, unclean)
	assert.True(t, entry.Dirty)
	assert.Zero(t, entry.Active)
}
