package dual

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/hooks"
)

// deadlines makes contexts for mirror writes that end after the mirror timeout without a timer for each: a shared one is
// replaced every eighth of the timeout, and lasts nine of them, so that a leg which takes the current one has between
// the timeout and an eighth more. A process that was paused may find one that is nearer to its end, but never one that
// ended.
type deadlines struct {
	current atomic.Pointer[context.Context]
	root    context.Context
	lasting time.Duration
	mu      sync.Mutex // orders replacements
	cancel  context.CancelFunc
	done    chan struct{}
}

// parts is how many times a shared context is replaced within the timeout.
const parts = 8

func newDeadlines(timeout time.Duration, h hooks.Hooks) *deadlines {
	root, cancel := context.WithCancel(context.Background())
	d := &deadlines{root: root, cancel: cancel, done: make(chan struct{})}
	if h.Manual {
		d.current.Store(&root)
		close(d.done)
		return d
	}
	part := timeout / parts
	d.lasting = timeout + part
	d.replace(nil)
	go d.loop(part)
	return d
}

// replace makes a fresh context the current one, unless somebody has replaced stale already. nil replaces any.
func (d *deadlines) replace(stale *context.Context) context.Context {
	d.mu.Lock()
	defer d.mu.Unlock()
	if current := d.current.Load(); stale != nil && current != stale {
		return *current
	}
	ctx, cancel := context.WithTimeout(d.root, d.lasting)
	context.AfterFunc(ctx, cancel)
	d.current.Store(&ctx)
	return ctx
}

func (d *deadlines) loop(part time.Duration) {
	defer close(d.done)
	ticker := time.NewTicker(part)
	defer ticker.Stop()
	for {
		select {
		case <-d.root.Done():
			return
		case <-ticker.C:
			d.replace(nil)
		}
	}
}

func (d *deadlines) stop() {
	d.cancel()
	<-d.done
}

// shared returns a context that lasts for the mirror timeout.
func (d *deadlines) shared() context.Context {
	current := d.current.Load()
	if (*current).Err() != nil && d.lasting > 0 {
		return d.replace(current) // nobody was there to replace it in time
	}
	return *current
}

// latest is shared without a look at whether it ended, for what is repeated anyway if it fails.
func (d *deadlines) latest() context.Context { return *d.current.Load() }

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
