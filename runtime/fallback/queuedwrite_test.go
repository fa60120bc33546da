package fallback_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/control/sqlcontrol"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/results"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/queue"
	queuetable "github.com/dualgen/dualgen/runtime/queue/table"
)

// front queues the writes of a wrapper, as dualgen -queued generates it.
type front struct {
	rows *wrapper
	q    queue.Queue
}

type putArgs struct{ R row }

type deleteArgs struct{ ID string }

func (f front) Put(ctx context.Context, r row) error {
	return queue.Write(ctx, f.q, queue.Entry{Key: rowKey(r.ID), Method: "Rows.Put"}, putArgs{r})
}

func (f front) Delete(ctx context.Context, id string) error {
	return queue.Write(ctx, f.q, queue.Entry{Key: rowKey(id), Method: "Rows.Delete"}, deleteArgs{id})
}

// apply makes a write that was queued.
func (f front) apply(ctx context.Context, e queue.Entry) error {
	switch e.Method {
	case "Rows.Put":
		args, err := queue.Decode[putArgs](e.Args)
		if err != nil {
			return queue.Permanent(err)
		}
		return f.rows.Put(ctx, args.R)
	case "Rows.Delete":
		args, err := queue.Decode[deleteArgs](e.Args)
		if err != nil {
			return queue.Permanent(err)
		}
		return f.rows.Delete(ctx, args.ID)
	}
	return queue.Permanent(fmt.Errorf("no method %s", e.Method))
}

// brief are the times of a consumer that is killed all the time.
var brief = queue.Config{Settle: 300 * time.Millisecond, Lease: 2 * time.Second, Timeout: time.Second, Poll: 10 * time.Millisecond,
	Logger: slog.New(slog.DiscardHandler)}

// queueOf is the queue in the database of the control store.
func queueOf(t testing.TB, db *sqlx.DB) *queuetable.Queue {
	t.Helper()
	q, err := queuetable.Open(db.DB, queuetable.Options{})
	require.NoError(t, err)
	require.NoError(t, q.Migrate(t.Context()))
	return q
}

// childEnv holds the stores of a worker process.
const childEnv = "DUALGEN_TEST_QUEUE_WORKER"

// TestQueueWorkerProcess is the body of the worker processes that other tests start; by itself it is nothing.
func TestQueueWorkerProcess(t *testing.T) {
	old, new, child := strings.Cut(os.Getenv(childEnv), "\n")
	if !child {
		return
	}
	attach := func(driver, dsn, upsert string) table {
		db, err := sqlx.Open(driver, dsn)
		require.NoError(t, err)
		return table{db, upsert, ""}
	}
	f := &fleet{old: attach("pgx", old, onConflict), new: attach("mysql", new, onDuplicate)}
	var err error
	f.backend, err = sqlcontrol.Open(f.old.db, sqlcontrol.Options{Dialect: sqlcontrol.Postgres, Migration: "rows"})
	require.NoError(t, err)
	config := f.config()
	config.Lease = 3 * time.Second
	m, err := dual.NewMigration(config)
	require.NoError(t, err)
	f.wrapper = wrap(f.old, f.new, m)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { _, _ = io.Copy(io.Discard, os.Stdin); cancel() }() // the parent is gone, or wants an orderly end
	_ = queueOf(t, f.old.db).Consume(ctx, front{f.wrapper, nil}.apply, brief)
	require.NoError(t, m.Close(context.Background()))
}

// worker is a process that applies what is queued.
type worker struct {
	command *exec.Cmd
	stdin   io.Closer
}

func startWorker(t *testing.T, env string) *worker {
	t.Helper()
	command := exec.Command(os.Args[0], "-test.run=^TestQueueWorkerProcess$", "-test.timeout=30m")
	command.Env = append(os.Environ(), childEnv+"="+env)
	stdin, err := command.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	return &worker{command, stdin}
}

// kill ends the process as a power cut would.
func (w *worker) kill() {
	_ = w.command.Process.Kill()
	_ = w.command.Wait()
}

