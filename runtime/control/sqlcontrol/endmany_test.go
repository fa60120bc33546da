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

// While the mirror is down the table grows by a row for every key that is written. Ending a few tokens must not read all of
// it, not even before Postgres has first counted its rows.
func TestEndsDoNotReadTheTable(t *testing.T) {
	u := openUsers(t, servertest.Postgres(t))
	b, err := Open(sqlx.NewDb(stdlib.OpenDBFromPool(u.pool), "pgx"), Options{Dialect: Postgres})
	require.NoError(t, err)
	ctx := context.Background()
	require.NoError(t, b.Migrate(ctx))
	j := b.journal
	_, err = j.exec(ctx, "fill the table", `INSERT INTO {entry}
	(migration, kind, whole, id, primary_store, dirty, quarantined, attempts, seq, touched, tokens, cause)
	SELECT {m}, 'User', 0, n::text, 0, 1, 0, 0, 0, 0, '', '' FROM generate_series(1, 20000) n`)
	require.NoError(t, err)

	var endings []ending
	for i := range 100 {
		endings = append(endings, ending{row: row{Kind: "User", ID: fmt.Sprint(i)}, token: journal.Token{ID: uint64(i)}, clean: true})
	}
	list, err := json.Marshal(endings)
	require.NoError(t, err)
	var plan []string
	require.NoError(t, b.db.Select(&plan, `EXPLAIN `+j.text(endTogether), string(list)))
	text := strings.Join(plan, "\n")
	for _, scan := range []string{"Seq Scan on", "Bitmap Heap Scan", "Hash Join", "Merge Join"} {
		assert.NotContains(t, text, scan)
	}
	assert.Equal(t, 1, strings.Count(text, "Index Scan using"), text)
}

// A token's text is as long as the statement says: it would end no other.
func TestTokenLength(t *testing.T) {
	assert.Len(t, tokenText(journal.Token{ID: 1, Owner: "x"}), tokenLength)
	assert.Contains(t, endTogether, fmt.Sprintf("length(v.token) = %d", tokenLength))
}
