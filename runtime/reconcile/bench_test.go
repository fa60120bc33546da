package reconcile

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/control/sqlcontrol"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// BenchmarkReconcile copies keys from one table of Postgres to another, and has as many workers run the same statements of the stores
// in a plain loop in turn with it: what is left is the journal's. Fresh is after VACUUM ANALYZE, stale with the statistics of an
// empty table.
func BenchmarkReconcile(b *testing.B) {
	for _, unclean := range []int{round, 100_000, 1_000_000} {
		for _, fresh := range []bool{true, false} {
			name := fmt.Sprintf("unclean=%d/%s", unclean, map[bool]string{true: "fresh", false: "stale"}[fresh])
			b.Run(name, func(b *testing.B) { newRace(b, unclean, fresh).run(b) })
		}
	}
}

// thing is what the stores hold.
type thing struct {
	ID   string `db:"id"`
	Name string `db:"name"`
}

// table is a store.
type table struct {
	db          *sqlx.DB
	get, upsert string
}

func newTable(db *sqlx.DB, name string) *table {
	return &table{db, `SELECT id, name FROM ` + name + ` WHERE id = $1`,
		`INSERT INTO ` + name + ` (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name`}
}

func (s *table) Get(ctx context.Context, id string) (found thing, ok bool, err error) {
	err = s.db.GetContext(ctx, &found, s.get, id)
	if errors.Is(err, sql.ErrNoRows) {
		return found, false, nil
	}
	return found, err == nil, err
}

func (s *table) Put(ctx context.Context, t thing) error {
	_, err := s.db.ExecContext(ctx, s.upsert, t.ID, t.Name)
	return err
}

// race is a reconciler beside a plain loop.
type race struct {
	stores     [2]*table
	reconciler *Reconciler
	status     func() error
	journal    journal.Journal
	unclean    int // keys at first
	plain      int // keys that the plain loop has copied
}

// round is how many keys each of the two copies in turn.
const round = 1024

func plainID(n int) string { return fmt.Sprintf("plain-%07d", n) }

func newRace(b *testing.B, unclean int, fresh bool) *race {
	b.Helper()
	ctx, dsn := context.Background(), servertest.Postgres(b)+"&application_name="+fmt.Sprintf("race%d", time.Now().UnixNano())
	open := func() *sqlx.DB {
		db, err := sqlx.Open("pgx", dsn)
		require.NoError(b, err)
		db.SetMaxOpenConns(16)
		db.SetMaxIdleConns(16)
		b.Cleanup(func() { require.NoError(b, db.Close()) })
		return db
	}
	db := open()
	for _, name := range []string{"things_old", "things_new"} {
		db.MustExec(`CREATE TABLE ` + name + ` (id text PRIMARY KEY, name text NOT NULL)`)
	}
	db.MustExec(`INSERT INTO things_old SELECT 'key-' || lpad(n::text, 7, '0'), 'name ' || n FROM generate_series(0, $1::int - 1) n`, unclean)
	db.MustExec(`INSERT INTO things_old SELECT 'plain-' || lpad(n::text, 7, '0'), 'name ' || n FROM generate_series(0, 20000) n`)
	backend, err := sqlcontrol.Open(open(), sqlcontrol.Options{Dialect: sqlcontrol.Postgres, Migration: "bench"})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, backend.Close(ctx)) })
	require.NoError(b, backend.Migrate(ctx))
	db.MustExec(`ALTER TABLE dualgen_entry SET (autovacuum_enabled = false)`)
	db.MustExec(`VACUUM ANALYZE dualgen_entry`)
	_, err = control.Update(ctx, backend.Control(), func(r *control.Record) error {
		r.Epoch++
		r.MirroredSince, r.MirroredFrom, r.Phase, r.Kinds = r.Epoch, phase.Old, phase.OldPrimary, []string{"Thing"}
		return nil
	})
	require.NoError(b, err)
	m, err := dual.NewMigration(dual.Config{Control: backend.Control(), Journal: backend.Journal(), Settle: time.Millisecond, Logger: slog.New(slog.DiscardHandler)})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, m.Close(ctx)) })
	r := &race{stores: [2]*table{newTable(open(), "things_old"), newTable(open(), "things_new")}, journal: backend.Journal(), unclean: unclean}
	dual.AddEntity(m, &r.stores, dual.Entity[*table, thing]{
		Kind: "Thing", Key: func(t thing) dual.Key { return dual.Key{Kind: "Thing", ID: t.ID} },
		Get:    func(ctx context.Context, s *table, key dual.Key) (thing, bool, error) { return s.Get(ctx, key.ID) },
		Put:    func(ctx context.Context, s *table, t thing) error { return s.Put(ctx, t) },
		Delete: func(context.Context, *table, dual.Key) error { return nil },
	})
	require.Eventually(b, func() bool { return m.Phase() == phase.OldPrimary }, time.Minute, time.Millisecond)
	for at := 0; at < unclean; {
		var keys []journal.Key
		for ; at < unclean && len(keys) < 10_000; at++ {
			keys = append(keys, journal.Key{Kind: "Thing", ID: fmt.Sprintf("key-%07d", at)})
		}
		require.NoError(b, backend.Journal().MarkDirty(ctx, keys, phase.Old))
	}
	if fresh {
		db.MustExec(`VACUUM ANALYZE dualgen_entry`)
	}
	coordinator := control.NewCoordinator(backend.Control(), backend.Journal())
	r.status = func() error { _, err := coordinator.Status(ctx); return err }
	r.reconciler = New(m, Config{Rate: -1, batch: round, Logger: slog.New(slog.DiscardHandler)})
	return r
}

