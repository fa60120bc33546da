package sqlcontrol

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/jmoiron/sqlx"
)

// Dialect names a database's SQL.
type Dialect string

// The dialects.
const (
	Postgres Dialect = "postgres" // 13 or later
	MariaDB  Dialect = "mariadb"  // 10.5 or later
	MySQL    Dialect = "mysql"    // 8.0 or later
	SQLite   Dialect = "sqlite"   // 3.35 or later
)

// Dialects lists them all.
func Dialects() []Dialect { return []Dialect{Postgres, MariaDB, MySQL, SQLite} }

// grammar is what sets one dialect's statements apart.
type grammar struct {
	bind      int    // sqlx's style of placeholders
	now       string // microseconds since 1970, by the database's clock
	seq       string // the sequence of what this statement does
	conflict  string // between the values of an insert and its assignments; $1 stands for the key's columns
	old       string // the old row's column in an assignment of an upsert
	new       string // the new row's column there
	insertNew string // verb of an insert that gives way to an existing row
	ignore    string // its end
	ofKind    string // joins each v with its kind's row w, and shares a lock on that
	fence     string // keeps a list of rows apart from the select that joins it
	ordered   string // a join that reads its tables in the order that they are written in
	lock      string // shares a lock on the rows of a select by itself
	instr     string // function (text, part): position or 0
	text      string // a placeholder of text in a list of values
	number    string // a placeholder of a small integer there
	concat    string // appends the new row's tokens to the old row's, in an upsert
	add       string // appends a placeholder to the row's tokens, in an update
	returning bool   // INSERT ... RETURNING works
	greatest  string // function (a, b)
	generated string // ends a column that is computed
	byQueue   string // after a table of entries: read it along the index of queues; $1 stands for the tables' prefix
	byChange  string // the same, along the index of their changes
	xid       bool   // a sequence is a transaction's number; else it begins with a generation, which Seq ends
	tableEnd  string // of CREATE TABLE for the entries
}

var postgres = grammar{
	bind:     sqlx.DOLLAR,
	now:      "(date_part('epoch', clock_timestamp()) * 1000000)::bigint",
	seq:      "pg_current_xact_id()::text::bigint",
	conflict: "ON CONFLICT ($1) DO UPDATE SET", old: "o.$2", new: "excluded.$2",
	insertNew: "INSERT INTO", ignore: "ON CONFLICT DO NOTHING",
	// What locks is planned by itself, for one v. In a join Postgres may find the kind for all at once, in ways that go by how many rows
	// it believes in: it would read them all, where it planned that for a table that was small.
	ofKind: "LATERAL (SELECT primary_store, dirty, tokens FROM {entry} WHERE migration = v.m AND kind = v.kind AND whole = 1 AND id = '' FOR SHARE) w ON true",
	fence:  "OFFSET 0", ordered: "JOIN", lock: "FOR SHARE", instr: "strpos", greatest: "GREATEST", text: "CAST(? AS text)", number: "CAST(? AS smallint)",
	concat: "old.tokens || new.tokens", add: "tokens || CAST(? AS text)", returning: true, xid: true, generated: "STORED",
	// Room for the next versions of a row on its page: no version then needs an entry in the index.
	tableEnd: " WITH (fillfactor = 50)",
}

var sqlite = grammar{
	bind:     sqlx.QUESTION,
	now:      "CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)",
	seq:      "(SELECT gen * 16777216 FROM {meta} WHERE migration = {m})",
	conflict: "ON CONFLICT ($1) DO UPDATE SET", old: "o.$2", new: "excluded.$2",
	insertNew: "INSERT INTO", ignore: "ON CONFLICT DO NOTHING",
	// Without the WHERE, ON CONFLICT would be read as the end of the join.
	ofKind:  "{entry} w ON w.migration = {m} AND w.kind = v.kind AND w.whole = 1 AND w.id = '' WHERE true",
	ordered: "CROSS JOIN", instr: "instr", greatest: "max", text: "?", number: "?",
	concat: "old.tokens || new.tokens", add: "tokens || ?", returning: true, generated: "VIRTUAL",
	byQueue: " INDEXED BY $1entry_queue", byChange: " INDEXED BY $1entry_changed",
}

