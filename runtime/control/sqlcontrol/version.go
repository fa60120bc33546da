package sqlcontrol

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// tablesVersion is that of the tables which this package makes and needs. It stands in the meta table, in the row of a
// migration without a name, which none has.
//
//	1: no version was written
//	2: an entry has born, queue and since, and an index over the last two
//	3: it has changed, and an index over queue and that
const tablesVersion = 3

// written1 are the columns of an entry in version 1.
const written1 = `migration, kind, whole, id, primary_store, dirty, quarantined, attempts, seq, touched, tokens, cause`

const bornColumn = `born bigint NOT NULL DEFAULT 0`

// queueColumn is the column that says what there is to do with an entry. The database computes it, so that no statement
// forgets it. While a row is not dirty it stays the same, as since does: in Postgres an ordinary write then changes no index.
func queueColumn(g grammar, types columnTypes) string {
	parts := []string{
		"migration",
		`CASE WHEN dirty = 0 THEN '/` + cleanQueue + `' WHEN tokens <> '' THEN '/` + heldQueue + `' WHEN quarantined = 1 THEN '/` + stopQueue +
			`' ELSE '/` + copyQueue + `' END`,
		`CASE WHEN dirty = 0 THEN '/' WHEN primary_store = 0 THEN '` + ofOld + `/' ELSE '` + ofNew + `/' END`,
		"kind",
	}
	joined := strings.Join(parts, " || ")
	if !g.countsKept() { // || is a logical or in MySQL
		joined = "CONCAT(" + strings.Join(parts, ", ") + ")"
	}
	return "queue " + types.queue + " GENERATED ALWAYS AS (" + joined + ") " + g.generated
}

// sinceColumn is the column that orders a queue: when a dirty entry was in doubt last, when another one came.
func sinceColumn(g grammar) string {
	return "since bigint GENERATED ALWAYS AS (CASE WHEN dirty = 1 THEN touched ELSE born END) " + g.generated
}

// changedColumn is the sequence of a dirty entry's last change, which its index orders a queue by. It is that of dirty entries alone, so
// that an ordinary write changes no index. Where an index can be of some rows, it is of those where changed is not 0, and only a statement
// that says so may use it: Postgres believes such an index to be empty when it has counted no dirty rows, and would read all of it for any
// statement on dirty ones.
func changedColumn(g grammar) string {
	return "changed bigint GENERATED ALWAYS AS (CASE WHEN dirty = 1 THEN seq ELSE 0 END) " + g.generated
}

// addedColumn is one that tables of version 1 lack.
type addedColumn struct{ name, ddl, index string }

// columnsSince1 are in the order that they came in; the index is made with the last column that it needs.
func columnsSince1(g grammar, types columnTypes) []addedColumn {
	return []addedColumn{
		{"born", bornColumn, ""},
		{"queue", queueColumn(g, types), ""},
		{"since", sinceColumn(g), "entry_queue (queue, since)"},
		{"changed", changedColumn(g), "entry_changed (queue, changed)"},
	}
}

// additions are the statements after those that create tables. Each may run again.
func additions(dialect Dialect, g grammar, prefix string) []string {
	var statements []string
	if dialect == Postgres || dialect == MariaDB { // Migrate looks first where there is no such IF NOT EXISTS
		statements = append(statements, upgrade(g, columnsSince1(g, typesOf(dialect)), " IF NOT EXISTS"))
	}
	if g.countsKept() {
		statements = append(statements,
			"CREATE INDEX IF NOT EXISTS "+unqualified(prefix)+"activity_seq ON {activity} (migration, kind, seq)",
			"CREATE INDEX IF NOT EXISTS "+unqualified(prefix)+"entry_queue ON {entry} (queue, since)",
			"CREATE INDEX IF NOT EXISTS "+unqualified(prefix)+"entry_changed ON {entry} (queue, changed) WHERE changed > 0")
	}
	if dialect == Postgres {
		statements = append(statements, "DROP INDEX IF EXISTS "+prefix+"entry_dirty", ballast)
	}
	return append(statements, writeVersion)
}

// upgrade adds columns to a table of entries of an earlier version. A running fleet's statements work before and after it; it
// rewrites the table, which they wait for.
func upgrade(g grammar, columns []addedColumn, ifNotExists string) string {
	var parts []string
	for _, c := range columns {
		parts = append(parts, " ADD COLUMN"+ifNotExists+" "+c.ddl)
		if c.index != "" && !g.countsKept() {
			parts = append(parts, " ADD INDEX"+ifNotExists+" "+c.index)
		}
	}
	return "ALTER TABLE {entry}" + strings.Join(parts, ",")
}

const (
	// ballast keeps the table from ever being small. Postgres plans to read a table of a few pages as a whole, keeps that plan
	// for a prepared statement, and only notices that the table has grown when it counts its rows again.
	ballast = `INSERT INTO {entry} (` + written1 + `)
SELECT '', 'ballast', 0, n::text, 0, 0, 0, 0, 0, 0, '', rpad('Keeps Postgres from planning to read this table as a whole. Do not delete. ', 1800, '.')
FROM generate_series(1, 32) n ON CONFLICT DO NOTHING`

	// writeVersion fails where the columns of the version are not there.
	writeVersion = `INSERT INTO {meta}{alias} (migration, gen, incarnation)
SELECT '', 3, 'version of the tables' FROM (SELECT count(queue) + count(since) + count(born) + count(changed) AS n FROM {entry} WHERE 1 = 0) v WHERE v.n = 0
{on migration} gen = {greatest}(old.gen, new.gen)`
	readVersion = `SELECT COALESCE(max(gen), 1) FROM {meta} WHERE migration = ''`
)

// ErrTables: the tables were made by another version of this package. Their owner runs Migrate, or what DDL prints.
var ErrTables = errors.New("sqlcontrol: the tables are of another version")

// checkVersion returns ErrTables unless the tables are of this version. An instance that finds others is not let in: its
// statements would fail one by one, or miss what a later version counts on.
func (d *database) checkVersion(ctx context.Context) error {
	var version int
	if err := d.get(ctx, "read the version of the tables", &version, readVersion); err != nil {
		return err
	}
	switch {
	case version < tablesVersion:
		return fmt.Errorf("%w: %s has %d, and %d is needed: let their owner run Migrate, or what sqlcontrol.DDL prints (docs/journal.md, Tables)",
			ErrTables, d.prefix+"meta", version, tablesVersion)
	case version > tablesVersion:
		return fmt.Errorf("%w: %s has %d, and this build knows %d: deploy the build that made them", ErrTables, d.prefix+"meta", version, tablesVersion)
	}
	return nil
}
