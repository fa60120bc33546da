package table_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/queue"
	"github.com/dualgen/dualgen/runtime/queue/table"
)

const enough = 3 * time.Minute

// quick are the times of tests: short, so that what waits for them does not take long.
var quick = queue.Config{Settle: 200 * time.Millisecond, Lease: 4 * time.Second, Timeout: time.Second, Poll: 5 * time.Millisecond,
	Attempts: 3, Logger: slog.New(slog.DiscardHandler)}

// each runs a test on both databases.
func each(t *testing.T, test func(t *testing.T, q *table.Queue)) {
	for _, dialect := range []table.Dialect{table.Postgres, table.SQLite} {
		t.Run([]string{"postgres", "sqlite"}[dialect], func(t *testing.T) {
			test(t, open(t, dialect))
		})
	}
}

func open(t testing.TB, dialect table.Dialect) *table.Queue {
	t.Helper()
	driver, dsn := "pgx", ""
	if dialect == table.SQLite {
		driver, dsn = "sqlite", "file:"+filepath.Join(t.TempDir(), "queue.db")+"?_pragma=busy_timeout(60000)&_pragma=journal_mode(WAL)&_txlock=immediate"
	} else {
		dsn = servertest.Postgres(t)
	}
	db, err := sql.Open(driver, dsn)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	db.SetMaxOpenConns(32)
	q, err := table.Open(db, table.Options{Dialect: dialect})
	require.NoError(t, err)
	require.NoError(t, q.Migrate(t.Context()))
	require.NoError(t, q.Migrate(t.Context()), "again")
	return q
}

func key(n int) journal.Key { return journal.Key{Kind: "Item", ID: fmt.Sprint(n)} }

func entry(k, n int) queue.Entry {
	return queue.Entry{Key: key(k), Method: "Items.Put", Args: fmt.Appendf(nil, "%d", n)}
}

// applied is what consumers have applied, by key.
type applied struct {
	mu  sync.Mutex
	of  map[journal.Key][]string
	now map[journal.Key]bool
}

func newApplied() *applied {
	return &applied{of: map[journal.Key][]string{}, now: map[journal.Key]bool{}}
}

// apply notes an entry, and that no other of its key is under way.
func (a *applied) apply(t *testing.T) queue.Apply {
	return func(_ context.Context, e queue.Entry) error {
		a.mu.Lock()
		assert.False(t, a.now[e.Key], "two entries of %v at once", e.Key)
		a.now[e.Key] = true
		a.mu.Unlock()
		time.Sleep(rand.N(2 * time.Millisecond))
		a.mu.Lock()
		defer a.mu.Unlock()
		a.now[e.Key] = false
		a.of[e.Key] = append(a.of[e.Key], string(e.Args))
		return nil
	}
}

func (a *applied) seen(k int) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.of[key(k)])
}

// consume starts a consumer, and returns what ends it.
func consume(t *testing.T, q *table.Queue, apply queue.Apply, config queue.Config) (stop func()) {
	t.Helper()
	if testing.Verbose() {
		config.Logger = slog.Default()
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = q.Consume(ctx, apply, config) }()
	stop = sync.OnceFunc(func() { cancel(); <-done })
	t.Cleanup(stop)
	return stop
}

func drained(t *testing.T, q *table.Queue) {
	t.Helper()
	require.Eventually(t, func() bool { s, err := q.Status(t.Context()); return err == nil && s.Pending == 0 }, enough, 10*time.Millisecond)
}

// An entry that cannot be applied blocks its key and no other, until it is retried or dropped.
func TestPoison(t *testing.T) {
	each(t, func(t *testing.T, q *table.Queue) {
		ctx := t.Context()
		a := newApplied()
		good := a.apply(t)
		var mu sync.Mutex
		bad := map[string]error{"1": errors.New("no"), "2": queue.Permanent(errors.New("never"))}
		var seqs []uint64
		for k := range 3 {
			for i := range 2 {
				seq, err := q.Append(ctx, entry(k, 10*k+i))
				require.NoError(t, err)
				seqs = append(seqs, seq)
			}
		}
		consume(t, q, func(ctx context.Context, e queue.Entry) error {
			mu.Lock()
			err := bad[e.Key.ID]
			mu.Unlock()
			if err != nil && string(e.Args)[1:] == "0" {
				return err
			}
			return good(ctx, e)
		}, quick)
		require.Eventually(t, func() bool { s, err := q.Status(ctx); return err == nil && s.Parked == 2 }, enough, 10*time.Millisecond)
		require.NoError(t, queue.WaitApplied(ctx, q, seqs[1]))
		assert.Equal(t, []string{"0", "1"}, a.seen(0))
		assert.Empty(t, a.seen(1))
		assert.Empty(t, a.seen(2))
		require.ErrorIs(t, queue.WaitApplied(ctx, q, seqs[2]), queue.ErrBlocked)
		require.ErrorIs(t, queue.WaitApplied(ctx, q, seqs[3]), queue.ErrBlocked, "the one behind it")
		parked, err := q.Parked(ctx, 10)
		require.NoError(t, err)
		require.Len(t, parked, 2)
		assert.Equal(t, "no", parked[0].Problem)
		assert.Equal(t, 3, parked[0].Attempts)
		assert.Equal(t, "never", parked[1].Problem)
		assert.Equal(t, 1, parked[1].Attempts)
		assert.Equal(t, key(2), parked[1].Key)
		assert.Greater(t, parked[0].Waited, quick.Settle, "it was tried three times")

		mu.Lock()
		clear(bad)
		mu.Unlock()
		require.NoError(t, q.Retry(ctx, parked[0].Seq))
		require.NoError(t, q.Drop(ctx, parked[1].Seq))
		require.ErrorIs(t, q.Drop(ctx, parked[1].Seq), queue.ErrNoEntry)
		drained(t, q)
		assert.Equal(t, []string{"10", "11"}, a.seen(1))
		assert.Equal(t, []string{"21"}, a.seen(2))
	})
}

