package cqlcontrol

import (
	"strings"
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
	cluster := gocql.NewCluster(p.hosts...)
	cluster.Timeout = servertest.CassandraTimeout
	session, err := cluster.CreateSession()
	require.NoError(t, err)
	t.Cleanup(session.Close)
	options.Keyspace = p.keyspace
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
