package soak

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gocql/gocql"
	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/control/cqlcontrol"
	"github.com/dualgen/dualgen/runtime/control/sqlcontrol"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

var entries = flag.Duration("entries", 0, "how long 2,000 keys a second, each of them once, are written to a journal; 0 for 6,000 keys in all")

const (
	entriesPace  = 2000 // keys a second
	entriesShort = 6000
	entriesAtOne = 200 // keys of one call
)

// ledger is a journal, and how many rows its tables hold of keys that are clean.
type ledger struct {
	journal journal.Journal
	rows    func() int
	left    int // rows that stay
	slow    int // of the short run, a part of this
}

// Rows of keys that are clean again go as fast as they come.
func TestEntriesStayBounded(t *testing.T) {
	sql := func(dialect sqlcontrol.Dialect, driver string, dsn func(t *testing.T) string) func(*testing.T) ledger {
		return func(t *testing.T) ledger { return sqlLedger(t, dialect, driver, dsn(t)) }
	}
	for name, open := range map[string]func(t *testing.T) ledger{
		"postgres": sql(sqlcontrol.Postgres, "pgx", func(t *testing.T) string { return servertest.Postgres(t) }),
		"mariadb":  sql(sqlcontrol.MariaDB, "mysql", func(t *testing.T) string { return servertest.MariaDB(t) + "&interpolateParams=true" }),
		"sqlite": sql(sqlcontrol.SQLite, "sqlite", func(t *testing.T) string {
			return "file:" + filepath.Join(t.TempDir(), "journal.db") + "?_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)"
		}),
		"cassandra": cqlLedger,
	} {
		t.Run(name, func(t *testing.T) { stayBounded(t, open(t)) })
	}
}

func sqlLedger(t *testing.T, dialect sqlcontrol.Dialect, driver, dsn string) ledger {
	db, err := sqlx.Open(driver, dsn)
	require.NoError(t, err)
	db.SetMaxOpenConns(16)
	t.Cleanup(func() { assert.NoError(t, db.Close()) })
	sweep := 10 * time.Second // as it is by default
	if *entries == 0 {
		sweep = time.Second
	}
	b, err := sqlcontrol.Open(db, sqlcontrol.Options{Dialect: dialect, Migration: "entries", Sweep: sweep})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, b.Close(context.Background())) })
	require.NoError(t, b.Migrate(t.Context()))
	return ledger{journal: b.Journal(), slow: 1, rows: func() (rows int) {
		require.NoError(t, db.Get(&rows, `SELECT count(*) FROM dualgen_entry WHERE migration = 'entries' AND whole = 0`))
		return rows
	}}
}

// cqlLedger counts what is not a key's own row: that has a time to live.
func cqlLedger(t *testing.T) ledger {
	hosts, keyspace := servertest.Cassandra(t)
	cluster := gocql.NewCluster(strings.Split(hosts, ",")...)
	cluster.Timeout = servertest.CassandraTimeout
	session, err := cluster.CreateSession()
	require.NoError(t, err)
	t.Cleanup(session.Close)
	b, err := cqlcontrol.Open(session, cqlcontrol.Options{Keyspace: keyspace, Migration: "entries", OneReplica: true})
	require.NoError(t, err)
	t.Cleanup(b.Close)
	require.NoError(t, b.Migrate(t.Context()))
	return ledger{journal: b.Journal(), left: 16, slow: 10, rows: func() (all int) {
		for _, table := range []string{"listing", "log", "mark", "process", "position"} {
			var rows int
			require.NoError(t, session.Query(`SELECT count(*) FROM `+keyspace+`.dualgen_`+table).Scan(&rows))
			all += rows
		}
		return all
	}}
}

// write takes tokens on keys and ends them, in the cheapest way that the journal has.
func (l ledger) write(ctx context.Context, keys []journal.Key) error {
	agreed, ok := l.journal.(journal.Agreed)
	if _, sql := l.journal.(*sqlcontrol.Journal); sql || !ok {
		tokens, err := l.journal.BeginMany(ctx, "x", keys, phase.Old)
		if err != nil {
			return err
		}
		return l.journal.EndMany(ctx, keys, tokens, true)
	}
	var all sync.WaitGroup
	errs := make(chan error, len(keys))
	for _, key := range keys {
		all.Go(func() {
			token, err := agreed.BeginAgreed(ctx, "x", key, phase.Old)
			if err == nil {
				err = l.journal.End(ctx, key, token, true)
			}
			if err != nil {
				errs <- err
			}
		})
	}
	all.Wait()
	close(errs)
	return <-errs
}

func stayBounded(t *testing.T, l ledger) {
	ctx, began := t.Context(), time.Now()
	var written, most atomic.Int64
	more := func(n int64) bool { return n*entriesAtOne <= int64(entriesShort/l.slow) }
	if *entries > 0 {
		more = func(n int64) bool {
			time.Sleep(time.Until(began.Add(time.Duration(n*entriesAtOne) * time.Second / entriesPace)))
			return time.Since(began) < *entries
		}
	}
	stop := make(chan struct{})
	var logged time.Duration
	var looking, writing sync.WaitGroup
	looking.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(time.Second):
			}
			assert.NoError(t, l.journal.Renew(ctx, "x", time.Minute))
			rows := int64(l.rows())
			most.Store(max(most.Load(), rows))
			if since := time.Since(began); since > logged+30*time.Second {
				logged = since
				t.Logf("after %v: %d keys, %d rows", since.Round(time.Second), written.Load(), rows)
			}
		}
	})
	require.NoError(t, l.journal.Renew(ctx, "x", time.Minute))
	var calls atomic.Int64
	for range 4 {
		writing.Go(func() {
			for n := calls.Add(1); more(n); n = calls.Add(1) {
				keys := make([]journal.Key, entriesAtOne)
				for i := range keys {
					keys[i] = journal.Key{Kind: "User", ID: fmt.Sprint(n, " ", i)}
				}
				if !assert.NoError(t, l.write(ctx, keys)) {
					return
				}
				written.Add(entriesAtOne)
			}
		})
	}
	writing.Wait()
	took := time.Since(began)
	last := l.rows()
	for tries := 0; l.rows() > l.left; tries++ { // a sweep or two after the last write
		require.Less(t, tries, 100, "%d rows are left", l.rows())
		time.Sleep(time.Second)
	}
	close(stop)
	looking.Wait()
	t.Logf("%d keys in %v, %.0f a second; at most %d rows, %d at the end of the writes, and %d then", written.Load(), took.Round(time.Second),
		float64(written.Load())/took.Seconds(), most.Load(), last, l.rows())
	if *entries > 0 {
		require.Less(t, most.Load(), written.Load()/2, "the rows grow with what was written")
	}
}
