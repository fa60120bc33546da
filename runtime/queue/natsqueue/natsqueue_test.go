package natsqueue_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/queue"
	"github.com/dualgen/dualgen/runtime/queue/natsqueue"
)

const enough = 3 * time.Minute

// quick are the times of tests. A message that was under way in a process that died is delivered again after AckWait.
var (
	quick   = queue.Config{Settle: 200 * time.Millisecond, Timeout: time.Second, Attempts: 3, Poll: 10 * time.Millisecond, Logger: slog.New(slog.DiscardHandler)}
	options = natsqueue.Options{AckWait: 3 * time.Second}
)

// serve starts a server in this process.
func serve(t *testing.T) (url string) {
	t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), NoLog: true, NoSigs: true})
	require.NoError(t, err)
	s.Start()
	require.True(t, s.ReadyForConnections(enough))
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	return s.ClientURL()
}

func open(t *testing.T, url string) *natsqueue.Queue {
	t.Helper()
	connection, err := nats.Connect(url)
	require.NoError(t, err)
	t.Cleanup(connection.Close)
	js, err := jetstream.New(connection)
	require.NoError(t, err)
	q, err := natsqueue.Open(t.Context(), js, options)
	require.NoError(t, err)
	return q
}

func key(k int) journal.Key { return journal.Key{Kind: "Item", ID: fmt.Sprintf("\xff%d", k)} }

func entry(k, n int) queue.Entry {
	return queue.Entry{Key: key(k), Method: "Items.Put", Args: fmt.Append(nil, n)}
}

// applied notes what was applied of each key.
type applied struct {
	mu  sync.Mutex
	of  map[journal.Key][]string
	now map[journal.Key]bool
}

func (a *applied) apply(t *testing.T) queue.Apply {
	a.of, a.now = map[journal.Key][]string{}, map[journal.Key]bool{}
	return func(_ context.Context, e queue.Entry) error {
		a.mu.Lock()
		assert.False(t, a.now[e.Key], "two entries of a key at once")
		a.now[e.Key] = true
		a.mu.Unlock()
		time.Sleep(rand.N(time.Millisecond))
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

func consume(t *testing.T, q *natsqueue.Queue, apply queue.Apply) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = q.Consume(ctx, apply, quick) }()
	stop = sync.OnceFunc(func() { cancel(); <-done })
	t.Cleanup(stop)
	return stop
}

func drained(t *testing.T, q *natsqueue.Queue) {
	t.Helper()
	require.Eventually(t, func() bool { s, err := q.Status(t.Context()); return err == nil && s.Pending == 0 }, enough, 20*time.Millisecond)
}

// Entries are applied once each, in order for each key, by consumers that come and go; some attempts fail.
func TestOrderForEachKey(t *testing.T) {
	url := serve(t)
	q := open(t, url)
	const keys, n = 30, 20
	a := &applied{}
	good := a.apply(t)
	flaky := func(ctx context.Context, e queue.Entry) error {
		if rand.N(20) == 0 {
			return dual.ErrBusy
		}
		return good(ctx, e)
	}
	stop := consume(t, q, flaky)
	var appenders sync.WaitGroup
	for k := range keys {
		appenders.Go(func() {
			for i := range n {
				_, err := q.Append(t.Context(), entry(k, i))
				assert.NoError(t, err)
			}
		})
	}
	consume(t, open(t, url), flaky)
	time.Sleep(50 * time.Millisecond)
	stop()
	consume(t, open(t, url), flaky)
	appenders.Wait()
	drained(t, q)
	var want []string
	for i := range n {
		want = append(want, fmt.Sprint(i))
	}
	for k := range keys {
		assert.Equal(t, want, a.seen(k))
	}
}

// An entry that cannot be applied blocks its key, and none of those in its part.
func TestPoison(t *testing.T) {
	ctx := t.Context()
	q := open(t, serve(t))
	a := &applied{}
	good := a.apply(t)
	var mu sync.Mutex
	bad := true
	const keys = 40 // more than there are parts
	seqs := make([][2]uint64, keys)
	for i := range 2 {
		for k := range keys {
			seq, err := q.Append(ctx, entry(k, i))
			require.NoError(t, err)
			seqs[k][i] = seq
		}
	}
	consume(t, q, func(ctx context.Context, e queue.Entry) error {
		mu.Lock()
		defer mu.Unlock()
		if bad && e.Key == key(0) && string(e.Args) == "0" {
			return errors.New("no")
		}
		if bad && e.Key == key(1) && string(e.Args) == "0" {
			return queue.Permanent(errors.New("never"))
		}
		return good(ctx, e)
	})
	for k := 2; k < keys; k++ {
		require.NoError(t, queue.WaitApplied(ctx, q, seqs[k][1]))
		assert.Equal(t, []string{"0", "1"}, a.seen(k))
	}
	require.Eventually(t, func() bool { s, err := q.Status(ctx); return err == nil && s.Parked == 2 && s.Pending == 4 }, enough, 20*time.Millisecond)
	for k := range 2 {
		require.ErrorIs(t, queue.WaitApplied(ctx, q, seqs[k][0]), queue.ErrBlocked)
		require.ErrorIs(t, queue.WaitApplied(ctx, q, seqs[k][1]), queue.ErrBlocked, "the one behind it")
		assert.Empty(t, a.seen(k))
	}
	parked, err := q.Parked(ctx, 10)
	require.NoError(t, err)
	require.Len(t, parked, 2)
	assert.Equal(t, [2]string{"no", "never"}, [2]string{parked[0].Problem, parked[1].Problem})
	assert.Equal(t, [2]int{3, 1}, [2]int{parked[0].Attempts, parked[1].Attempts})
	assert.Equal(t, key(0), parked[0].Key)
	assert.Positive(t, parked[0].Waited)
	mu.Lock()
	bad = false
	mu.Unlock()
	require.NoError(t, q.Retry(ctx, parked[0].Seq))
	require.NoError(t, q.Drop(ctx, parked[1].Seq))
	drained(t, q)
	require.ErrorIs(t, q.Drop(ctx, parked[1].Seq), queue.ErrNoEntry)
	assert.Equal(t, []string{"0", "1"}, a.seen(0))
	assert.Equal(t, []string{"1"}, a.seen(1))
}

// An entry that is answered by an error of its interface is applied: it blocks nothing, and whoever waits for it is told.
func TestAnswer(t *testing.T) {
	ctx, errNone := t.Context(), errors.New("there is none")
	q := open(t, serve(t))
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
	})
	require.ErrorIs(t, receipt.Wait(ctx, q), errNone)
	require.NoError(t, queue.WaitApplied(ctx, q, behind))
	parked, err := q.Parked(ctx, 10)
	require.NoError(t, err)
	assert.Empty(t, parked)
}

// An entry is stored once under its ID.
func TestSameID(t *testing.T) {
	ctx := t.Context()
	q := open(t, serve(t))
	e := entry(0, 1)
	e.ID = "order 17"
	first, err := q.Append(ctx, e)
	require.NoError(t, err)
	a := &applied{}
	consume(t, q, a.apply(t))
	require.NoError(t, queue.WaitApplied(ctx, q, first))
	again, err := q.Append(ctx, e)
	require.NoError(t, err)
	assert.Equal(t, first, again)
	drained(t, q)
	assert.Equal(t, []string{"1"}, a.seen(0))
}
