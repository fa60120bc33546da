package dual

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
)

// maxRetries bounds the ends of tokens that wait to be tried again. Beyond it the tokens are left behind with their
// owner, whose lease then runs out.
const maxRetries = 4096

// retries repeats ends of tokens that failed, in the background and in order.
type retries struct {
	migration *Migration

	mu      sync.Mutex
	waiting []ending
	running bool
}

// ending is one end of a write's tokens.
type ending struct {
	keys   []Key
	tokens []journal.Token
	clean  bool
}

func newRetries(m *Migration) *retries { return &retries{migration: m} }

func (r *retries) len() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.waiting)
}

func (r *retries) add(a *attempt, clean bool) {
	e := ending{keys: a.keys, tokens: a.tokens, clean: clean}
	if a.keys == nil {
		e.keys, e.tokens = []Key{a.key}, []journal.Token{a.token}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.waiting) >= maxRetries {
		r.migration.follower.changeOwner(a.call.state.owner)
		return
	}
	r.waiting = append(r.waiting, e)
	if !r.running && !r.migration.hooks.Manual {
		r.running = true
		r.migration.hooks.Go(r.loop)
	}
}

func (r *retries) loop() {
	const shortest, longest = 10 * time.Millisecond, 2 * time.Second
	ctx := r.migration.follower.context()
	pause := shortest
	for {
		if err := r.migration.hooks.Sleep(ctx, pause); err != nil {
			return // closed: the leases run out
		}
		before := r.len()
		left := r.once(ctx)
		r.mu.Lock()
		if len(r.waiting) == 0 {
			r.running = false
			r.mu.Unlock()
			return
		}
		r.mu.Unlock()
		pause = min(2*pause, longest)
		if left < before {
			pause = shortest
		}
	}
}

// once tries what waits, until one fails, and returns how many are left.
func (r *retries) once(ctx context.Context) int {
	for {
		r.mu.Lock()
		if len(r.waiting) == 0 {
			r.mu.Unlock()
			return 0
		}
		e := r.waiting[0]
		r.mu.Unlock()
		if err := r.end(ctx, e); err != nil {
			return r.len()
		}
		r.mu.Lock()
		r.waiting = r.waiting[1:]
		r.mu.Unlock()
	}
}

// end tries one. A token that is gone needs no end: its key is dirty, or was copied meanwhile. An end that had its effect
// and failed nevertheless looks the same, which costs a copy at worst.
func (r *retries) end(ctx context.Context, e ending) error {
	ctx, cancel := context.WithTimeout(ctx, r.migration.config.MirrorTimeout)
	defer cancel()
	err := r.migration.journal.EndMany(ctx, e.keys, e.tokens, e.clean)
	if errors.Is(err, journal.ErrTokenLost) {
		return nil
	}
	if err != nil {
		r.migration.journalFailed.Add(1)
	}
	return err
}