// Workers that are killed all the time, two of them, apply each write to Postgres and MariaDB, in the order of its key: none is lost, and
// none is seen again once a later one was.
func TestQueuedWritesSurviveTheirWorkers(t *testing.T) {
	began := time.Now()
	oldDSN, newDSN := servertest.Postgres(t), servertest.MariaDB(t)+"&interpolateParams=true"
	f := openOn(t, oldDSN, newDSN, phase.OldGuarded, phase.Settings{})
	_, err := f.old.db.Exec(`CREATE TABLE seen (n bigserial PRIMARY KEY, id varchar(40), what varchar(40));
		CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			IF TG_OP = 'DELETE' THEN INSERT INTO seen (id, what) VALUES (OLD.id, 'deleted'); ELSE INSERT INTO seen (id, what) VALUES (NEW.id, NEW.text); END IF;
			RETURN NULL; END $$;
		CREATE TRIGGER sees AFTER INSERT OR UPDATE OR DELETE ON rows_of FOR EACH ROW EXECUTE FUNCTION see()`)
	require.NoError(t, err)
	queued := front{f.wrapper, queueOf(t, f.old.db)}
	workers := []*worker{startWorker(t, oldDSN+"\n"+newDSN), startWorker(t, oldDSN+"\n"+newDSN)}
	defer func() {
		for _, w := range workers {
			w.kill()
		}
	}()

	want, count, stop := queued.use(t)
	defer stop()
	killed := 0
	for ; killed < kills() || count() < entries(t); killed++ {
		pause := 500*time.Millisecond + rand.N(1500*time.Millisecond)
		if killed >= kills() { // what is left is for the workers to get on
			pause *= 4
		}
		time.Sleep(pause)
		n := rand.N(len(workers))
		workers[n].kill()
		workers[n] = startWorker(t, oldDSN+"\n"+newDSN)
	}
	stop()
	t.Logf("%d writes queued, %d kills after %v", count(), killed, time.Since(began).Round(time.Second))
	queued.drained(t)
	for _, w := range workers {
		require.NoError(t, w.stdin.Close())
		require.NoError(t, w.command.Wait())
	}
	total := judge(t, f, want)
	f.reconciled(t)
	assert.Equal(t, f.old.all(t), f.new.all(t))
	require.NoError(t, results.Report(results.Row{Layer: "queued writes whose workers are killed (Postgres, MariaDB)", Level: os.Getenv("DUALGEN_PROOF"), Count: int64(total),
		Unit: "writes", Detail: fmt.Sprintf("%d kills -9; 0 lost, 0 reordered within a key", killed), Seconds: time.Since(began).Seconds()}))
}

// use queues writes of many keys until it is stopped. want is what was queued of each key then, and count how many were.
func (f front) use(t *testing.T) (want map[string][]string, count func() int, stop func()) {
	const keys = 100
	ctx := t.Context()
	pause := 10 * time.Millisecond
	if entries(t) > 0 {
		pause = 2 * time.Millisecond
	}
	var mu sync.Mutex
	total := 0
	want = map[string][]string{}
	background, cancel := context.WithCancel(ctx)
	var writers sync.WaitGroup
	for n := range 4 {
		writers.Go(func() {
			for background.Err() == nil {
				id := fmt.Sprintf("%03d", rand.N(keys/4)*4+n)
				mu.Lock()
				ops := want[id]
				mu.Unlock()
				what := fmt.Sprintf("%d", len(ops))
				if len(ops)%5 == 4 {
					what = "deleted"
					assert.NoError(t, f.Delete(ctx, id))
				} else {
					assert.NoError(t, f.Put(ctx, row{id, what}))
				}
				mu.Lock()
				want[id] = append(ops, what)
				total++
				mu.Unlock()
				for n := 0; len(ops)%20 == 0 && n < 100 && f.crowded(background); n++ {
					time.Sleep(50 * time.Millisecond)
				}
				time.Sleep(pause)
			}
		})
	}
	count = func() int { mu.Lock(); defer mu.Unlock(); return total }
	return want, count, sync.OnceFunc(func() { cancel(); writers.Wait() })
}

// judge compares what the old store has seen of each key with what was queued. The same write twice in a row is none too many.
func judge(t *testing.T, f *fleet, want map[string][]string) (total int) {
	t.Helper()
	var seen []struct{ ID, What string }
	require.NoError(t, f.old.db.Select(&seen, `SELECT id, what FROM seen ORDER BY n`))
	got := map[string][]string{}
	for _, s := range seen {
		got[s.ID] = append(got[s.ID], s.What)
	}
	for id, ops := range want {
		total += len(ops)
		assert.Equal(t, ops, slices.Compact(got[id]), id)
	}
	t.Logf("%d writes queued, %d applied", total, len(seen))
	return total
}

// While writes are frozen, what is queued waits, and is given up for it as little as lost.
func TestQueuedWritesWaitForTheThaw(t *testing.T) {
	ctx := t.Context()
	f := open(t, phase.OldPrimary, phase.Settings{Freeze: phase.FreezeWrites})
	q := queueOf(t, f.old.db)
	queued := front{f.wrapper, q}
	config := brief
	config.Attempts = 2
	consuming, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); _ = q.Consume(consuming, queued.apply, config) }()
	defer func() { stop(); <-done }()
	writing, receipt := queue.WithReceipt(ctx)
	require.NoError(t, queued.Put(writing, row{"a", "1"}))
	time.Sleep(3 * time.Second)
	s, err := q.Status(ctx)
	require.NoError(t, err)
	require.Equal(t, int64(1), s.Pending)
	require.Zero(t, s.Parked)
	_, err = control.NewCoordinator(f.backend.Control(), f.backend.Journal()).Change(ctx, func(s *phase.Settings) { s.Freeze = phase.FreezeNone }, control.Step{})
	require.NoError(t, err)
	require.NoError(t, receipt.Wait(ctx, q))
	r, err := f.Get(ctx, "a")
	require.NoError(t, err, "read your writes")
	require.Equal(t, "1", r.Text)
}
