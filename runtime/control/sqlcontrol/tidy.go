package sqlcontrol

import (
	"context"
	"sync"
	"time"
)

// tidying is the work that Renew has done behind its back, so that no lease waits for it: clean rows are swept, and the tokens
// that failed calls of this process left are taken away.
type tidying struct {
	work   sync.WaitGroup
	cancel context.CancelFunc
	ctx    context.Context // ends with Close

	mu      sync.Mutex
	began   time.Time // when it began last
	running bool
	closed  bool
	err     error // of the last time, until a Renew has returned it
}

func newTidying() *tidying {
	ctx, cancel := context.WithCancel(context.Background())
	return &tidying{ctx: ctx, cancel: cancel}
}

// soon starts do, unless it runs, or ran less than so long ago. It returns what do failed with before.
func (t *tidying) soon(interval time.Duration, do func(context.Context) error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	failed := t.err
	t.err = nil
	if t.closed || t.running || time.Since(t.began) < interval {
		return failed
	}
	t.began, t.running = time.Now(), true
	t.work.Go(func() {
		err := do(t.ctx)
		t.mu.Lock()
		defer t.mu.Unlock()
		t.running = false
		if t.ctx.Err() == nil {
			t.err = err
		}
	})
	return failed
}

// stop ends what runs, and waits for it.
func (t *tidying) stop() {
	t.mu.Lock()
	t.closed = true
	t.mu.Unlock()
	t.cancel()
	t.work.Wait()
}

// tidy sweeps clean rows, and takes away the strays of this process.
func (j *Journal) tidy(ctx context.Context) error {
	return orElse(j.takeStrays(ctx), j.sweep(ctx, j.options.Sweep))
}

// takeStrays takes away the tokens that failed calls of this process left. They seldom leave any: it locks nothing before it has
// found one.
func (j *Journal) takeStrays(ctx context.Context) error {
	found := false
	err := j.reading(ctx, "look for strays", func(t transaction) error {
		strays, err := t.tokensOf(j.strayToken)
		found = len(strays) > 0
		return err
	})
	if err != nil || !found {
		return err
	}
	return j.inTx(ctx, "take strays away", func(t transaction) error {
		_, err := t.takeAway(j.strayToken)
		return err
	})
}
