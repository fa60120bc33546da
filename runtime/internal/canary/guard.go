// Package canary watches the calls of an instance while a share of the keys is in the next phase (phase.Settings.Canary), and takes the
// share back where those keys fare worse than the others. Each instance judges by its own calls; what it finds, it sets for all.
package canary

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/dualgen/dualgen/runtime/phase"
)

// View is what an instance believes at one moment. On says that there is a canary.
type View struct {
	On       bool
	Epoch    uint64
	Settings phase.Settings
	Primary  phase.Store // of the phase; the canary's keys have the other one
}

// Config is what a guard needs of its instance.
type Config struct {
	Look  func() View
	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error
	// Stop sets the canary to 0, where the record is still of that epoch.
	Stop func(ctx context.Context, epoch uint64, why string)
}

// Guard is one instance's. It is safe for concurrent use.
//
// The share of calls that take longer than a limit says on which side of the limit the 99th percentile is, so that no duration need be
// kept.
type Guard struct {
	config Config
	woken  chan struct{} // of capacity 1
	done   chan struct{}
	tally  atomic.Pointer[tally]
}

// tally counts, by the store that decided, the calls of one stretch of time under one epoch.
type tally struct {
	epoch  uint64
	since  time.Time
	stores [2]struct{ calls, failed, slow atomic.Int64 }
}

// The guard's pace. A stretch ends when it is long enough and holds enough of the canary's calls to judge by.
const (
	every   = 200 * time.Millisecond // how often it judges; the rest of two seconds is for the flag record
	stretch = 5 * time.Second
	enough  = 200 // calls
	least   = 3   // failing or slow calls; fewer may be chance
)

// New returns a guard that counts, and judges once Loop runs.
func New(config Config) *Guard {
	g := &Guard{config: config, woken: make(chan struct{}, 1), done: make(chan struct{})}
	g.tally.Store(new(tally))
	return g
}

// Done is closed when Loop has ended.
func (g *Guard) Done() <-chan struct{} { return g.done }

// Wake tells the guard that there is a canary.
func (g *Guard) Wake() {
	select {
	case g.woken <- struct{}{}:
	default:
	}
}

// Count counts the answer of the store that decided a call under an epoch.
func (g *Guard) Count(epoch uint64, store phase.Store, failed, slow bool) {
	t := g.tally.Load()
	if t.epoch != epoch {
		return // the guard has not seen this epoch yet, or is past it
	}
	s := &t.stores[store]
	s.calls.Add(1)
	if failed {
		s.failed.Add(1)
	}
	if slow {
		s.slow.Add(1)
	}
}

// Loop judges while there is a canary, and sleeps otherwise.
func (g *Guard) Loop(ctx context.Context) {
	defer close(g.done)
	for {
		if g.config.Look().On {
			if g.config.Sleep(ctx, every) != nil {
				return
			}
			g.judge(ctx)
			continue
		}
		select {
		case <-g.woken:
		case <-ctx.Done():
			return
		}
	}
}

// judge takes the canary back where it must be.
func (g *Guard) judge(ctx context.Context) {
	view, now, t := g.config.Look(), g.config.Now(), g.tally.Load()
	switch {
	case !view.On:
		return
	case t.epoch != view.Epoch:
		g.tally.Store(&tally{epoch: view.Epoch, since: now})
		return
	}
	canary := view.Primary.Other()
	if why := t.breach(canary, view.Settings); why != "" {
		g.config.Stop(ctx, view.Epoch, why) // where it fails, the next look finds the same
		return
	}
	if now.Sub(t.since) >= stretch && t.stores[canary].calls.Load() >= enough {
		g.tally.Store(&tally{epoch: view.Epoch, since: now})
	}
}

// breach says what is wrong with the canary's keys, and not with the others; empty where nothing is.
func (t *tally) breach(canary phase.Store, settings phase.Settings) string {
	const hundredth = 0.01
	c, rest := &t.stores[canary], &t.stores[canary.Other()]
	calls, failed, slow := c.calls.Load(), c.failed.Load(), c.slow.Load()
	restCalls, restFailed, restSlow := rest.calls.Load(), rest.failed.Load(), rest.slow.Load()
	if limit := settings.MaxCanaryErrors(); failed >= least && share(failed, calls)-share(restFailed, restCalls) > limit {
		return fmt.Sprintf("%d of %d calls failed on keys that the %v store answers first, and %d of %d on the others; the limit is %g more",
			failed, calls, canary, restFailed, restCalls, limit)
	}
	if slow >= least && share(slow, calls) > hundredth && share(restSlow, restCalls) <= hundredth {
		return fmt.Sprintf("%d of %d calls took the %v store over %v on keys that it answers first, and %d of %d took the other one so long: the p99 is above the limit",
			slow, calls, canary, settings.MaxCanaryP99(), restSlow, restCalls)
	}
	return ""
}

func share(part, all int64) float64 { return float64(part) / float64(max(all, 1)) }
