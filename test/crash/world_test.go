package crash

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gocql/gocql"
	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/control/sqlcontrol"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/test/crash/internal/audit"
	"github.com/dualgen/dualgen/test/crash/internal/ledger"
	"github.com/dualgen/dualgen/test/crash/internal/servers"
	"github.com/dualgen/dualgen/test/crash/internal/setting"
	"github.com/dualgen/dualgen/test/crash/items/cqlnew"
	"github.com/dualgen/dualgen/test/crash/items/pgnew"
	"github.com/dualgen/dualgen/test/crash/items/pgold"
)

const (
	hotKeys  = 24
	coldKeys = 200
	pause    = 4 * time.Millisecond // of the traffic, between two calls of a goroutine, at most
)

// pair says where the two stores are.
type pair struct {
	name string
	mode setting.Mode
	wide bool // the new store is in Cassandra
	own  bool // that is a server of the harness's own, which may be killed; Postgres always is
	cold int  // entities that are there from the beginning
}

// world is two stores on servers of their own, a flag record, a journal, and the processes that use them.
type world struct {
	pair
	t       *testing.T
	settle  time.Duration
	space   string // the keyspace
	servers [2]*servers.Server
	links   [2]*link
	at      atomic.Pointer[seat]
	fleet   *fleet
	walker  *walker
	tally   *tally
	before  map[string]ledger.State // what the primary had when the round began
}

// newWorld starts the servers, seeds the old store and builds the load.
func newWorld(t *testing.T, pair pair) *world {
	w := &world{pair: pair, t: t, settle: 1200 * time.Millisecond, tally: &tally{began: time.Now()}}
	w.servers[dual.Old] = servers.Start(t, "postgres")
	switch {
	case !w.wide:
		w.servers[dual.New] = servers.Start(t, "postgres")
	case w.own:
		w.servers[dual.New] = servers.Start(t, "cassandra")
		w.space = "crash"
	default:
		var nodes string
		nodes, w.space = servertest.Cassandra(t)
		w.servers[dual.New] = servers.Shared(nodes)
	}
	if w.wide {
		w.settle = 2500 * time.Millisecond // Cassandra's write_request_timeout is 2 s
	}
	for position := range w.links {
		w.links[position] = newLink(t, w.servers[position].Address)
	}
	w.createTables()
	w.walker = &walker{world: w}
	w.open()
	require.NoError(t, control.Init(t.Context(), w.at.Load().control, "crash test"))
	w.before = w.read(dual.Old)
	w.fleet = newFleet(w)
	return w
}

// postgresURL names a Postgres database by its address, with the statement timeout that settle is longer than.
func postgresURL(address string, timeout time.Duration) string {
	query := url.Values{"sslmode": {"disable"}, "statement_timeout": {fmt.Sprint(timeout.Milliseconds())}}
	return (&url.URL{Scheme: "postgres", User: url.User("postgres"), Host: address, Path: "/postgres", RawQuery: query.Encode()}).String()
}

// direct names a Postgres server past its link, for the harness.
func (w *world) direct(position dual.Store) string {
	return postgresURL(w.servers[position].Address, 10*time.Second)
}

// createTables makes the tables and seeds the old store. No power fails here, so that fsync only costs time: what a killed
// process has written is in the kernel's memory.
func (w *world) createTables() {
	const noSync, reload = "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"
	seed := fmt.Sprintf(`INSERT INTO items SELECT 'cold' || lpad(n::text, 4, '0'), -n - 1, NULL FROM generate_series(0, %d) n`, w.cold-1)
	w.onPostgres(dual.Old, noSync, reload, pgold.Schema, seed)
	if !w.wide {
		w.onPostgres(dual.New, noSync, reload, pgnew.Schema)
		return
	}
	if w.own {
		w.onCassandra("", `CREATE KEYSPACE `+w.space+` WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`)
	}
	w.onCassandra(w.space, cqlnew.Schema)
}

func (w *world) onCassandra(space, statement string) {
	session := w.session(space)
	defer session.Close()
	require.NoError(w.t, session.Query(statement).Exec())
}

func (w *world) connect(position dual.Store) *pgx.Conn {
	conn, err := pgx.Connect(w.t.Context(), w.direct(position))
	require.NoError(w.t, err)
	return conn
}

func (w *world) onPostgres(position dual.Store, statements ...string) {
	conn := w.connect(position)
	defer conn.Close(context.Background())
	for _, statement := range statements {
		_, err := conn.Exec(w.t.Context(), statement)
		require.NoError(w.t, err, statement)
	}
}

// session opens Cassandra past its link.
func (w *world) session(space string) *gocql.Session {
	cluster := gocql.NewCluster(w.servers[dual.New].Address)
	cluster.Keyspace, cluster.Timeout, cluster.ConnectTimeout = space, 20*time.Second, 20*time.Second
	cluster.DisableInitialHostLookup = true
	session, err := cluster.CreateSession()
	require.NoError(w.t, err)
	return session
}

// open opens flag record and journal past the link, for the coordinator and the audits.
func (w *world) open() {
	db, err := sqlx.Open("pgx", w.direct(dual.Old))
	require.NoError(w.t, err)
	db.SetMaxOpenConns(4)
	w.t.Cleanup(func() { db.Close() })
	backend, err := sqlcontrol.Open(db, sqlcontrol.Options{Dialect: sqlcontrol.Postgres, Migration: "crash"})
	require.NoError(w.t, err)
	require.NoError(w.t, backend.Migrate(w.t.Context()))
	w.at.Store(&seat{backend.Control(), backend.Journal(), control.NewCoordinator(backend.Control(), backend.Journal())})
}

