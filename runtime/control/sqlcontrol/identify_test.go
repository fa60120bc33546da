package sqlcontrol

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A store is the same from wherever it is reached; another table, or another database, is another one; and a changed column
// is another schema.
func TestIdentify(t *testing.T) {
	stores := map[string]bool{}
	each(t, func(t *testing.T, p place) {
		db, again, ctx := p.reach(t), p.reach(t), t.Context()
		for _, statement := range []string{`CREATE TABLE one (id INT PRIMARY KEY, name VARCHAR(20))`, `CREATE TABLE two (id INT PRIMARY KEY)`} {
			_, err := db.ExecContext(ctx, statement)
			require.NoError(t, err)
		}
		one, err := Identify(ctx, db, p.dialect, "one", "two")
		if p.dialect == MySQL { // MariaDB, which its tests run on, has no server_uuid
			require.ErrorContains(t, err, "server_uuid")
			return
		}
		require.NoError(t, err)
		assert.NotContains(t, stores, one.Store)
		stores[one.Store] = true
		same, err := Identify(ctx, again, p.dialect, "two", "one")
		require.NoError(t, err)
		assert.Equal(t, one, same)
		other, err := Identify(ctx, db, p.dialect, "two")
		require.NoError(t, err)
		assert.NotEqual(t, one.Store, other.Store)
		_, err = db.ExecContext(ctx, `ALTER TABLE one ADD COLUMN age INT`)
		require.NoError(t, err)
		changed, err := Identify(ctx, again, p.dialect, "one", "two")
		require.NoError(t, err)
		assert.Equal(t, one.Store, changed.Store)
		assert.NotEqual(t, one.Schema, changed.Schema)
		_, err = Identify(ctx, db, p.dialect, "three")
		assert.ErrorContains(t, err, "no such table")
		_, err = Identify(ctx, db, p.dialect)
		assert.Error(t, err)
	})
}

// Two stores may be columns of one table: each is known by its own, and a change of another column does not concern it.
func TestIdentifyColumns(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		if p.dialect == MySQL { // see TestIdentify
			return
		}
		db, ctx := p.reach(t), t.Context()
		_, err := db.ExecContext(ctx, `CREATE TABLE notes (id INT PRIMARY KEY, doc_v1 VARCHAR(20), doc_v2 VARCHAR(20))`)
		require.NoError(t, err)
		identify := func(table string) (store, schema string) {
			t.Helper()
			i, err := Identify(ctx, db, p.dialect, table)
			require.NoError(t, err)
			return i.Store, i.Schema
		}
		old, oldSchema := identify("notes(id, doc_v1)")
		same, _ := identify("notes ( doc_v1,id )")
		new, newSchema := identify("notes(id, doc_v2)")
		whole, _ := identify("notes")
		assert.Equal(t, old, same)
		assert.NotEqual(t, old, new)
		assert.NotEqual(t, old, whole)
		_, err = db.ExecContext(ctx, `ALTER TABLE notes ADD COLUMN doc_v3 INT`)
		require.NoError(t, err)
		_, after := identify("notes(id, doc_v1)")
		assert.Equal(t, oldSchema, after)
		if p.dialect != SQLite { // which changes no type
			_, err = db.ExecContext(ctx, map[Dialect]string{
				Postgres: `ALTER TABLE notes ALTER COLUMN doc_v2 TYPE text`, MariaDB: `ALTER TABLE notes MODIFY COLUMN doc_v2 TEXT`}[p.dialect])
			require.NoError(t, err)
			_, after = identify("notes(id, doc_v2)")
			assert.NotEqual(t, newSchema, after)
		}
		_, err = Identify(ctx, db, p.dialect, "notes(id, doc)")
		assert.ErrorContains(t, err, `no column "doc"`)
	})
}
