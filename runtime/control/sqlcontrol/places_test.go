package sqlcontrol

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/dualgen/dualgen/internal/servertest"
)

// enough is how long a test waits for what should come at once: longer than a busy machine keeps it waiting.
const enough = 3 * time.Minute

// place is one database under test. Reach opens it as one more process would.
type place struct {
	name    string
	dialect Dialect
	reach   func(t *testing.T) *sqlx.DB // a pool of the test's own, which ends with it
}

// places returns an empty place in every database. MySQL's statements run on MariaDB.
func places(t *testing.T) []place {
	t.Helper()
	maria := servertest.MariaDB(t) + "&interpolateParams=true"
	mysql := servertest.MariaDB(t) + "&interpolateParams=true"
	postgres := servertest.Postgres(t)
	file := "file:" + filepath.Join(t.TempDir(), "control.db") + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_txlock=immediate"
	return []place{
		{"postgres", Postgres, opener("pgx", postgres)},
		{"sqlite", SQLite, opener("sqlite", file)},
		{"mariadb", MariaDB, opener("mysql", maria)},
		{"mysql", MySQL, opener("mysql", mysql)},
	}
}

func opener(driver, dsn string) func(t *testing.T) *sqlx.DB {
	return func(t *testing.T) *sqlx.DB {
		t.Helper()
		db, err := sqlx.Open(driver, dsn)
		require.NoError(t, err)
		db.SetMaxOpenConns(16)
		db.SetMaxIdleConns(16)
		t.Cleanup(func() { assert.NoError(t, db.Close()) })
		return db
	}
}

// atOnce is how many tests run at once: they wait for servers, and not for this process.
const atOnce = 6

func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.parallel" })
	if !given {
		_ = flag.Set("test.parallel", strconv.Itoa(atOnce))
	}
	os.Exit(m.Run())
}

// each runs a test in every database, beside other tests.
func each(t *testing.T, test func(t *testing.T, p place)) {
	t.Helper()
	t.Parallel()
	for _, p := range places(t) {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			test(t, p)
		})
	}
}

// open returns a migrated backend on a connection pool of its own.
func (p place) open(t *testing.T, options Options) *Backend {
	t.Helper()
	options.Dialect = p.dialect
	if options.Migration == "" {
		options.Migration = "m"
	}
	b, err := Open(p.reach(t), options)
	require.NoError(t, err)
	require.NoError(t, b.Migrate(t.Context()), fmt.Sprint(p.name))
	ctx := context.WithoutCancel(t.Context()) // which ends before the clean-up
	t.Cleanup(func() { assert.NoError(t, b.Close(ctx)) })
	return b
}
