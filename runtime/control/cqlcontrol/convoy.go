package cqlcontrol

import (
	"context"
	"sync"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
)

// behindTimeout bounds a statement that runs for several callers, or for none.
const behindTimeout = 10 * time.Second

// convoy runs items that come from many goroutines on a few of its own, several in one go. An item that comes alone does
// not wait for others.
type convoy[T any] struct {
	serve   func(items []T)
	lanes   int // goroutines at most
	size    int // items in one go at most
	patient int // items that wait before another goroutine helps those that run

	mu      sync.Mutex
	waiting []T
	running int
	lane    sync.WaitGroup
}

// add lets an item run.
func (c *convoy[T]) add(item T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting = append(c.waiting, item)
	if c.running == 0 || c.running < c.lanes && len(c.waiting) > c.patient {
		c.running++
		c.lane.Go(c.run)
	}
}

func (c *convoy[T]) run() {
	for {
		c.mu.Lock()
		size := min(c.size, len(c.waiting))
		if size == 0 {
			c.running--
			c.mu.Unlock()
			return
		}
		items := c.waiting[:size:size]
		c.waiting = c.waiting[size:]
		c.mu.Unlock()
		c.serve(items)
	}
}

// removal is a row whose End was answered.
type removal struct {
	key   journal.Key
	token journal.Token
	slot  int
}

// removalsAtOnce is how many partitions an unlogged batch may touch before Cassandra warns, as it is shipped
// (unlogged_batch_across_partitions_warn_threshold).
const removalsAtOnce = 10

// serveRemovals deletes rows.
func (j *Journal) serveRemovals(items []removal) {
	ctx, cancel := context.WithTimeout(context.Background(), behindTimeout)
	defer cancel()
	keys, rows := make([]journal.Key, len(items)), make([]fastRow, len(items))
	for i, r := range items {
		keys[i], rows[i] = r.key, fastRow{process: j.process.id, slot: r.slot, stamp: j.process.tick()}
	}
	err := j.dropRows(ctx, keys, rows)
	for _, r := range items {
		if err != nil {
			j.process.owe(r.key, r.token) // Renew tries again
			continue
		}
		j.release(r.key, r.token.ID, r.slot)
	}
}
