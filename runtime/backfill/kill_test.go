package backfill_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/control/sqlcontrol"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/reconcile"
)

// worker is the variable that makes the test's own binary one of the processes that copy: its value is their database.
const worker = "DUALGEN_TEST_WORKER"

func TestMain(m *testing.M) {
	if url := os.Getenv(worker); url != "" {
		os.Exit(copyAs(url))
	}
	goleak.VerifyTestMain(m)
}

// Short, so that many processes can be killed in little time.
const (
	killedLease  = time.Second
	killedSettle = time.Second
)

// copyAs is a process that copies beside others, and returns its exit status.
func copyAs(url string) int {
	ctx := context.Background()
	g, err := groundAt(url)
	if err == nil {
		var m *dual.Migration
		if m, err = g.migration(); err == nil {
			_, err = backfill.Share(ctx, m, []string{"Article"}, backfill.Config{
				Chunk: 50, Workers: 2, Rate: 20_000, Lease: killedLease, Settle: killedSettle, Ranges: 24,
				Logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
			})
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// groundAt opens the tables that openGround made.
func groundAt(url string) (ground, error) {
	pool, err := pgxpool.New(context.Background(), url)
	if err != nil {
		return ground{}, err
	}
	backend, err := sqlcontrol.Open(sqlx.NewDb(stdlib.OpenDBFromPool(pool), "pgx"), sqlcontrol.Options{Dialect: sqlcontrol.Postgres, Migration: "bench"})
	return ground{articles{pool, "old_articles"}, articles{pool, "new_articles"}, backend}, err
}

// migration makes an instance that follows the record.
func (g ground) migration() (*dual.Migration, error) {
	quiet := slog.New(slog.DiscardHandler)
	m, err := dual.NewMigration(dual.Config{Control: g.record.Control(), Journal: g.record.Journal(), Logger: quiet, Settle: killedSettle})
	if err != nil {
		return nil, err
	}
	e := articleEntity(true)
	e.Delete = func(ctx context.Context, store articles, key dual.Key) error { return store.remove(ctx, key.ID) }
	dual.AddEntity(m, &[2]articles{g.old, g.new}, e)
	for _, err := control.Settled(context.Background(), g.record.Control()); err != nil; _, err = control.Settled(context.Background(), g.record.Control()) {
		time.Sleep(5 * time.Millisecond)
	}
	return m, nil
}

func (a articles) remove(ctx context.Context, id string) error {
	_, err := a.pool.Exec(ctx, `DELETE FROM `+a.table+` WHERE id = $1::bigint`, id)
	return err
}

// mirrored has the record say that both stores are written.
func (g ground) mirrored(tb testing.TB) {
	_, err := control.Update(context.Background(), g.record.Control(), func(record *control.Record) error {
		record.Epoch++
		record.Phase, record.MirroredSince, record.MirroredFrom, record.Kinds = phase.OldPrimary, record.Epoch, phase.Old, []string{"Article"}
		return nil
	})
	require.NoError(tb, err)
}

// TestProcessesKilled has four processes copy a table of Postgres while it is written, and kills one after the other with SIGKILL.
// Others take their places. In the end both tables hold the same, and each row was counted once.
func TestProcessesKilled(t *testing.T) {
	const rows, deaths, least = 40_000, 20, 4
	url := servertest.Postgres(t)
	g := openGroundAt(t, url, rows)
	g.mirrored(t)
	m, err := g.migration()
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	written := make(chan int, 1)
	go func() { written <- g.traffic(ctx, t, m, rows) }()

	var running []*exec.Cmd
	start := func() {
		c := exec.Command(os.Args[0])
		c.Env, c.Stderr = append(os.Environ(), worker+"="+url), os.Stderr
		require.NoError(t, c.Start())
		running = append(running, c)
	}
	for range least {
		start()
	}
	for range deaths {
		time.Sleep(time.Duration(100+rand.IntN(300)) * time.Millisecond)
		victim := rand.IntN(len(running))
		require.NoError(t, running[victim].Process.Kill())
		_ = running[victim].Wait() // it was killed
		running = append(running[:victim], running[victim+1:]...)
		start()
	}
	for _, c := range running {
		require.NoError(t, c.Wait())
	}
	stop()
	deleted := <-written
	progress, err := backfill.Status(t.Context(), g.record.Control(), "Article")
	require.NoError(t, err)
	require.True(t, progress.Complete)
	require.Equal(t, progress.Ranges, progress.Done)
	require.Greater(t, progress.Ranges, 8)
	require.GreaterOrEqual(t, len(progress.By), least)
	require.LessOrEqual(t, progress.Copied+progress.Failed, int64(rows))
	require.GreaterOrEqual(t, progress.Copied+progress.Failed+progress.Repeated, int64(rows-deleted))
	g.settle(t, m)
	require.Zero(t, g.apart(t))
	require.NoError(t, m.Close(context.Background()))
	t.Logf("%d rows, %d deleted meanwhile, %d processes killed; %d copied by %d processes in %d ranges", rows, deleted, deaths, progress.Copied, len(progress.By), progress.Ranges)
}

// traffic changes and deletes rows as a wrapped service does, until ctx ends, and returns how many were deleted.
func (g ground) traffic(ctx context.Context, t *testing.T, m *dual.Migration, rows int) (deleted int) {
	j, background := m.Journal(), context.Background()
	for ctx.Err() == nil {
		id := 1 + rand.Int64N(int64(rows))
		one, found, err := g.old.get(background, id)
		if err != nil || !found {
			continue
		}
		token, err := j.Begin(background, m.Instance(), articleKey(id), phase.Old)
		if err != nil {
			t.Error(err)
			return deleted
		}
		gone := rand.IntN(10) == 0
		one.Title = fmt.Sprint("changed at ", time.Now())
		for _, store := range []articles{g.old, g.new} {
			if gone {
				err = store.remove(background, strconv.FormatInt(id, 10))
			} else {
				err = store.save(background, one)
			}
			if err != nil {
				t.Error(err)
			}
		}
		if err := j.End(background, articleKey(id), token, true); err != nil {
			t.Error(err)
		}
		if gone {
			deleted++
		}
	}
	return deleted
}

// settle copies what is marked, until nothing is.
func (g ground) settle(t *testing.T, m *dual.Migration) {
	r := reconcile.New(m, reconcile.Config{Rate: -1, Settle: killedSettle, Logger: slog.New(slog.DiscardHandler)})
	for {
		counts, err := m.Journal().Counts(t.Context(), "")
		require.NoError(t, err)
		if counts.Unclean() == 0 {
			return
		}
		_, err = r.Once(t.Context())
		require.NoError(t, err)
		time.Sleep(50 * time.Millisecond)
	}
}

// apart counts the rows that one table has and the other has not, as they are.
func (g ground) apart(t *testing.T) (n int) {
	const columns = articleColumns
	require.NoError(t, g.old.pool.QueryRow(t.Context(), `SELECT count(*) FROM (
		(SELECT `+columns+` FROM old_articles EXCEPT SELECT `+columns+` FROM new_articles) UNION ALL
		(SELECT `+columns+` FROM new_articles EXCEPT SELECT `+columns+` FROM old_articles)) d`).Scan(&n))
	return n
}
