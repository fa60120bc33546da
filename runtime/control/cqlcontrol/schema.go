package cqlcontrol

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/gocql/gocql"
)

// layout names what the tables look like. It stands in the comment of the meta table. A program of an earlier layout cannot use these
// tables: it cannot renew a lease in them.
const layout = "dualgen layout 2"

// checkLayout refuses tables of another layout: of two programs that keep a journal each, none would see the other's calls.
func (b *Backend) checkLayout(ctx context.Context) error {
	meta := b.options.Prefix + "meta"
	var found string
	err := b.statement(ctx, `SELECT comment FROM system_schema.tables WHERE keyspace_name = ? AND table_name = ?`,
		strings.ToLower(b.options.Keyspace), strings.ToLower(meta)).Scan(&found)
	switch {
	case errors.Is(err, gocql.ErrNotFound):
		return nil // no tables yet
	case err != nil:
		return fmt.Errorf("cqlcontrol: look at the layout of the tables: %w", err)
	case found != layout:
		return fmt.Errorf("cqlcontrol: the tables of %[1]s.%[2]s… have the layout %[3]q, and this program needs %[4]q: bring the migration to OldOnly or NewOnly, "+
			"stop every instance, drop these tables but %[2]srecord, and run Migrate (docs/journal.md, \"Layouts\")", b.options.Keyspace, b.options.Prefix, found, layout)
	}
	return nil
}

// tables are the schema. Every statement may be run again.
var tables = []string{
	`CREATE TABLE IF NOT EXISTS {record} (migration text PRIMARY KEY, revision bigint, body text, writer uuid)`,
	`CREATE TABLE IF NOT EXISTS {instance} (
	migration text, id text, body text, renewed timestamp, ttl bigint, evicted boolean,
	PRIMARY KEY (migration, id)
)`,
	`CREATE TABLE IF NOT EXISTS {checkpoint} (migration text, name text, data blob, version uuid, PRIMARY KEY ((migration, name)))`,
	`CREATE TABLE IF NOT EXISTS {entry} (
	migration text, kind text, whole boolean, id blob,
	version uuid STATIC, body text STATIC, touched timestamp STATIC,
	process bigint, slot int, n bigint, owner text, primary_store tinyint, seq bigint,
	PRIMARY KEY ((migration, kind, whole, id), process, slot)
)`,
	`CREATE TABLE IF NOT EXISTS {listing} (
	migration text, process bigint, bucket bigint, n int, kind text, whole boolean, id blob, said tinyint, since timestamp, added timestamp,
	PRIMARY KEY ((migration, process, bucket), n)
)`,
	`CREATE TABLE IF NOT EXISTS {log} (
	migration text, process bigint, bucket bigint, n bigint, calls frozen<list<frozen<tuple<bigint, text, boolean, blob>>>>,
	PRIMARY KEY ((migration, process, bucket), n)
)`,
	`CREATE TABLE IF NOT EXISTS {process} (
	migration text, process bigint, position text, ceiling bigint, buckets frozen<list<bigint>>, keeps text, seen timestamp,
	PRIMARY KEY (migration, process)
)`,
	`CREATE TABLE IF NOT EXISTS {position} (migration text, process bigint, position text, PRIMARY KEY ((migration, process)))`,
	`CREATE TABLE IF NOT EXISTS {lease} (
	migration text, process bigint, owner text, renewed timestamp, ttl bigint,
	PRIMARY KEY (migration, process, owner)
)`,
	`CREATE TABLE IF NOT EXISTS {meta} (migration text PRIMARY KEY, seq bigint, incarnation uuid) WITH comment = '` + layout + `'`,
	`CREATE TABLE IF NOT EXISTS {mark} (migration text, seq bigint, positions map<bigint, text>, PRIMARY KEY ((migration, seq)))`,
	`CREATE TABLE IF NOT EXISTS {track} (migration text, name text, since bigint, PRIMARY KEY (migration, name))`,
}

func tableNames(keyspace, prefix string) *strings.Replacer {
	var pairs []string
	for _, table := range []string{"record", "instance", "checkpoint", "entry", "listing", "log", "process", "position", "lease", "meta", "mark", "track"} {
		pairs = append(pairs, "{"+table+"}", keyspace+"."+prefix+table)
	}
	return strings.NewReplacer(pairs...)
}

// DDL returns the statements that Migrate runs, for those who run them themselves. The keyspace must exist. A role that has
// SELECT and MODIFY on the tables needs no more: the journal adds the migration's row.
func DDL(keyspace, prefix string) string {
	if prefix == "" {
		prefix = "dualgen_"
	}
	return tableNames(keyspace, prefix).Replace(strings.Join(tables, ";\n\n") + ";\n")
}

// Migrate creates the tables that do not exist, and this migration's row in them. It may run again. It refuses tables of another
// layout.
func (b *Backend) Migrate(ctx context.Context) error {
	if err := b.checkLayout(ctx); err != nil {
		return err
	}
	for _, statement := range tables {
		if err := b.statement(ctx, statement).Exec(); err != nil {
			return fmt.Errorf("cqlcontrol: create the tables: %w", err)
		}
	}
	if err := b.session.AwaitSchemaAgreement(ctx); err != nil {
		return fmt.Errorf("cqlcontrol: create the tables: %w", err)
	}
	if err := b.checkLayout(ctx); err != nil { // another program may have been first
		return err
	}
	return b.addMeta(ctx)
}

// addMeta adds the migration's row. Its incarnation is new: there is no memory of what was before it.
func (b *Backend) addMeta(ctx context.Context) error {
	_, err := b.apply(ctx, `INSERT INTO {meta} (migration, seq, incarnation) VALUES (?, 1, ?) IF NOT EXISTS`, b.options.Migration, gocql.MustRandomUUID())
	if err != nil {
		return fmt.Errorf("cqlcontrol: create the migration's row: %w", err)
	}
	return nil
}
