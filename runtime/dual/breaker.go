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
		b.hung.Store(0)
		return false
	}
	n := b.hung.Add(1)
	if n < b.limit {
		return false
	}
	b.retryAt.Store(int64(now().Sub(b.base) + b.pause))
	return n == b.limit
}

// breaker is that of the write's mirror.
func (a *attempt) breaker() *breaker { return a.call.state.migration.breakers[a.primary.Other()] }

// mirrorHangs says that a mirror write hung not long ago: only then is there something to ask, or to tell.
func (a *attempt) mirrorHangs() bool { return a.call.state.migration.hanging.Load() }

// mirrorPaused says that the mirror is not to be written now.
func (a *attempt) mirrorPaused() bool { return !a.breaker().lets(a.call.state.migration.hooks.Now) }

// mirrorEnded takes note of a mirror write that was made. It returns the error, unless that only means that there was
// nothing to delete.
func (a *attempt) mirrorEnded(ctx context.Context, err error) error {
	if err != nil && a.absent(err) {
		err = nil
	}
	m := a.call.state.migration
	hung := err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded)
	paused := a.breaker().saw(hung, m.hooks.Now)
	m.hanging.Store(m.breakers[0].hung.Load()+m.breakers[1].hung.Load() > 0)
	if paused {
		m.config.Logger.LogAttrs(ctx, slog.LevelError, eventMirrorPaused, slog.String("mirror", a.primary.Other().String()), slog.Any("error", err))
	}
	return err
}
