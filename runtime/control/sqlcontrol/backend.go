package sqlcontrol

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/journal"
)

// Options say where the tables are and how they are used.
type Options struct {
	// Dialect is the database's. Required.
	Dialect Dialect
	// Migration names the migration; several share the tables. Letters, digits, "_", "-" and ".", at most 64. Defaults to
	// "migration".
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
	// Sweep is how long a clean key's row stays. Defaults to 10 s.
	Sweep time.Duration
	// Retryable reports errors after which a statement had no effect and may run again, beside those this package knows:
	// serialization failures, deadlocks and a busy SQLite. Defaults to nil.
	Retryable func(error) bool
}

// Backend is the control and the journal of one migration in one database.
type Backend struct {
	db      *sqlx.DB
	dialect Dialect
	prefix  string
	options Options
	w       writer
	texts   sync.Map // statement → the same in the dialect
	control *Control
	journal *Journal
}

// Open returns the backend. It does not touch the database: run Migrate, or the DDL, before its first use.
func Open(db *sqlx.DB, options Options) (*Backend, error) {
	if db == nil {
		return nil, errors.New("sqlcontrol: no database given")
	}
	g, err := grammarOf(options.Dialect)
	if err != nil {
		return nil, err
	}
	if options.Migration == "" {
		options.Migration = "migration"
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
	b := &Backend{
		db: db, dialect: options.Dialect, prefix: prefix, options: options, w: newWriter(g, prefix, options.Migration),
	}
	b.control = newControl(b)
	b.journal = newJournal(b)
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

// Close gives up the tokens whose End was answered already, and stops listening. The database stays open: it is the
// caller's.
func (b *Backend) Close(ctx context.Context) error {
	b.control.stopListening()
	return b.journal.stopLazy(ctx)
}

func newIncarnation() string { return rand.Text() }
