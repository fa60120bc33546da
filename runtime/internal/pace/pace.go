// Package pace holds background work to a rate that follows the stores' latency: it grows by a little while the stores
// answer in time, and halves when they do not (additive increase, multiplicative decrease).
package pace

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Config of a [Pacer].
type Config struct {
	Max    float64       // operations a second at most; negative for no limit
	Min    float64       // operations a second, however slow the stores are; no more than Max
	Target time.Duration // of one operation; slower than this, the rate falls
	// Limit is asked for another Max while work goes on; 0 leaves Max. Nil for never.
	Limit func() float64
	// Paused is asked before each operation, and while it is true, none is let through. Nil for never.
	Paused func() bool
}

const (
	start     = 0.1                    // of Max, at which a pacer begins
	growth    = 0.01                   // of Max, added each growEvery
	growEvery = 100 * time.Millisecond // so the full rate is reached in about nine seconds
	cutEvery  = 500 * time.Millisecond // one burst of slow answers halves the rate once
	burst     = 50 * time.Millisecond  // of work that may run ahead
	askEvery  = 100 * time.Millisecond // whether a pause is over
	weight    = 0.2                    // of a new observation in the moving average
)

// Pacer is a token bucket whose rate follows the latency it is told of. It is safe for concurrent use.
type Pacer struct {
	config Config

	mu      sync.Mutex
	rate    float64
	tokens  float64
	filled  time.Time
	grown   time.Time
	cut     time.Time
	latency float64 // moving average, seconds
}

// New returns a pacer that starts at a tenth of its rate.
func New(config Config) *Pacer {
	p := &Pacer{config: config, filled: time.Now()}
	p.rate = max(config.Max*start, p.least())
	return p
}

// Wait takes n operations from the bucket, waiting until they are due. It returns the context's error if that ends first.
func (p *Pacer) Wait(ctx context.Context, n int) error {
	for p.config.Paused != nil && p.config.Paused() {
		if err := sleep(ctx, askEvery); err != nil {
			return err
		}
	}
	if p.max() < 0 {
		return ctx.Err()
	}
	wait := p.take(float64(n))
	if wait <= 0 {
		return ctx.Err()
	}
	return sleep(ctx, wait)
}

func sleep(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *Pacer) take(n float64) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if limit := p.max(); limit > 0 {
		p.rate = min(p.rate, limit)
	}
	p.tokens += now.Sub(p.filled).Seconds() * p.rate
	p.filled = now
	p.tokens = min(p.tokens, max(1, p.rate*burst.Seconds()))
	p.tokens -= n
	return time.Duration(-p.tokens / p.rate * float64(time.Second))
}

// Observe tells the pacer how one operation went. A caller that gave up says nothing about the stores.
func (p *Pacer) Observe(latency time.Duration, err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.latency += weight * (latency.Seconds() - p.latency)
	now := time.Now()
	if err != nil || p.latency > p.config.Target.Seconds() {
		if now.Sub(p.cut) >= cutEvery {
			p.cut, p.rate = now, max(p.rate/2, p.least())
		}
		return
	}
	if p.max() > 0 && now.Sub(p.grown) >= growEvery && now.Sub(p.cut) >= cutEvery {
		p.grown, p.rate = now, min(p.rate+growth*p.max(), p.max())
	}
}

// least is the rate below which slow stores do not push it: never more than what an operator has set.
func (p *Pacer) least() float64 {
	if limit := p.max(); limit > 0 {
		return min(p.config.Min, limit)
	}
	return p.config.Min
}

// max is the rate's present upper limit.
func (p *Pacer) max() float64 {
	if p.config.Limit != nil {
		if limit := p.config.Limit(); limit != 0 {
			return limit
		}
	}
	return p.config.Max
}

// Rate is the present rate in operations a second; 0 if there is no limit.
func (p *Pacer) Rate() float64 {
	if p.max() < 0 {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.rate
}