// An entry that is answered by an error of its interface is applied: it blocks nothing, and whoever waits for it is told, in this process
// and in others.
func TestAnswer(t *testing.T) {
	each(t, func(t *testing.T, q *table.Queue) {
		ctx, errNone := t.Context(), errors.New("there is none")
		writing, receipt := queue.WithReceipt(ctx)
		require.NoError(t, queue.Write(writing, q, queue.Entry{Key: key(0), Method: "Items.Update"}, 0, errNone))
		behind, err := q.Append(ctx, entry(0, 1))
		require.NoError(t, err)
		consume(t, q, func(ctx context.Context, e queue.Entry) error {
			return queue.Call(ctx, e, func(_ context.Context, n int) error {
				if n == 0 {
					return fmt.Errorf("update: %w", errNone)
				}
				return nil
			}, errNone)
		}, quick)
		require.ErrorIs(t, receipt.Wait(ctx, q), errNone)
		require.NoError(t, queue.WaitApplied(ctx, q, behind))
		answer, ok := queue.AnswerIn(queue.WaitApplied(ctx, q, receipt.Seq()))
		require.True(t, ok)
		assert.Equal(t, "there is none", answer.Text)
		s, err := q.Status(ctx)
		require.NoError(t, err)
		assert.Zero(t, s.Pending+s.Parked)
	})
}

// An entry whose outcome nobody knows waits the settle window out, and nothing of its key is applied meanwhile.
func TestSettleAfterAnError(t *testing.T) {
	each(t, func(t *testing.T, q *table.Queue) {
		var mu sync.Mutex
		var tried []string
		var at []time.Time
		for i := range 2 {
			_, err := q.Append(t.Context(), entry(0, i))
			require.NoError(t, err)
		}
		consume(t, q, func(_ context.Context, e queue.Entry) error {
			mu.Lock()
			defer mu.Unlock()
			tried, at = append(tried, string(e.Args)), append(at, time.Now())
			if len(tried) == 1 {
				return context.DeadlineExceeded
			}
			return nil
		}, quick)
		drained(t, q)
		assert.Equal(t, []string{"0", "0", "1"}, tried)
		assert.GreaterOrEqual(t, at[1].Sub(at[0]), quick.Settle)
	})
}

// An entry is stored once under its ID, also after it was applied.
func TestSameID(t *testing.T) {
	each(t, func(t *testing.T, q *table.Queue) {
		ctx := t.Context()
		a := newApplied()
		e := entry(0, 1)
		e.ID = "order 17"
		first, err := q.Append(ctx, e)
		require.NoError(t, err)
		again, err := q.Append(ctx, e)
		require.NoError(t, err)
		assert.Equal(t, first, again)
		consume(t, q, a.apply(t), quick)
		require.NoError(t, queue.WaitApplied(ctx, q, first))
		again, err = q.Append(ctx, e)
		require.NoError(t, err)
		assert.Equal(t, first, again)
		other := entry(0, 2)
		other.ID = e.ID
		_, err = q.Append(ctx, other)
		require.ErrorIs(t, err, queue.ErrOther)
		drained(t, q)
		assert.Equal(t, []string{"1"}, a.seen(0))
		_, err = q.Append(ctx, queue.Entry{Key: journal.Key{Kind: "Item", Whole: true}})
		require.Error(t, err)
	})
}

// Two consumers share the parts; one that ends gives its own back at once.
func TestShares(t *testing.T) {
	each(t, func(t *testing.T, q *table.Queue) {
		var mu sync.Mutex
		by := map[string]int{}
		noting := func(name string) queue.Apply {
			return func(context.Context, queue.Entry) error {
				mu.Lock()
				defer mu.Unlock()
				by[name]++
				return nil
			}
		}
		one := consume(t, q, noting("one"), quick)
		consume(t, q, noting("two"), quick)
		require.Eventually(t, func() bool {
			for k := range 50 {
				_, err := q.Append(t.Context(), entry(k, 0))
				require.NoError(t, err)
			}
			drained(t, q)
			mu.Lock()
			defer mu.Unlock()
			return by["one"] > 10 && by["two"] > 10
		}, enough, 100*time.Millisecond)
		one()
		began := time.Now()
		for k := range 50 {
			_, err := q.Append(t.Context(), entry(k, 1))
			require.NoError(t, err)
		}
		drained(t, q)
		t.Logf("taken over after %v", time.Since(began).Round(time.Millisecond))
	})
}
