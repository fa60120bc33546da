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