// seat is from where the harness looks at the fleet and moves it.
type seat struct {
	control     control.Control
	journal     journal.Journal
	coordinator *control.Coordinator
}

// read reads a whole store, past its link and without any wrapper.
func (w *world) read(position dual.Store) map[string]ledger.State {
	query := `SELECT id, value, coalesce(note, '0')::bigint FROM items`
	switch {
	case position == dual.New && w.wide:
		return w.readCassandra()
	case position == dual.New:
		query = `SELECT key, (body->>'amount')::bigint, coalesce(body->>'remark', '0')::bigint FROM records`
	}
	conn := w.connect(position)
	defer conn.Close(context.Background())
	rows, err := conn.Query(w.t.Context(), query)
	require.NoError(w.t, err)
	found := make(map[string]ledger.State)
	var key string
	state := ledger.State{Present: true}
	_, err = pgx.ForEachRow(rows, []any{&key, &state.Value, &state.Note}, func() error {
		found[key] = state
		return nil
	})
	require.NoError(w.t, err)
	return found
}

func (w *world) readCassandra() map[string]ledger.State {
	session := w.session(w.space)
	defer session.Close()
	found := make(map[string]ledger.State)
	iter := session.Query(`SELECT id, value, note FROM items`).Consistency(gocql.Quorum).Iter()
	var key string
	var note *string
	state := ledger.State{Present: true}
	for iter.Scan(&key, &state.Value, &note) {
		state.Note = 0
		if note != nil {
			_, err := fmt.Sscan(*note, &state.Note)
			require.NoError(w.t, err)
		}
		found[key] = state
	}
	require.NoError(w.t, iter.Close())
	return found
}

// settings are those of the next process.
func (w *world) settings(number int64) setting.Settings {
	s := setting.Settings{
		ID: fmt.Sprintf("p%d", number), Number: number, Mode: w.mode, Settle: w.settle, Hot: hotKeys, Cold: w.cold,
		Ledger:  filepath.Join(w.fleet.folder, fmt.Sprintf("ledger%d", number)),
		Control: postgresURL(w.links[dual.Old].address(), 2*time.Second),
		Old:     postgresURL(w.links[dual.Old].address(), setting.StatementTimeout),
		Joined:  number%2 == 0,
		Pause:   pause,
	}
	if w.wide {
		s.Node, s.Space = w.links[dual.New].address(), w.space
	} else {
		s.New = postgresURL(w.links[dual.New].address(), setting.StatementTimeout)
	}
	return s
}

// quiet waits until nothing is unclean, and, where both stores are written, until they were proved equal once.
func (w *world) quiet(patience time.Duration) control.Record {
	w.t.Helper()
	var record control.Record
	var left int
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		var err error
		if record, err = w.at.Load().control.Load(w.t.Context()); err != nil {
			continue
		}
		if !record.Phase.Mirrored() {
			return record
		}
		counts, err := w.at.Load().journal.Counts(w.t.Context(), "")
		left = counts.Unclean()
		if err == nil && left == 0 && (proved(record) || w.mode != setting.Durable) {
			return record
		}
	}
	w.fleet.printLogs()
	require.FailNow(w.t, "stuck", "%d keys stay unclean, phase %v, proved %t; %s", left, record.Phase, proved(record), w.unclean())
	return record
}

// unclean describes the keys in the journal.
func (w *world) unclean() string {
	entries, err := w.at.Load().journal.Unclean(context.Background(), dualQuery)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%+v", entries)
}

// audit holds what the stores have against the ledgers, once nothing is being written, and begins a new round.
func (w *world) audit(record control.Record) audit.Report {
	w.t.Helper()
	calls, verified := w.fleet.books()
	stores := [2]map[string]ledger.State{w.read(dual.Old), w.read(dual.New)}
	after := stores[record.Phase.Primary()]
	report := audit.Check(audit.Round{Before: w.before, After: after, Calls: calls, ByField: w.wide})
	var differences []string
	if record.Phase.Mirrored() || w.mode != setting.Durable {
		differences = audit.Compare(stores[dual.Old], stores[dual.New])
	}
	report.Lost = append(report.Lost, differences...)
	for _, v := range verified {
		if v.Proves && v.Different+v.OnlyPrimary > 0 {
			report.Lost = append(report.Lost, fmt.Sprintf("a verify pass found %d entities that differ and %d that the mirror lacks, after the backfill was complete",
				v.Different, v.OnlyPrimary))
		}
		w.tally.compared(v.Compared)
	}
	w.tally.audited(report)
	w.before = after
	return report
}

// buildLoad builds the command that is run in every process.
func buildLoad(t *testing.T, folder string) string {
	name := filepath.Join(folder, "load")
	output, err := exec.CommandContext(t.Context(), "go", "build", "-o", name, "./load").CombinedOutput()
	require.NoError(t, err, "%s", output)
	return name
}

// proved reports whether the stores were proved equal since both are written.
func proved(r control.Record) bool {
	c, ok := r.Certificates[setting.Kind]
	return ok && c.Epoch == r.MirroredSince && c.Voids == r.Voids && c.Differed == 0 && !r.ParityVoid
}

// copyLog shows the end of a file.
func copyLog(t *testing.T, name string) {
	const shown = 3000
	text, err := os.ReadFile(name)
	if err != nil {
		t.Log(err)
		return
	}
	t.Logf("%s:\n%s", name, text[max(0, len(text)-shown):])
}
