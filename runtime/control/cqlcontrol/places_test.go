package cqlcontrol

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gocql/gocql"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
)

// place is an empty keyspace. Reach opens it as one more process would.
type place struct {
	hosts     []string
	keyspace  string
	migration string // of backends that name none
}

func newPlace(t testing.TB) place {
	t.Helper()
	hosts, keyspace := servertest.Cassandra(t)
	return place{hosts: strings.Split(hosts, ","), keyspace: keyspace}
}

// open returns a migrated backend on a session of its own.
func (p place) open(t testing.TB, options Options) *Backend {
	t.Helper()
	return p.openWith(t, options, func(*gocql.ClusterConfig) {})
}

// openWith is open with a session as configure makes it.
func (p place) openWith(t testing.TB, options Options, configure func(*gocql.ClusterConfig)) *Backend {
	t.Helper()
	cluster := gocql.NewCluster(p.hosts...)
	cluster.Timeout = servertest.CassandraTimeout
	configure(cluster)
	session, err := cluster.CreateSession()
	require.NoError(t, err)
	t.Cleanup(session.Close)
	options.Keyspace, options.OneReplica = p.keyspace, true
	if options.Migration == "" {
		options.Migration = p.migration
	}
	if options.Migration == "" {
		options.Migration = "m"
	}
	b, err := Open(session, options)
	require.NoError(t, err)
	require.NoError(t, b.Migrate(t.Context()))
	t.Cleanup(b.Close)
	return b
}

// counter counts the statements of a session.
type counter struct{ n atomic.Int64 }

// ObserveQuery implements gocql.QueryObserver.
func (c *counter) ObserveQuery(context.Context, gocql.ObservedQuery) { c.n.Add(1) }

// openCounted is open, and counts the statements.
func (p place) openCounted(t testing.TB, options Options) (*Backend, *counter) {
	t.Helper()
	c := &counter{}
	return p.openWith(t, options, func(cluster *gocql.ClusterConfig) { cluster.QueryObserver = c }), c
}

// run runs a statement on the tables.
func (b *Backend) run(t testing.TB, statement string, args ...any) {
	t.Helper()
	require.NoError(t, b.query(t.Context(), statement, args...).Exec())
}

// count counts the rows of a table.
func (b *Backend) count(t testing.TB, table string) (n int) {
	t.Helper()
	require.NoError(t, b.query(t.Context(), `SELECT count(*) FROM {`+table+`}`).Scan(&n))
	return n
}

// gocql is the driver's session of a backend.
func (b *Backend) gocql() *gocql.Session { return b.session.(gocqlSession).session }
