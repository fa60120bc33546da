package table_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/queue"
	"github.com/dualgen/dualgen/runtime/queue/table"
)

// Entries are applied once each, where nothing fails, in order for each key, by three consumers that come and go while entries are appended.
func TestOrderForEachKey(t *testing.T) {
	each(t, func(t *testing.T, q *table.Queue) {
		const keys, n = 20, 30
		a, quick := newApplied(), quick
		quick.Lease = time.Minute // no statement fails for it
		stop := consume(t, q, a.apply(t), quick)
		var appenders sync.WaitGroup
		for k := range keys {
			appenders.Go(func() {
				for i := range n {
					_, err := q.Append(t.Context(), entry(k, i))
					assert.NoError(t, err)
				}
			})
		}
		consume(t, q, a.apply(t), quick)
		time.Sleep(50 * time.Millisecond)
		stop()
		consume(t, q, a.apply(t), quick)
		appenders.Wait()
		drained(t, q)
		var want []string
		for i := range n {
			want = append(want, fmt.Sprint(i))
		}
		for k := range keys {
			assert.Equal(t, want, a.seen(k))
		}
	})
}

// Entries that fail all the time, and are tried again, stay in order: whether one waits is asked of all entries of its key at one moment.
func TestOrderWhereEntriesFail(t *testing.T) {
	each(t, func(t *testing.T, q *table.Queue) {
		const keys, n = 300, 6
		a, config := newApplied(), quick
		config.Lease, config.Workers = time.Minute, 32
		good := a.apply(t)
		for i := range n {
			for k := range keys {
				_, err := q.Append(t.Context(), entry(k, i))
				require.NoError(t, err)
			}
		}
		consume(t, q, func(ctx context.Context, e queue.Entry) error {
			if rand.N(3) == 0 {
				return dual.ErrBusy
			}
			return good(ctx, e)
		}, config)
		drained(t, q)
		for k := range keys {
			assert.Equal(t, []string{"0", "1", "2", "3", "4", "5"}, a.seen(k))
		}
	})
}
