package fallback_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/internal/results"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/queue"
)

// How much slower an append is than a plain insert, side by side, and how long a write takes from its answer until both stores have it at
// 500 a second.
func TestQueuedWriteFigures(t *testing.T) {
	dsn := servertest.Postgres(t)
	f := openOn(t, dsn, servertest.MariaDB(t)+"&interpolateParams=true", phase.OldGuarded, phase.Settings{})
	pool, trips := countedPool(t, dsn)
	q := queueOf(t, pool)
	length := time.Second
	if os.Getenv("DUALGEN_PROOF") != "" {
		length = 5 * time.Second
	}
	queued := front{f.wrapper, q}
	var plain, appended int
	for range 3 {
		plain += rate(length/3, func(n int) error { return f.old.Put(t.Context(), row{fmt.Sprint("plain", n, rand.Int64()), "text"}) })
		appended += rate(length/3, func(n int) error { return queued.Put(t.Context(), row{fmt.Sprint("queued", n, rand.Int64()), "text"}) })
	}
	_, err := f.old.db.Exec(`DELETE FROM dualgen_queue`)
	require.NoError(t, err)

	clear(trips.of)
	all := queued.lags(t, 2*length)
	t.Logf("the queue's round trips a write: %s", trips.each(len(all)))
	slices.Sort(all)
	detail := fmt.Sprintf("appends %d, plain inserts %d: %.2f; %d writes at 500/s: applied to both stores %v (p50), %v (p99) after the answer", appended, plain,
		float64(appended)/float64(plain), len(all), all[len(all)/2].Round(time.Millisecond), all[len(all)*99/100].Round(time.Millisecond))
	t.Log(detail)
	require.NoError(t, results.Report(results.Row{Layer: "queued writes beside plain inserts (Postgres, MariaDB)", Level: os.Getenv("DUALGEN_PROOF"), Count: int64(appended + len(all)),
		Unit: "writes", Detail: detail, Seconds: 4 * length.Seconds()}))
}

// lags are how long writes, 500 a second, took from their answers until both stores had them.
func (f front) lags(t *testing.T, length time.Duration) (all []time.Duration) {
	ctx := t.Context()
	acked, took := sync.Map{}, make(chan time.Duration, 100_000)
	config := brief
	config.Lease, config.Timeout = 15*time.Second, 5*time.Second
	consuming, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = f.q.Consume(consuming, func(ctx context.Context, e queue.Entry) error {
			err := f.apply(ctx, e)
			if at, ok := acked.Load(e.Key.ID); ok && err == nil {
				took <- time.Since(at.(time.Time))
			} else if err == nil {
				took <- 0 // it was faster than its answer
			}
			return err
		}, config)
	}()
	time.Sleep(time.Second)
	ticker := time.NewTicker(2 * time.Millisecond)
	var clients sync.WaitGroup
	n := 0
	for end := time.Now().Add(length); time.Now().Before(end); n++ {
		<-ticker.C
		id := fmt.Sprintf("%s-%d", "lag", n)
		clients.Go(func() {
			assert.NoError(t, f.Put(ctx, row{id, "text"}))
			acked.Store(id, time.Now())
		})
	}
	clients.Wait()
	require.Eventually(t, func() bool { return len(took) >= n }, enough, 10*time.Millisecond)
	stop()
	<-done
	close(took)
	for d := range took {
		all = append(all, d)
	}
	return all
}

// rate counts the calls that 8 clients make in a time.
func rate(length time.Duration, do func(n int) error) (count int) {
	var mu sync.Mutex
	var clients sync.WaitGroup
	for n := range 8 {
		clients.Go(func() {
			made := 0
			for end := time.Now().Add(length); time.Now().Before(end); {
				if do(n) == nil {
					made++
				}
			}
			mu.Lock()
			defer mu.Unlock()
			count += made
		})
	}
	clients.Wait()
	return count
}
