package cqlcontrol

import (
	"sync"
)

// convoy logs the keys of calls that come from many goroutines on a few of its own, several in one go. A call that comes
// alone does not wait for others.
type convoy struct {
	serve func(items []logging)
	lanes int // goroutines at most
	size  int // calls in one go at most

	mu      sync.Mutex
	waiting []logging
	running int
}

// add has a call logged.
func (c *convoy) add(item logging) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting = append(c.waiting, item)
	if c.running < c.lanes {
		c.running++
		go c.run()
	}
}

func (c *convoy) run() {
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