func (r *race) run(b *testing.B) {
	ctx := context.Background()
	var plain, dually []time.Duration
	var plainCPU, dualCPU time.Duration
	var copied int
	for b.Loop() {
		if len(dually) > 0 && r.unclean == round {
			r.remark(b) // there is no more
		}
		began, used := time.Now(), r.cpu(b)
		pass, err := r.reconciler.Once(ctx)
		require.NoError(b, err)
		dually = append(dually, time.Since(began)*round/time.Duration(max(1, pass.Copied)))
		copied += pass.Copied
		dualCPU += r.cpu(b) - used
		began, used = time.Now(), r.cpu(b)
		r.loop(b)
		plain = append(plain, time.Since(began))
		plainCPU += r.cpu(b) - used
	}
	b.ReportMetric(float64(dualCPU.Microseconds())/float64(max(1, copied)), "cpu-us/key")
	b.ReportMetric(float64(plainCPU.Microseconds())/float64(round*len(plain)), "plain-cpu-us/key")
	rate := func(took []time.Duration) float64 {
		slices.Sort(took)
		return round / took[len(took)/2].Seconds()
	}
	b.ReportMetric(rate(dually), "keys/s")
	b.ReportMetric(rate(plain), "plain-keys/s")
	b.ReportMetric(rate(dually)/rate(plain), "of-plain")
	b.ReportMetric(0, "ns/op")
	for name, do := range map[string]func() error{
		"status-ms": r.status,
		"lookup-ms": func() error {
			_, _, err := r.journal.Lookup(ctx, journal.Key{Kind: "Thing", ID: "key-0000000"})
			return err
		},
		"begin-end-ms": func() error {
			key := journal.Key{Kind: "Thing", ID: "call"}
			token, err := r.journal.Begin(ctx, "x", key, phase.Old)
			if err == nil {
				err = r.journal.End(ctx, key, token, true)
			}
			return err
		},
	} {
		var took []time.Duration
		for range 9 {
			began := time.Now()
			require.NoError(b, do())
			took = append(took, time.Since(began))
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[4].Microseconds())/1000, name)
	}
}

// remark makes copied keys dirty again, so that there is something to copy.
func (r *race) remark(b *testing.B) {
	b.StopTimer()
	defer b.StartTimer()
	var keys []journal.Key
	for n := range round {
		keys = append(keys, journal.Key{Kind: "Thing", ID: fmt.Sprintf("key-%07d", n)})
	}
	require.NoError(b, r.journal.MarkDirty(context.Background(), keys, phase.Old))
	_, err := r.stores[1].db.Exec(`DELETE FROM things_new WHERE NOT id LIKE 'plain%'`)
	require.NoError(b, err)
	time.Sleep(10 * time.Millisecond)
}

// cpu is the processor time that this process and the sessions of its server have used, where that is a process of this machine: how
// much is left to others does not change it.
func (r *race) cpu(b *testing.B) time.Duration {
	var own syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &own))
	used := time.Duration(own.Utime.Nano() + own.Stime.Nano())
	var sessions []int
	require.NoError(b, r.stores[0].db.Select(&sessions, `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = current_setting('application_name')`))
	for _, pid := range sessions {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue
		}
		var user, system int64
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		_, err = fmt.Sscan(fields[11]+" "+fields[12], &user, &system)
		require.NoError(b, err)
		used += time.Duration(user+system) * 10 * time.Millisecond
	}
	return used
}

// loop copies as many keys without a journal: by the statements of a copy that finds nothing at the mirror, with as many workers.
func (r *race) loop(b *testing.B) {
	var next atomic.Int64
	var workers sync.WaitGroup
	first := r.plain
	r.plain += round
	for range r.reconciler.config.Workers {
		workers.Go(func() {
			ctx := context.Background()
			for n := next.Add(1); n <= round; n = next.Add(1) {
				id := plainID((first + int(n)) % 20000)
				found, _, err := r.stores[0].Get(ctx, id)
				if err == nil {
					_, _, err = r.stores[1].Get(ctx, id)
				}
				if err == nil {
					err = r.stores[1].Put(ctx, found)
				}
				if err == nil {
					_, _, err = r.stores[1].Get(ctx, id)
				}
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	workers.Wait()
}
