package cqlcontrol

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/gocql/gocql"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/journal"
)

// Options say where the tables are and how they are used.
type Options struct {
	// Keyspace is where the tables are; it exists. Required.
	Keyspace string
	// Migration names the migration; several share the tables, and two services under one name would be one fleet. Required.
	Migration string
	// Prefix begins the tables' names. Defaults to "dualgen_".
	Prefix string
	// Consistency is that of reads and writes; a read must see every write: QUORUM, or LOCAL_QUORUM where all instances
	// use one data centre. Defaults to gocql.Quorum.
	Consistency gocql.Consistency
	// Serial is that of lightweight transactions: SERIAL, or LOCAL_SERIAL with LOCAL_QUORUM. Defaults to gocql.Serial.
	Serial gocql.SerialConsistency
	// Skew is how far the clocks of the Cassandra nodes may be apart: a lease runs out so much later. Defaults to 500 ms;
	// negative for none.
	Skew time.Duration
	// Poll is how long Watch waits before it looks at the record again, and so the latency of a phase change. Defaults to
	// 500 ms.
	Poll time.Duration
}

// Backend is the control and the journal of one migration in one keyspace.
type Backend struct {
	session *gocql.Session
	options Options
	names   *strings.Replacer
	control *Control
	journal *Journal
	closing sync.Once
}

var name = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// Open returns the backend. It does not touch the database: run Migrate, or the DDL, before its first use.
func Open(session *gocql.Session, options Options) (*Backend, error) {
	if session == nil {
		return nil, errors.New("cqlcontrol: no session given")
	}
	if options.Migration == "" {
		return nil, errors.New("cqlcontrol: the migration has no name: set Options.Migration, to one that no other service uses in this keyspace, such as \"shop-users\"")
	}
	if options.Prefix == "" {
		options.Prefix = "dualgen_"
	}
	if !name.MatchString(options.Keyspace) || !name.MatchString(options.Prefix) {
		return nil, fmt.Errorf("cqlcontrol: keyspace %q and prefix %q: want letters, digits and _", options.Keyspace, options.Prefix)
	}
	if options.Consistency == gocql.Any {
		options.Consistency = gocql.Quorum
	}
	if options.Serial == 0 {
		options.Serial = gocql.Serial
	}
	if options.Skew == 0 {
		options.Skew = 500 * time.Millisecond
	}
	if options.Poll <= 0 {
		options.Poll = 500 * time.Millisecond
	}
	b := &Backend{session: session, options: options, names: tableNames(options.Keyspace, options.Prefix)}
	b.control = &Control{b}
	b.journal = newJournal(b)
	return b, nil
}

// Control returns the flag record and the fleet.
func (b *Backend) Control() control.Control { return b.control }

// Journal returns the journal.
func (b *Backend) Journal() journal.Journal { return b.journal }

// Close tells the other processes which calls have ended, and waits for what runs in the background, some twenty seconds
// at most. The session stays open: it is the caller's.
func (b *Backend) Close() {
	b.closing.Do(b.journal.teller.close)
	b.journal.behind.Wait()
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
	`CREATE TABLE IF NOT EXISTS {dirty} (
	migration text, shard int, kind text, whole boolean, id blob, mark uuid, added timestamp,
	PRIMARY KEY ((migration, shard), kind, whole, id, mark)
)`,
	`CREATE TABLE IF NOT EXISTS {log} (
	migration text, process bigint, bucket bigint, n bigint, calls frozen<list<frozen<tuple<bigint, text, boolean, blob>>>>,
	PRIMARY KEY ((migration, process, bucket), n)
)`,
	`CREATE TABLE IF NOT EXISTS {process} (
	migration text, process bigint, position text, ceiling bigint, seen timestamp,
	PRIMARY KEY (migration, process)
)`,
	`CREATE TABLE IF NOT EXISTS {position} (migration text, process bigint, position text, PRIMARY KEY ((migration, process)))`,
	`CREATE TABLE IF NOT EXISTS {lease} (migration text, owner text, renewed timestamp, ttl bigint, PRIMARY KEY (migration, owner))`,
	`CREATE TABLE IF NOT EXISTS {meta} (migration text PRIMARY KEY, seq bigint, incarnation uuid)`,
	`CREATE TABLE IF NOT EXISTS {mark} (migration text, seq bigint, positions map<bigint, text>, PRIMARY KEY ((migration, seq)))`,
	`CREATE TABLE IF NOT EXISTS {track} (migration text, name text, since bigint, PRIMARY KEY (migration, name))`,
}

func tableNames(keyspace, prefix string) *strings.Replacer {
	var pairs []string
	for _, table := range []string{"record", "instance", "checkpoint", "entry", "dirty", "log", "process", "position", "lease", "meta", "mark", "track"} {
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

// Migrate creates the tables that do not exist, and this migration's row in them. It may run again.
func (b *Backend) Migrate(ctx context.Context) error {
	for _, statement := range tables {
		if err := b.session.Query(b.names.Replace(statement)).WithContext(ctx).Exec(); err != nil {
			return fmt.Errorf("cqlcontrol: create the tables: %w", err)
		}
	}
	if err := b.session.AwaitSchemaAgreement(ctx); err != nil {
		return fmt.Errorf("cqlcontrol: create the tables: %w", err)
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

// query prepares a read or a plain write.
func (b *Backend) query(ctx context.Context, statement string, args ...any) *gocql.Query {
	return b.session.Query(b.names.Replace(statement), args...).WithContext(ctx).Consistency(b.options.Consistency)
}

// serialRead prepares a read that finishes lightweight transactions under way, and sees them.
func (b *Backend) serialRead(ctx context.Context, statement string, args ...any) *gocql.Query {
	return b.query(ctx, statement, args...).Consistency(gocql.Consistency(b.options.Serial))
}

// apply runs a lightweight transaction, and reports whether it was applied. An error leaves that open.
func (b *Backend) apply(ctx context.Context, statement string, args ...any) (bool, error) {
	return b.query(ctx, statement, args...).SerialConsistency(b.options.Serial).MapScanCAS(map[string]any{})
}
