package sqlcontrol

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/journal"
)

// While the mirror is down the table grows by a row for every key that is written. Looking a key up, beginning or ending a few
// tokens must not read all of it: not before Postgres has first counted its rows, and not where it counted them before this migration had any.
func TestManyDoNotReadTheTable(t *testing.T) {
	for _, counted := range []bool{false, true} {
		t.Run(fmt.Sprintf("counted=%v", counted), func(t *testing.T) {
			j := largeJournal(t, counted)
			var endings []ending
			for i := range 100 {
				endings = append(endings, ending{row: row{Kind: "User", ID: fmt.Sprint(i)}, token: journal.Token{ID: uint64(i)}, clean: true})
			}
			list, err := json.Marshal(endings)
			require.NoError(t, err)
			plan := planOf(t, j, endTogether, string(list))
			assert.Contains(t, plan, "AND (whole = v.whole) AND (id = (v.id)::text))", plan)

			plan = planOf(t, j, lookupKey, "User", 0, "1", "User")
			assert.Equal(t, 2, strings.Count(plan, " AND (id = "), plan)

			var args []any
			for i := range 3 {
				args = append(args, "User", fmt.Sprint(i), 0, fmt.Sprint(i))
			}
			plan = planOf(t, j, beginMany(3), args...)
			assert.Regexp(t, `Index Cond: \(\(migration = .*\) AND \(kind = .*\) AND \(whole = 1\) AND \(id = `, plan)
		})
	}
}

// largeJournal has 20,000 keys. Counted: Postgres knows of another migration's keys only.
func largeJournal(t *testing.T, counted bool) *Journal {
	u := openUsers(t, servertest.Postgres(t))
	b, err := Open(sqlx.NewDb(stdlib.OpenDBFromPool(u.pool), "pgx"), Options{Dialect: Postgres, Migration: "m"})
	require.NoError(t, err)
	ctx := context.Background()
	t.Cleanup(func() { assert.NoError(t, b.Close(ctx)) })
	require.NoError(t, b.Migrate(ctx))
	j := b.journal
	_, err = j.exec(ctx, "add a kind", addKind, "User")
	require.NoError(t, err)
	const fill = `INSERT INTO {entry}
	(migration, kind, whole, id, primary_store, dirty, quarantined, attempts, seq, touched, tokens, cause)
	SELECT ?, 'User', 0, n::text, 0, 1, 0, 0, 0, 0, '', '' FROM generate_series(1, 20000) n`
	if counted {
		_, err = j.exec(ctx, "fill the table", fill, "another")
		require.NoError(t, err)
		_, err = j.exec(ctx, "count", `ANALYZE {entry}`)
		require.NoError(t, err)
	}
	_, err = j.exec(ctx, "fill the table", fill, "migration")
	require.NoError(t, err)
	return j
}

// planOf is how Postgres would run a statement, without a filter on the rows that an index names: each would be read.
func planOf(t *testing.T, j *Journal, statement string, args ...any) string {
	var plan []string
	require.NoError(t, j.db.Select(&plan, `EXPLAIN `+j.text(statement), args...))
	text := strings.Join(plan, "\n")
	for _, scan := range []string{"Seq Scan on", "Bitmap Heap Scan", "Hash Join", "Merge Join", "Join Filter"} {
		assert.NotContains(t, text, scan, text)
	}
	return text
}

// A token's text is as long as the statement says: it would end no other.
func TestTokenLength(t *testing.T) {
	assert.Len(t, tokenText(journal.Token{ID: 1, Owner: "x"}), tokenLength)
	assert.Contains(t, endTogether, fmt.Sprintf("length(t.token) = %d", tokenLength))
}
