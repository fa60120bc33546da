package dual

import (
	"context"
	"log/slog"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
)

// turns gives the copier its turn on a key that is written all the time. Such a key is dirty, its settle window has passed, and
// each copy meets a writer that makes it dirty again. Every instance looks for such keys; its own writers of one then wait, each
// once and for a bounded time, until the key was copied. When a turn may be is counted by the journal's clock, from the moment at
// which the settle window passed: so the pauses of all instances meet, also where one looks late, and nobody need tell the others.
// That a call waits is never what makes a copy right: the journal's tokens are.
type turns struct {
	m    *Migration
	held atomic.Pointer[map[Key]*turn] // nil: none
	done chan struct{}
	seen map[Key]glimpse   // dirty keys whose window had passed at one of the last looks
	rest map[Key]time.Time // when the next turn of a key may begin, by this instance

	mu sync.Mutex // guards every change of held
}

// glimpse is what a look saw of a key.
type glimpse struct {
	seq journal.Seq // of its last activity
	at  time.Time
}

// turn is one pause of a key's writers.
type turn struct{ over chan struct{} }

// maxTurns is how many keys are looked at, and held, at once.
const maxTurns = 64

func newTurns(m *Migration) *turns {
	return &turns{m: m, done: make(chan struct{}), seen: map[Key]glimpse{}, rest: map[Key]time.Time{}}
}

// every is how often this instance looks.
func (t *turns) every() time.Duration {
	return max(10*time.Millisecond, min(time.Second, t.m.config.Settle/4))
}

// longest bounds a turn: the other instances find the key within one look, and a reconciler passes within about a second.
func (t *turns) longest() time.Duration { return 3*t.every() + 2*time.Second }

// window says how long a turn may last that begins now, and when the next one may begin, for a key whose settle window passed some time
// ago. Turns are in the first half of each window: it takes two looks to begin one.
func (t *turns) window(ago time.Duration) (left, next time.Duration) {
	half := t.longest() + 2*t.every()
	at := ago % (2 * half)
	return min(t.longest(), half-at), 2*half - at
}

// loop looks for keys until the migration is closed.
func (t *turns) loop() {
	defer close(t.done)
	ctx := t.m.follower.context()
	failing := false
	for t.m.hooks.Sleep(ctx, t.every()) == nil {
		err := t.look(ctx)
		if err != nil && !failing && ctx.Err() == nil {
			t.m.config.Logger.LogAttrs(ctx, slog.LevelWarn, eventTurns, slog.Any("error", err))
		}
		failing = err != nil
	}
}

// look holds the keys that were dirty and settled at an earlier look and are so at this one, and were written in between.
func (t *turns) look(ctx context.Context) error {
	m := t.m
	if !m.state.Load().mirrored || m.hanging.Load() { // while the mirror hangs, no copy would come of it
		clear(t.seen)
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, m.config.MirrorTimeout)
	defer cancel()
	entries, err := m.journal.Unclean(ctx, journal.Query{SettledFor: max(m.Settle(), 1), Limit: maxTurns})
	if err != nil {
		return err
	}
	now := m.hooks.Now()
	for _, e := range entries {
		ago := e.Settled - m.Settle() - retriedAfter(e.Attempts)
		if e.Key.Whole || e.Quarantined || ago < 0 {
			continue // the reconciler leaves it alone for now
		}
		last, again := t.seen[e.Key]
		t.seen[e.Key] = glimpse{e.Seq, now}
		left, next := t.window(ago)
		if again && last.seq != e.Seq && !now.Before(t.rest[e.Key]) && left > 0 {
			t.rest[e.Key] = now.Add(next)
			t.hold(e.Key, left)
		}
	}
	// While a copy is on its way the key is not dirty: it is remembered for some looks.
	maps.DeleteFunc(t.seen, func(_ Key, g glimpse) bool { return now.Sub(g.at) > 4*t.every() })
	maps.DeleteFunc(t.rest, func(_ Key, until time.Time) bool { return now.After(until) })
	return nil
}

// retriedAfter is how long a reconciler leaves a key alone whose copy failed so often, beyond the settle window.
func retriedAfter(attempts int) time.Duration {
	if attempts == 0 {
		return 0
	}
	return min(time.Second<<min(attempts-1, 16), 5*time.Minute)
}

// hold begins a turn of a key, which lasts so long at most.
func (t *turns) hold(key Key, longest time.Duration) {
	one := &turn{over: make(chan struct{})}
	t.change(func(held map[Key]*turn) { held[key] = one })
	t.m.hooks.Go(func() {
		if copied := t.watch(key, longest); !copied && t.m.hooks.Off.NoTurnEnd {
			return
		}
		t.change(func(held map[Key]*turn) { delete(held, key) })
		close(one.over)
	})
}

// watch returns when the key was copied, or its turn has lasted long enough, and whether it was copied.
func (t *turns) watch(key Key, longest time.Duration) bool {
	m := t.m
	ctx, until := m.follower.context(), m.hooks.Now().Add(longest)
	for pause := 5 * time.Millisecond; m.hooks.Sleep(ctx, m.hooks.Jitter(pause)) == nil; pause = min(2*pause, 50*time.Millisecond) {
		left := until.Sub(m.hooks.Now())
		if copied := t.copied(ctx, key, max(left, t.every())); copied || left <= 0 {
			return copied
		}
	}
	return false
}

// copied reports whether a key has no entry of its own, or one whose settle window began anew: writes of other instances that met after the
// copy. As far as the journal says so in time.
func (t *turns) copied(ctx context.Context, key Key, within time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	entry, unclean, err := t.m.journal.Lookup(ctx, key)
	return err == nil && (!unclean || entry.Key != key || entry.Active == 0 && entry.Settled < t.m.Settle())
}

// change replaces the map of the keys that are held.
func (t *turns) change(alter func(held map[Key]*turn)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	held := map[Key]*turn{}
	if now := t.held.Load(); now != nil {
		maps.Copy(held, *now)
	}
	alter(held)
	if len(held) == 0 {
		t.held.Store(nil)
		return
	}
	t.held.Store(&held)
}

// wait lets a key's turn pass before a write of it begins. Of a whole kind it lets those of all its keys pass.
func (t *turns) wait(ctx context.Context, keys ...Key) error {
	held := t.held.Load()
	if held == nil || t.m.hooks.Off.NoTurns {
		return nil
	}
	for _, key := range keys {
		for other, one := range *held {
			if other != key && (!key.Whole || other.Kind != key.Kind) {
				continue
			}
			if err := t.m.hooks.Await(ctx, one.over); err != nil {
				return err
			}
		}
	}
	return nil
}
