package sqlcontrol

import (
	"slices"
	"strings"
)

// columnTypes are the types of the schema in one dialect.
type columnTypes struct {
	name  string // short text of a key: byte by byte the same, or another
	id    string // an entity's key
	text  string // text of any length
	queue string // the name of a queue
	bytes string
}

func typesOf(d Dialect) columnTypes {
	switch d {
	case Postgres:
		return columnTypes{name: `text COLLATE "C"`, id: `text COLLATE "C"`, text: `text COLLATE "C"`, queue: `text COLLATE "C"`, bytes: "bytea"}
	case SQLite:
		return columnTypes{name: "TEXT", id: "TEXT", text: "TEXT", queue: "TEXT", bytes: "BLOB"}
	default: // a text type would hold "a" and "a " for the same key, or fold case
		return columnTypes{name: "VARBINARY(128)", id: "VARBINARY(2048)", text: "MEDIUMBLOB", queue: "VARBINARY(224)", bytes: "LONGBLOB"}
	}
}

// schema is the DDL, in an order in which it can run. Every statement may be run again.
var schema = []string{
	`CREATE TABLE IF NOT EXISTS {entry} (
	migration {name} NOT NULL,
	kind {name} NOT NULL,
	whole smallint NOT NULL,
	id {id} NOT NULL,
	primary_store smallint NOT NULL,
	dirty smallint NOT NULL,
	quarantined smallint NOT NULL,
	attempts int NOT NULL,
	seq bigint NOT NULL,
	touched bigint NOT NULL,
	tokens {text} NOT NULL,
	cause {text} NOT NULL,
	{born},
	{queue},
	{since},
	{changed},
	PRIMARY KEY (migration, kind, whole, id){queueIndex}
){tableEnd}`,
	`CREATE TABLE IF NOT EXISTS {activity} (
	migration {name} NOT NULL,
	kind {name} NOT NULL,
	whole smallint NOT NULL,
	id {id} NOT NULL,
	seq bigint NOT NULL,
	PRIMARY KEY (migration, kind, whole, id){activityIndex}
)`,
	`CREATE TABLE IF NOT EXISTS {track} (
	migration {name} NOT NULL,
	name {id} NOT NULL,
	since bigint,
	PRIMARY KEY (migration, name)
)`,
	`CREATE TABLE IF NOT EXISTS {lease} (
	migration {name} NOT NULL,
	owner {id} NOT NULL,
	tag {name} NOT NULL,
	expires bigint NOT NULL,
	PRIMARY KEY (migration, owner)
)`,
	`CREATE TABLE IF NOT EXISTS {meta} (
	migration {name} NOT NULL,
	gen bigint NOT NULL,
	incarnation {name} NOT NULL,
	PRIMARY KEY (migration)
)`,
	`CREATE TABLE IF NOT EXISTS {record} (
	migration {name} NOT NULL,
	revision bigint NOT NULL,
	body {text} NOT NULL,
	PRIMARY KEY (migration)
)`,
	`CREATE TABLE IF NOT EXISTS {instance} (
	migration {name} NOT NULL,
	id {id} NOT NULL,
	evicted smallint NOT NULL,
	expires bigint NOT NULL,
	body {text} NOT NULL,
	PRIMARY KEY (migration, id)
)`,
	`CREATE TABLE IF NOT EXISTS {checkpoint} (
	migration {name} NOT NULL,
	name {id} NOT NULL,
	data {bytes} NOT NULL,
	PRIMARY KEY (migration, name)
)`,
	`CREATE TABLE IF NOT EXISTS {longkey} (
	migration {name} NOT NULL,
	digest {name} NOT NULL,
	id {text} NOT NULL,
	PRIMARY KEY (migration, digest)
)`,
}

// DDL returns the statements that Migrate runs to create the tables, for those who run it themselves. Prefix is that of
// Options. One set of tables serves every migration of a service.
func DDL(dialect Dialect, prefix string) (string, error) {
	statements, err := ddl(dialect, prefix)
	if err != nil {
		return "", err
	}
	return strings.Join(statements, ";\n\n") + ";\n", nil
}

func ddl(dialect Dialect, prefix string) ([]string, error) {
	g, err := grammarOf(dialect)
	if err != nil {
		return nil, err
	}
	if prefix, err = checkPrefix(prefix); err != nil {
		return nil, err
	}
	types := typesOf(dialect)
	w := newWriter(g, prefix, "")
	activityIndex, queueIndex := "", ""
	if !g.countsKept() { // MySQL has no CREATE INDEX IF NOT EXISTS
		activityIndex, queueIndex = ",\n\tINDEX (migration, kind, seq)", ",\n\tINDEX entry_queue (queue, since),\n\tINDEX entry_changed (queue, changed)"
	}
	names := strings.NewReplacer("{name}", types.name, "{id}", types.id, "{text}", types.text, "{bytes}", types.bytes, "{tableEnd}", g.tableEnd,
		"{born}", bornColumn, "{queue}", queueColumn(g, types), "{since}", sinceColumn(g), "{changed}", changedColumn(g),
		"{activityIndex}", activityIndex, "{queueIndex}", queueIndex)
	statements := make([]string, 0, len(schema)+6)
	for _, statement := range append(slices.Clone(schema), additions(dialect, g, prefix)...) {
		statements = append(statements, w.sql(names.Replace(statement)))
	}
	return statements, nil
}
