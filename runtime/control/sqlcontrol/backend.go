package sqlcontrol

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/journal"
)

// Options say where the tables are and how they are used.
type Options struct {
	// Dialect is the database's. Required.
	Dialect Dialect
	// Migration names the migration; several share the tables, and two services under one name would be one fleet. Letters,
	// digits, "_", "-" and ".", at most 64. Required.
	Migration string
	// Prefix begins the tables' names, and may begin with a schema: "app.dualgen_". Defaults to "dualgen_".
	Prefix string
	// Poll is how long Watch waits before it looks at the record again, and so the latency of a phase change where nobody
	// listens. Defaults to 500 ms.
	Poll time.Duration
	// Listen follows Postgres notifications, so that a phase change arrives at once. See Listen. Defaults to nil: Watch
	// polls. Ignored by other dialects.
	Listen Listen
	// LazyEnd answers End before the token is given up in the table; a worker gathers tokens for up to 5 ms, unless a call
	// waits for one of their keys, and gives them up in one statement. It saves a round trip and a commit a write. A key
	// stays unclean for that long, and a crash leaves some keys to the reconciler that were clean. Defaults to false.
	LazyEnd bool
	// Connections is how many connections of the database the journal keeps for itself. Calls beyond wait their turn. Where
	// the database serves nothing but this backend, say one less than it has. Defaults to a third of the limit that
	// SetMaxOpenConns set, at least 1 and at most 16; 16 without a limit,
	// and 1 where the database is the face of another pool (stdlib.OpenDBFromPool of pgx), whose limit nobody tells.
	Connections int
	// Sweep is how long a clean key's row stays. Defaults to 10 s.
	Sweep time.Duration
	// Retryable reports errors after which a statement had no effect and may run again, beside those this package knows:
	// serialization failures, deadlocks and a busy SQLite. Defaults to nil.
	Retryable func(error) bool
}

// Backend is the control and the journal of one migration in one database.
type Backend struct {
	*database // by the journal's connections
	pools     pools
	control   *Control
	journal   *Journal
}

// Open returns the backend. It does not touch the database: run Migrate, or the DDL, before its first use.
//
// The backend keeps connections of db for itself, within the limit that db has now (SetMaxOpenConns): one for the control
// store and the renewal of leases, and Options.Connections for the journal. So db may be the one that a store uses, also in
// transactions that hold a connection while they wait for the journal. A limit that leaves nothing to the stores is an error.
//
// In SQLite a transaction that writes locks the whole file. A store whose transactions call the wrapper needs another file than the
// journal: else the transaction waits for its own token.
func Open(db *sqlx.DB, options Options) (*Backend, error) {
	if db == nil {
		return nil, errors.New("sqlcontrol: no database given")
	}
	g, err := grammarOf(options.Dialect)
	if err != nil {
		return nil, err
	}
	if options.Migration == "" {
		return nil, errors.New("sqlcontrol: the migration has no name: set Options.Migration, to one that no other service uses in this database, such as \"shop-users\"")
	}
	if !migrationName.MatchString(options.Migration) {
		return nil, fmt.Errorf("sqlcontrol: migration name %q: want letters, digits, _, - and ., at most 64", options.Migration)
	}
	prefix, err := checkPrefix(options.Prefix)
	if err != nil {
		return nil, err
	}
	if options.Poll <= 0 {
		options.Poll = 500 * time.Millisecond
	}
	if options.Sweep <= 0 {
		options.Sweep = 10 * time.Second
	}
	pools, err := keep(db, options.Connections)
	if err != nil {
		return nil, err
	}
	among := newWriters(options.Dialect)
	by := func(db *sqlx.DB) *database {
		return &database{db: db, dialect: options.Dialect, prefix: prefix, options: options, w: newWriter(g, prefix, options.Migration), writers: among}
	}
	b := &Backend{database: by(pools.journal), pools: pools}
	urgent := by(pools.control)
	b.control = newControl(urgent)
	b.journal = newJournal(b.database, urgent)
	return b, nil
}

var (
	migrationName = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)
	prefixName    = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_]*\.)?[A-Za-z_][A-Za-z0-9_]*$`)
)

func checkPrefix(prefix string) (string, error) {
	if prefix == "" {
		prefix = "dualgen_"
	}
	if !prefixName.MatchString(prefix) {
		return "", fmt.Errorf("sqlcontrol: prefix %q: want letters, digits and _, after a schema and a dot if any", prefix)
	}
	return prefix, nil
}

// Control returns the flag record and the fleet.
func (b *Backend) Control() control.Control { return b.control }

// Journal returns the journal.
func (b *Backend) Journal() journal.Journal { return b.journal }

// Close gives up the tokens whose End was answered already, stops listening, and gives its connections back. The database stays
// open: it is the caller's. Close the backend first: a pool such as pgxpool waits for its connections.
func (b *Backend) Close(ctx context.Context) error {
	b.control.stopListening()
	b.journal.tidier.stop()
	return errors.Join(b.journal.stopLazy(ctx), b.pools.close())
}

func newIncarnation() string { return rand.Text() }
