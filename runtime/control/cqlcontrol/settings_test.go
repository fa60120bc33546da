package cqlcontrol

import (
	"sync/atomic"
	"testing"

	"github.com/gocql/gocql"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
)

// Levels that do not go together, and such at which a read misses a write, are refused; so is a keyspace with one replica, unless
// that is meant.
func TestWeakSettings(t *testing.T) {
	p := newPlace(t)
	session := p.open(t, Options{}).gocql()
	for _, test := range []struct {
		options Options
		refused string
	}{
		{Options{}, ""},
		{Options{Consistency: gocql.LocalQuorum}, ""},
		{Options{Consistency: gocql.LocalQuorum, Serial: gocql.LocalSerial}, ""},
		{Options{Consistency: gocql.All, Serial: gocql.Serial}, ""},
		{Options{Consistency: gocql.One}, "a read might miss a write"},
		{Options{Consistency: gocql.LocalOne}, "a read might miss a write"},
		{Options{Consistency: gocql.Two}, "a read might miss a write"},
		{Options{Consistency: gocql.EachQuorum}, "a read might miss a write"}, // Cassandra cannot read so
		{Options{Serial: gocql.LocalSerial}, "goes with SERIAL"},
		{Options{Consistency: gocql.LocalQuorum, Serial: gocql.Serial}, "goes with LOCAL_SERIAL"},
	} {
		test.options.Keyspace, test.options.Migration, test.options.OneReplica = p.keyspace, "m", true
		b, err := Open(session, test.options)
		if test.refused != "" {
			require.ErrorContains(t, err, test.refused, "%+v", test.options)
			continue
		}
		require.NoError(t, err)
		b.Close()
	}
	_, err := Open(session, Options{Keyspace: p.keyspace, Migration: "m"})
	require.ErrorContains(t, err, "one replica")
	_, err = Open(session, Options{Keyspace: "nowhere", Migration: "m", OneReplica: true})
	require.ErrorContains(t, err, "no keyspace nowhere")
	for factor, want := range map[string]int{"1": 1, "3": 3, "3/1": 2, "2/1": 1, "org.apache.cassandra.locator.SimpleStrategy": 0} {
		require.Equal(t, want, replicas(factor), factor)
	}
}

// asked is a RetryPolicy that notes that it was asked.
type asked struct{ times atomic.Int64 }

func (a *asked) Attempt(gocql.RetryableQuery) bool {
	a.times.Add(1)
	return false
}

func (*asked) GetRetryType(error) gocql.RetryType { return gocql.Rethrow }

// No statement of the package is repeated by the session's RetryPolicy: a lightweight transaction would be refused by its own first
// attempt, and a call would take its token for lost.
func TestSessionsRetriesAreNotOurs(t *testing.T) {
	p := newPlace(t)
	policy := &asked{}
	cluster := gocql.NewCluster(p.hosts...)
	cluster.Timeout, cluster.RetryPolicy = servertest.CassandraTimeout, policy
	session, err := cluster.CreateSession()
	require.NoError(t, err)
	t.Cleanup(session.Close)
	b, err := Open(session, Options{Keyspace: p.keyspace, Migration: "m", OneReplica: true})
	require.NoError(t, err)
	t.Cleanup(b.Close)
	ctx := t.Context() // there are no tables: every statement fails
	require.Error(t, session.Query("SELECT revision FROM "+p.keyspace+".nothing").Exec())
	require.Positive(t, policy.times.Swap(0), "the policy is the session's")
	_, err = b.control.Load(ctx)
	require.Error(t, err)
	require.Error(t, b.control.Watch(ctx, 0))
	_, err = b.apply(ctx, `DELETE FROM {record} WHERE migration = ? IF EXISTS`, "m")
	require.Error(t, err)
	require.Error(t, b.journal.Renew(ctx, "x", 1))
	_, err = b.journal.readSerial(ctx, key)
	require.Error(t, err)
	_, err = Identify(ctx, session, p.keyspace, "nothing")
	require.Error(t, err)
	require.Zero(t, policy.times.Load(), "a statement left it to the session to repeat it")
}
