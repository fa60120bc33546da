// Package owner holds journal tokens under a lease, for background work that may die or be paused while it holds some.
package owner

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/journal"
)

// Owner is a name in a journal whose lease is renewed until Stop. Names are never used twice: a token whose fate is
// unknown (the journal failed during BeginCopy or End) is left behind with its owner, and its lease runs out.
type Owner struct {
	journal journal.Journal
	id      string
	ttl     time.Duration
	hooks   hooks.Hooks
	stop    context.CancelFunc
	done    chan struct{}

	mu      sync.Mutex
	renewed time.Time
}

// Start takes a fresh name that begins with prefix, and a lease for ttl. With manual hooks nobody renews the lease.
func Start(ctx context.Context, j journal.Journal, prefix string, ttl time.Duration, h hooks.Hooks) (*Owner, error) {
	o := &Owner{journal: j, id: prefix + "-" + rand.Text()[:10], ttl: ttl, hooks: h, done: make(chan struct{})}
	if err := o.renew(ctx); err != nil {
		return nil, fmt.Errorf("take a journal lease: %w", err)
	}
	if h.Manual {
		o.stop = func() {}
		close(o.done)
		return o, nil
	}
	ctx, o.stop = context.WithCancel(context.WithoutCancel(ctx))
	go o.keep(ctx)
	return o, nil
}

// ID is the name to hold tokens under.
func (o *Owner) ID() string { return o.id }

// Context ends when the lease may have run out, so that nothing is written after the tokens were taken away.
func (o *Owner) Context(ctx context.Context) (context.Context, context.CancelFunc) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return context.WithTimeout(ctx, o.ttl-o.hooks.Now().Sub(o.renewed))
}

// Lost reports whether the lease may have run out.
func (o *Owner) Lost() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.hooks.Now().Sub(o.renewed) >= o.ttl
}

// Stop ends the renewals. Tokens that are still held will be taken away.
func (o *Owner) Stop() {
	o.stop()
	<-o.done
}

func (o *Owner) keep(ctx context.Context) {
	defer close(o.done)
	tick := time.NewTicker(o.ttl / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if o.Lost() {
				return // the tokens may be gone: another lease would not bring them back
			}
			// A renewal that fails is tried again at the next tick; Context ends before the lease does.
			_ = o.renew(ctx)
		}
	}
}

func (o *Owner) renew(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, o.ttl/3)
	defer cancel()
	asked := o.hooks.Now() // the lease runs from some moment after this
	if err := o.journal.Renew(ctx, o.id, o.ttl); err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.renewed = asked
	return nil
}