var mysql = grammar{
	bind: sqlx.QUESTION,
	now:  "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))",
	// The shared lock makes Seq, which takes it alone, wait until this statement is committed.
	seq:      "(SELECT gen * 16777216 FROM {meta} WHERE migration = {m} LOCK IN SHARE MODE)",
	conflict: "ON DUPLICATE KEY UPDATE", old: "{self}.$2", new: "VALUES($2)",
	insertNew: "INSERT IGNORE INTO", ordered: "STRAIGHT_JOIN",
	ofKind: "{entry} w ON w.migration = {m} AND w.kind = v.kind AND w.whole = 1 AND w.id = '' LOCK IN SHARE MODE", lock: "LOCK IN SHARE MODE", instr: "INSTR", greatest: "GREATEST", text: "?", number: "?",
	concat: "CONCAT(old.tokens, new.tokens)", add: "CONCAT(tokens, ?)", generated: "STORED", byQueue: " FORCE INDEX (entry_queue)", byChange: " FORCE INDEX (entry_changed)",
	tableEnd: " ENGINE=InnoDB",
}

// countsKept reports whether an upsert counts each row once.
func (g grammar) countsKept() bool { return g.ignore != "" }

// grammarOf returns the dialect's grammar.
func grammarOf(d Dialect) (grammar, error) {
	switch d {
	case Postgres:
		return postgres, nil
	case SQLite:
		return sqlite, nil
	case MySQL:
		return mysql, nil
	case MariaDB:
		mariadb := mysql
		mariadb.returning = true
		return mariadb, nil
	}
	return grammar{}, fmt.Errorf("sqlcontrol: unknown dialect %q: want postgres, mariadb, mysql or sqlite", d)
}

// conflict finds the place of an upsert between its values and its assignments: "{on id, name}".
var conflict = regexp.MustCompile(`\{on ([^}]*)\}`)

// target finds the table that an insert names.
var target = regexp.MustCompile(`INTO (\{\w+\})`)

// column finds the old and the new row's columns in an assignment: "old.tokens".
var column = regexp.MustCompile(`\b(old|new)\.(\w+)`)

// writer turns the statements of this package into a dialect's.
type writer struct {
	grammar
	words *strings.Replacer // what depends on the options and the grammar
	names *strings.Replacer // tables and the migration
}

func newWriter(g grammar, prefix, migration string) writer {
	alias := " AS o"
	if !g.countsKept() {
		alias = ""
	}
	return writer{
		grammar: g,
		words: strings.NewReplacer(
			"{alias}", alias, "{ofKind}", g.ofKind, "{lock}", g.lock, "{fence}", g.fence, "{ordered}", g.ordered, "{append}", g.concat, "{add}", g.add, "{now}", g.now, "{seq}", g.seq,
			"{byQueue}", strings.Replace(g.byQueue, "$1", unqualified(prefix), 1), "{byChange}", strings.Replace(g.byChange, "$1", unqualified(prefix), 1),
			"{instr}", g.instr, "{greatest}", g.greatest, "{t}", g.text, "{n}", g.number, "{insertNew}", g.insertNew, "{ignore}", g.ignore),
		names: strings.NewReplacer(
			"{entry}", prefix+"entry", "{activity}", prefix+"activity", "{track}", prefix+"track", "{lease}", prefix+"lease",
			"{meta}", prefix+"meta", "{record}", prefix+"record", "{instance}", prefix+"instance",
			"{checkpoint}", prefix+"checkpoint", "{longkey}", prefix+"longkey", "{m}", "'"+migration+"'"),
	}
}

// sql writes a statement in the dialect.
func (w writer) sql(statement string) string {
	statement = conflict.ReplaceAllString(w.words.Replace(statement), w.conflict)
	for _, row := range [][2]string{{"old.", w.old}, {"new.", w.new}} {
		statement = column.ReplaceAllStringFunc(statement, func(match string) string {
			if !strings.HasPrefix(match, row[0]) {
				return match
			}
			return column.ReplaceAllString(match, row[1])
		})
	}
	if table := target.FindStringSubmatch(statement); table != nil {
		statement = strings.ReplaceAll(statement, "{self}", table[1])
	}
	return sqlx.Rebind(w.bind, w.names.Replace(statement))
}
