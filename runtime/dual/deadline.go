package dual

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/hooks"
)

// deadlines makes contexts for mirror writes that end after the mirror timeout without a timer for each: a shared one is
// replaced every eighth of the timeout, and lasts nine of them, so that a leg which takes the current one has between
// the timeout and an eighth more.
type deadlines struct {
	current atomic.Pointer[context.Context]
	cancel  context.CancelFunc
	done    chan struct{}
}

const (
	slices8 = 8           // parts of the timeout
	lasting = slices8 + 1 // parts that a context lasts
)

func newDeadlines(timeout time.Duration, h hooks.Hooks) *deadlines {
	root, cancel := context.WithCancel(context.Background())
	d := &deadlines{cancel: cancel, done: make(chan struct{})}
	if h.Manual {
		background := context.Background()
		d.current.Store(&background)
		close(d.done)
		return d
	}
	part := timeout / slices8
	last := d.renew(root, part)
	go d.loop(root, part, last)
	return d
}

// renew publishes a fresh context.
func (d *deadlines) renew(root context.Context, part time.Duration) context.CancelFunc {
	ctx, cancel := context.WithTimeout(root, lasting*part)
	d.current.Store(&ctx)
	return cancel
}

func (d *deadlines) loop(root context.Context, part time.Duration, last context.CancelFunc) {
	defer close(d.done)
	var past [lasting + 1]context.CancelFunc
	past[0] = last
	ticker := time.NewTicker(part)
	defer ticker.Stop()
	for i := 1; ; i = (i + 1) % len(past) {
		select {
		case <-root.Done():
			for _, cancel := range past {
				if cancel != nil {
					cancel()
				}
			}
			return
		case <-ticker.C:
		}
		if past[i] != nil {
			past[i]() // it ran out by itself
		}
		past[i] = d.renew(root, part)
	}
}

func (d *deadlines) stop() {
	d.cancel()
	<-d.done
}

// shared returns a context that lasts for the mirror timeout.
func (d *deadlines) shared() context.Context { return *d.current.Load() }

// detach returns a context that lasts for the mirror timeout and holds the values of the caller's, but not its end.
func (d *deadlines) detach(caller context.Context) context.Context {
	if caller == context.Background() || caller == context.TODO() {
		return d.shared()
	}
	return &detached{Context: d.shared(), values: caller}
}

// detached is a deadline of ours with the caller's values, such as a trace.
type detached struct {
	context.Context
	values context.Context
}

// Value returns the caller's value.
func (d *detached) Value(key any) any { return d.values.Value(key) }
