package soak

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gocql/gocql"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/control/cqlcontrol"
	"github.com/dualgen/dualgen/runtime/journal"
)

// counter counts statements, and those of work.
type counter struct{ statements, work atomic.Int64 }

// ObserveQuery implements gocql.QueryObserver.
func (c *counter) ObserveQuery(ctx context.Context, _ gocql.ObservedQuery) {
	c.statements.Add(1)
	if ctx.Value(work{}) != nil {
		c.work.Add(1)
	}
}

func cassandra(t *testing.T) place {
	hosts, keyspace := servertest.Cassandra(t)
	reach := func(observer gocql.QueryObserver) *gocql.Session {
		cluster := gocql.NewCluster(strings.Split(hosts, ",")...)
		cluster.Timeout, cluster.QueryObserver = servertest.CassandraTimeout, observer
		session, err := cluster.CreateSession()
		require.NoError(t, err)
		return session
	}
	all := new(counter)
	look := reach(nil)
	t.Cleanup(look.Close)
	for _, statement := range strings.Split(cqlcontrol.DDL(keyspace, ""), ";\n") { // by hand, as an owner does
		if strings.TrimSpace(statement) != "" {
			require.NoError(t, look.Query(statement).Exec())
		}
	}
	open := func(session *gocql.Session) (*cqlcontrol.Backend, func()) {
		b, err := cqlcontrol.Open(session, cqlcontrol.Options{Keyspace: keyspace, Migration: "soak", OneReplica: true})
		require.NoError(t, err)
		return b, func() {
			b.Close()
			session.Close()
		}
	}
	table := func(name string) string { return keyspace + ".dualgen_" + name }
	return place{
		name: "cassandra", calls: 2000, rest: 12 * time.Second,
		cost: func(*testing.T) int64 { return all.work.Load() },
		open: func(t *testing.T) backend {
			b, closing := open(reach(all))
			return backend{b.Control(), b.Journal(), closing}
		},
		age:      func(t *testing.T) { aged(t, look, table) },
		ageKeys:  func(t *testing.T) { agedKeys(t, look, table) },
		ahead:    func(t *testing.T, owner string) { setAhead(t, look, table, owner) },
		repeated: func(t *testing.T) int64 { return repeated(t, hosts, keyspace) },
		measure: func(t *testing.T, do func(context.Context, journal.Journal)) figures {
			c := new(counter)
			b, closing := open(reach(c))
			do(t.Context(), b.Journal())
			closing()
			// The rows of entries and of positions have a time to live.
			f := figures{"statements": c.statements.Load(), statementsOfWork: c.work.Load(), tombstonesMet: tombstones(t, look, keyspace)}
			for _, name := range []string{"listing", "log", "process", "lease", "mark", "track", "meta"} {
				var rows int64
				require.NoError(t, look.Query(`SELECT count(*) FROM `+table(name)).Scan(&rows), name)
				f["rows of "+name] = rows
			}
			return f
		},
	}
}

// aged makes leases and processes look as if a day had passed.
func aged(t *testing.T, look *gocql.Session, table func(string) string) {
	day := time.Now().Add(-25 * time.Hour)
	var process int64
	var owner string
	leases := look.Query(`SELECT process, owner FROM ` + table("lease")).Iter()
	for leases.Scan(&process, &owner) {
		require.NoError(t, look.Query(`UPDATE `+table("lease")+` SET renewed = ? WHERE migration = 'soak' AND process = ? AND owner = ?`,
			day, process, owner).Exec())
	}
	require.NoError(t, leases.Close())
	processes := look.Query(`SELECT process FROM ` + table("process")).Iter()
	for processes.Scan(&process) {
		require.NoError(t, look.Query(`UPDATE `+table("process")+` SET seen = ? WHERE migration = 'soak' AND process = ?`, day, process).Exec())
	}
	require.NoError(t, processes.Close())
}

// tombstones returns the most that a read of lately met.
func tombstones(t *testing.T, look *gocql.Session, keyspace string) (most int64) {
	var met float64
	var table string
	rows := look.Query(`SELECT table_name, max FROM system_views.tombstones_per_read WHERE keyspace_name = ? ALLOW FILTERING`, keyspace).Iter()
	for rows.Scan(&table, &met) {
		most = max(most, int64(met))
	}
	require.NoError(t, rows.Close())
	return most
}
