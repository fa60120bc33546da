package backfill

import (
	"bytes"
	"context"
	"sync"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
)

// watch looks for signs of life of those who have ranges, also while its process copies one: a range of a process that was killed is
// taken as soon as somebody is free. It compares no clocks: what counts is that a checkpoint does not change.
type watch struct {
	control control.Control
	kinds   []string
	config  Config
	hooks   hooks.Hooks

	mu   sync.Mutex
	seen map[string]sign // by the checkpoint's name
}

// sign is a checkpoint as it was seen first.
type sign struct {
	data   []byte
	since  time.Time     // after it was read
	last   time.Time     // before it was read for the last time
	silent time.Duration // after which nobody is alive, and nothing that was sent can land
}

// look notes the signs of life of all who have a range. What cannot be asked stays as it was: nobody is thought dead for that.
func (w *watch) look(ctx context.Context) error {
	record, err := w.control.Load(ctx)
	if err != nil {
		return err
	}
	fresh := make(map[string]sign)
	for _, kind := range w.kinds {
		b := record.Backfills[kind]
		if len(b.Ranges) == 0 {
			continue
		}
		for _, name := range heldNames(kind, b) {
			now := w.hooks.Now()
			data, err := w.control.LoadCheckpoint(ctx, name)
			if err != nil {
				return err
			}
			fresh[name] = w.sign(name, data, now)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = fresh
	return nil
}

func (w *watch) sign(name string, data []byte, now time.Time) sign {
	w.mu.Lock()
	defer w.mu.Unlock()
	if was, ok := w.seen[name]; ok && bytes.Equal(was.data, data) {
		was.last = now
		return was
	}
	lease := w.config.Lease
	if point, err := parseCheckpoint(name, data); err == nil && point != nil {
		lease = max(lease, point.Lease)
	}
	return sign{data: data, since: w.hooks.Now(), silent: lease + w.config.Settle}
}

// dead reports whether the holder that saves this checkpoint is.
func (w *watch) dead(name string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	s, ok := w.seen[name]
	return ok && s.last.Sub(s.since) >= s.silent
}

// begin looks every quarter of a lease until it is ended.
func (w *watch) begin(ctx context.Context) (end func()) {
	if w.hooks.Manual {
		return func() {}
	}
	ctx, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			looking, cancel := context.WithTimeout(ctx, w.config.Lease)
			_ = w.look(looking)
			cancel()
			_ = w.hooks.Sleep(ctx, w.config.Lease/4)
		}
	}()
	return func() {
		stop()
		<-done
	}
}
