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
		b, err := Open(session, Options{Keyspace: p.keyspace, Migration: migration, OneReplica: true})
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

// Tables of another layout are refused, and a program of the layout before this one cannot renew a lease in tables of this one.
func TestLayouts(t *testing.T) {
	p := newPlace(t)
	b := p.open(t, Options{})
	b.run(t, `ALTER TABLE {meta} WITH comment = ''`) // as the tables were made before they had a layout
	_, err := Open(b.gocql(), Options{Keyspace: p.keyspace, Migration: "m", OneReplica: true})
	require.ErrorContains(t, err, `have the layout "", and this program needs "`+layout+`"`)
	require.ErrorContains(t, b.Migrate(t.Context()), "drop these tables but dualgen_record, and run Migrate")
	_, err = Open(b.gocql(), Options{Keyspace: p.keyspace, Migration: "m", OneReplica: true, Prefix: "other_"})
	require.NoError(t, err)
	err = b.query(t.Context(), `INSERT INTO {lease} (migration, owner, renewed, ttl) VALUES (?, ?, toTimestamp(now()), ?)`, "m", "i1", int64(1)).Exec()
	require.ErrorContains(t, err, "process")
}
