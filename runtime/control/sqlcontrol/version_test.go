package sqlcontrol

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// lacking are the parts of the schema that earlier versions did not have.
var lacking = map[int]*regexp.Regexp{
	1: regexp.MustCompile(`(?m)^\t(born|queue|since|changed) .*,\n|,\n\tINDEX entry_(queue|changed) \(queue, (since|changed)\)`),
	2: regexp.MustCompile(`(?m)^\tchanged .*,\n|,\n\tINDEX entry_changed \(queue, changed\)`),
}

// eachVersion runs a test in every database, with the tables of each earlier version.
func eachVersion(t *testing.T, test func(t *testing.T, p place, version int)) {
	t.Parallel()
	for version := range lacking {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			each(t, func(t *testing.T, p place) { test(t, p, version) })
		})
	}
}

// insert1 is how version 1 wrote an entry, and version 2 could.
const insert1 = `INSERT INTO {entry} (` + written1 + `)
VALUES ({m}, 'User', 0, ?, 1, 1, 0, 0, 0, 0, '', '')`

// earlierTables makes the tables as an earlier version did.
func earlierTables(t *testing.T, p place, version int) *Backend {
	t.Helper()
	b, err := Open(p.reach(t), Options{Dialect: p.dialect, Migration: "m"})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, b.Close(t.Context())) })
	statements, err := ddl(p.dialect, b.prefix)
	require.NoError(t, err)
	for _, statement := range statements[:len(schema)] {
		b.db.MustExec(lacking[version].ReplaceAllString(statement, ""))
	}
	if p.dialect == Postgres && version == 1 {
		b.db.MustExec(b.text("CREATE INDEX dualgen_entry_dirty ON {entry} (migration, kind) WHERE dirty = 1"))
	}
	if version == 2 {
		b.db.MustExec(b.text(`INSERT INTO {meta} (migration, gen, incarnation) VALUES ('', 2, 'version of the tables')`))
	}
	_, err = b.exec(t.Context(), "a call of version 1", addKind, "User")
	require.NoError(t, err)
	_, err = b.exec(t.Context(), "a mark of version 1", insert1, "1")
	require.NoError(t, err)
	return b
}

// Tables of an earlier version let no instance in until somebody migrates them. What is in them stays, and what an instance of that version
// that still runs writes into them is found.
func TestTablesOfEarlierVersions(t *testing.T) {
	eachVersion(t, func(t *testing.T, p place, version int) {
		b, ctx := earlierTables(t, p, version), t.Context()
		if version == 1 { // the statements of calls do without what came after it
			_, err := b.journal.Begin(ctx, "x", key, phase.Old)
			require.ErrorContains(t, err, "let their owner run Migrate")
		}
		err := b.journal.Renew(ctx, "x", time.Minute)
		require.ErrorIs(t, err, ErrTables)
		require.ErrorContains(t, err, "Migrate")
		var migrating sync.WaitGroup
		for range 3 {
			other := p.reach(t)
			migrating.Go(func() {
				b, err := Open(other, b.options)
				if assert.NoError(t, err) {
					assert.NoError(t, b.Migrate(ctx))
					assert.NoError(t, b.Close(ctx))
				}
			})
		}
		migrating.Wait()
		require.NoError(t, b.journal.Renew(ctx, "x", time.Minute))
		_, err = b.exec(ctx, "another mark of version 1", insert1, "2")
		require.NoError(t, err)
		entries, err := b.journal.Unclean(ctx, journal.Query{Copyable: true, IdleFor: time.Hour})
		require.NoError(t, err)
		require.Len(t, entries, 2)
		require.Equal(t, phase.New, entries[0].Primary)
		plain, err := b.journal.Counts(ctx, "User")
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Dirty: 2, Primary: [2]int{0, 2}}, plain)
		require.NoError(t, b.Migrate(ctx))
	})
}

// The printed DDL makes tables of an earlier version into such of this one where the database can say so, and else fails.
func TestDDLOverEarlierVersions(t *testing.T) {
	eachVersion(t, func(t *testing.T, p place, version int) {
		b, ctx := earlierTables(t, p, version), t.Context()
		statements, err := ddl(p.dialect, b.prefix)
		require.NoError(t, err)
		for _, statement := range statements {
			if _, err = b.db.Exec(statement); err != nil {
				break
			}
		}
		renewed := b.journal.Renew(ctx, "x", time.Minute)
		if p.dialect == Postgres || p.dialect == MariaDB {
			require.NoError(t, err)
			require.NoError(t, renewed)
			return
		}
		require.Error(t, err)
		require.ErrorIs(t, renewed, ErrTables)
	})
}

// Tables that a later version made are not for this one.
func TestTablesOfALaterVersion(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		b := p.open(t, Options{})
		_, err := b.exec(t.Context(), "as a later version", strings.Replace(`UPDATE {meta} SET gen = ? WHERE migration = ''`, "?", fmt.Sprint(tablesVersion+1), 1))
		require.NoError(t, err)
		require.ErrorIs(t, b.journal.Renew(t.Context(), "x", time.Minute), ErrTables)
		require.ErrorIs(t, b.Migrate(t.Context()), ErrTables)
	})
}
