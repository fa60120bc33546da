package cqlcontrol

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A store is the same each time; another table, or one that was made anew, is another one; and a changed column is another
// schema.
func TestIdentify(t *testing.T) {
	p := newPlace(t)
	session, ctx := p.open(t, Options{}).gocql(), t.Context()
	run := func(statement string) {
		t.Helper()
		require.NoError(t, session.Query(fmt.Sprintf(statement, p.keyspace)).WithContext(ctx).Exec())
		require.NoError(t, session.AwaitSchemaAgreement(ctx))
	}
	run(`CREATE TABLE %s.one (id int PRIMARY KEY, name text)`)
	run(`CREATE TABLE %s.two (id int PRIMARY KEY)`)
	one, err := Identify(ctx, session, p.keyspace, "one", "two")
	require.NoError(t, err)
	same, err := Identify(ctx, session, p.keyspace, "two", "one")
	require.NoError(t, err)
	assert.Equal(t, one, same)
	assert.Positive(t, one.Timeout, "of a write, as the node says")
	other, err := Identify(ctx, session, p.keyspace, "two")
	require.NoError(t, err)
	assert.NotEqual(t, one.Store, other.Store)
	run(`ALTER TABLE %s.one ADD age int`)
	changed, err := Identify(ctx, session, p.keyspace, "one", "two")
	require.NoError(t, err)
	assert.Equal(t, one.Store, changed.Store)
	assert.NotEqual(t, one.Schema, changed.Schema)
	run(`DROP TABLE %s.two`)
	_, err = Identify(ctx, session, p.keyspace, "two")
	assert.Error(t, err)
	run(`CREATE TABLE %s.two (id int PRIMARY KEY)`)
	anew, err := Identify(ctx, session, p.keyspace, "two")
	require.NoError(t, err)
	assert.NotEqual(t, other.Store, anew.Store)
}
