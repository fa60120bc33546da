package sqlcontrol

import (
	"context"
	"fmt"
	"strings"
)

// columnTypes are the types of the schema in one dialect.
type columnTypes struct {
	name  string // short text of a key: byte by byte the same, or another
	id    string // an entity's key
	text  string // text of any length
	bytes string
}

func typesOf(d Dialect) columnTypes {
	switch d {
	case Postgres:
		return columnTypes{name: `text COLLATE "C"`, id: `text COLLATE "C"`, text: `text COLLATE "C"`, bytes: "bytea"}
	case SQLite:
		return columnTypes{name: "TEXT", id: "TEXT", text: "TEXT", bytes: "BLOB"}
	default: // a text type would hold "a" and "a " for the same key, or fold case
		return columnTypes{name: "VARBINARY(128)", id: "VARBINARY(2048)", text: "MEDIUMBLOB", bytes: "LONGBLOB"}
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
	PRIMARY KEY (migration, kind, whole, id)
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
	index := ""
	if !g.countsKept() {
		index = ",\n\tINDEX (migration, kind, seq)"
	}
	names := strings.NewReplacer("{name}", types.name, "{id}", types.id, "{text}", types.text, "{bytes}", types.bytes,
		"{tableEnd}", g.tableEnd, "{activityIndex}", index)
	statements := make([]string, 0, len(schema)+1)
	for _, statement := range schema {
		statements = append(statements, w.sql(names.Replace(statement)))
	}
	table := unqualified(prefix)
	if g.xid {
		// Only dirty rows are in it, so that the ordinary write touches no index.
		statements = append(statements, w.sql("CREATE INDEX IF NOT EXISTS "+table+"entry_dirty ON {entry} (migration, kind) WHERE dirty = 1"))
	}
	if g.countsKept() { // MySQL has no such IF NOT EXISTS, and the index in the table
		statements = append(statements, w.sql("CREATE INDEX IF NOT EXISTS "+table+"activity_seq ON {activity} (migration, kind, seq)"))
	}
	return statements, nil
}

// Migrate creates the tables that do not exist, and this migration's row in them. It may run again, and in several
// instances at once. A role that may not create tables can run it where the owner has created them by the DDL: it needs
// SELECT, INSERT, UPDATE and DELETE on them.
func (b *Backend) Migrate(ctx context.Context) error {
	statements, err := ddl(b.dialect, b.prefix)
	if err != nil {
		return err
	}
	for _, statement := range statements {
		if err = b.create(ctx, statement); err != nil {
			break
		}
	}
	if forbidden(err) {
		if usable := b.checkRights(ctx); usable != nil {
			return fmt.Errorf("sqlcontrol: create the tables: %w; or let their owner run what sqlcontrol.DDL prints, and grant SELECT, INSERT, "+
				"UPDATE and DELETE on them: %w", err, usable)
		}
		err = nil
	}
	if err != nil {
		return fmt.Errorf("sqlcontrol: create the tables: %w", err)
	}
	return b.addMeta(ctx)
}

// addMeta adds the migration's row. Its incarnation is new: there is no memory of what was before it.
func (d *database) addMeta(ctx context.Context) error {
	_, err := d.exec(ctx, "create the migration's row",
		`{insertNew} {meta} (migration, gen, incarnation) VALUES ({m}, 1, ?) {ignore}`, newIncarnation())
	return err
}

// create runs one statement of the schema. Two instances that create one table at the same time can collide in Postgres'
// catalogue in spite of IF NOT EXISTS; the second attempt finds the table.
func (b *Backend) create(ctx context.Context, statement string) error {
	_, err := b.db.ExecContext(ctx, statement)
	if err != nil && ctx.Err() == nil {
		_, err = b.db.ExecContext(ctx, statement)
	}
	return err
}
