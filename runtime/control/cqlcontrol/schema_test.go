package cqlcontrol

import (
	"strings"
	"testing"

	"github.com/gocql/gocql"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// The printed DDL is enough: whoever uses the journal first adds the migration's row.
func TestDDLByHand(t *testing.T) {
	p := newPlace(t)
	cluster := gocql.NewCluster(p.hosts...)
	cluster.Timeout = servertest.CassandraTimeout
	session, err := cluster.CreateSession()
	require.NoError(t, err)
	t.Cleanup(session.Close)
	for statement := range strings.SplitSeq(strings.TrimSuffix(strings.TrimSpace(DDL(p.keyspace, "")), ";"), ";\n") {
		require.NoError(t, session.Query(statement).Exec())
	}
	open := func(migration string) *Journal {
		b, err := Open(session, Options{Keyspace: p.keyspace, Migration: migration})
		require.NoError(t, err)
		t.Cleanup(b.Close)
		return b.journal
	}
	_, err = open("tracked first").Track(t.Context(), "track")
	require.NoError(t, err)
	j := open("asked first")
	first, err := j.Incarnation(t.Context())
	require.NoError(t, err)
	again, err := open("asked first").Incarnation(t.Context())
	require.NoError(t, err)
	require.Equal(t, first, again)
	key := journal.Key{Kind: "User", ID: "1"}
	token, err := j.Begin(t.Context(), "me", key, phase.Old)
	require.NoError(t, err)
	require.NoError(t, j.End(t.Context(), key, token, true))
}
