package dual

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"
)

// errMirrorPaused: the mirror hangs, and is not waited for again for a while. The key stays dirty, as after any failure.
var errMirrorPaused = errors.New("dualgen: the mirror hangs: it is left to the reconciler for a while")

// breaker keeps calls from waiting for a mirror that hangs. After so many writes in a row that ran into their timeout it
// lets none through for as long as one timeout, then one to try, and all once that did not time out.
type breaker struct {
	limit   int32
	pause   time.Duration
	base    time.Time
	hung    atomic.Int32 // in a row
	retryAt atomic.Int64 // when the next one may try, after base
}

func newBreaker(limit int, pause time.Duration, base time.Time) *breaker {
	return &breaker{limit: int32(limit), pause: pause, base: base}
}

// lets reports whether a mirror write may be made.
func (b *breaker) lets(now func() time.Time) bool {
	if b.hung.Load() < b.limit {
		return true
	}
	after, next := int64(now().Sub(b.base)), b.retryAt.Load()
	return after >= next && b.retryAt.CompareAndSwap(next, after+int64(b.pause))
}

// saw takes note of a mirror write that ended, and reports whether mirrors pause from now on.
func (b *breaker) saw(hung bool, now func() time.Time) (paused bool) {
	if !hung {
		if b.hung.Load() > 0 {
			b.hung.Store(0)
		}
		return false
	}
	n := b.hung.Add(1)
	if n < b.limit {
		return false
	}
	b.retryAt.Store(int64(now().Sub(b.base) + b.pause))
	return n == b.limit
}

// mirrorPaused says that the mirror is not to be written now.
func (a *attempt) mirrorPaused() bool {
	m := a.call.state.migration
	return !m.breakers[a.primary.Other()].lets(m.hooks.Now)
}

// mirrorEnded takes note of a mirror write that was made.
func (a *attempt) mirrorEnded(ctx context.Context, err error) {
	m, mirror := a.call.state.migration, a.primary.Other()
	hung := err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded)
	if m.breakers[mirror].saw(hung, m.hooks.Now) {
		m.config.Logger.LogAttrs(ctx, slog.LevelError, eventMirrorPaused, slog.String("mirror", mirror.String()), slog.Any("error", err))
	}
}
