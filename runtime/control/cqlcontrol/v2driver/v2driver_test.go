package v2driver_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	v2 "github.com/apache/cassandra-gocql-driver/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/control/controltest"
	"github.com/dualgen/dualgen/runtime/control/cqlcontrol"
	"github.com/dualgen/dualgen/runtime/control/cqlcontrol/v2driver"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/journal/journaltest"
)

// opener opens backends of other migrations in one keyspace.
func opener(t *testing.T) func(t *testing.T) *cqlcontrol.Backend {
	hosts, keyspace := servertest.Cassandra(t)
	var n atomic.Int64
	return func(t *testing.T) *cqlcontrol.Backend {
		cluster := v2.NewCluster(strings.Split(hosts, ",")...)
		cluster.Timeout, cluster.ConnectTimeout = servertest.CassandraTimeout, servertest.CassandraTimeout
		cluster.ConvictionPolicy = v2driver.NeverConvict{}
		session, err := cluster.CreateSession()
		require.NoError(t, err)
		t.Cleanup(session.Close)
		options := cqlcontrol.Options{Keyspace: keyspace, Migration: fmt.Sprint("m", n.Add(1)), OneReplica: true}
		b, err := cqlcontrol.OpenSession(v2driver.Session(session), options)
		require.NoError(t, err)
		require.NoError(t, b.Migrate(t.Context()))
		t.Cleanup(b.Close)
		identity, err := cqlcontrol.IdentifySession(context.Background(), v2driver.Session(session), keyspace, "dualgen_meta")
		require.NoError(t, err)
		assert.Contains(t, identity.Store, "dualgen_meta ")
		return b
	}
}

// The journal and the control store hold over driver v2 what they hold over gocql.
func TestConformance(t *testing.T) {
	open := opener(t)
	t.Run("journal", func(t *testing.T) {
		journaltest.Run(t, func(t *testing.T) journal.Journal { return open(t).Journal() })
	})
	t.Run("control", func(t *testing.T) {
		controltest.Run(t, func(t *testing.T) control.Control { return open(t).Control() })
	})
}
