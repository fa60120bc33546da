package sqlcontrol

import (
	"context"
	"sync"
	"time"
)

// lazyTimeout bounds one statement that ends tokens behind the callers' backs.
const lazyTimeout = 10 * time.Second

const (
	// maxWaiting bounds the endings that wait; beyond it, End waits for the database itself.
	maxWaiting = 10_000
	// gathering is how long endings wait for others to share their statement and its commit, unless a call on one of
	// their keys waits for it, or a statement is full.
	gathering = 5 * time.Millisecond
)

// lazy ends tokens after their callers were answered, many in one statement.
//
// The caller of such an End is not told that the token was taken away. It need not be told: an End is taken here only
// while the owner's lease runs by this process' own clock, so before anybody could take the token away. Whatever copies
// the key after that copies what this call wrote.
type lazy struct {
	journal *Journal

	mu      sync.Mutex
	waiting []ending
	keys    map[row]bool  // of those that wait or are being ended
	flushed chan struct{} // closed when the batch that is being ended has ended
	hurry   chan struct{} // has room for one: somebody waits, or there is enough
	running bool
	stopped bool
}

func newLazy(j *Journal) *lazy {
	return &lazy{journal: j, keys: make(map[row]bool), flushed: make(chan struct{}), hurry: make(chan struct{}, 1)}
}

// add takes endings over, all or none.
func (l *lazy) add(endings ...ending) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped || len(l.waiting)+len(endings) > maxWaiting {
		return false
	}
	for _, e := range endings {
		if !l.journal.leases.surely(e.token.Owner) {
			return false
		}
	}
	for _, e := range endings {
		l.keys[e.row] = true
	}
	l.waiting = append(l.waiting, endings...)
	if len(l.waiting) >= batch {
		l.noDelay()
	}
	if !l.running {
		l.running = true
		go l.run()
	}
	return true
}

// settle, which may be called without a lazy, waits until no earlier token of this process on the key is about to be ended: the next call would overlap it.
func (l *lazy) settle(ctx context.Context, r row) error {
	for l != nil {
		l.mu.Lock()
		pending, flushed := l.keys[r], l.flushed
		l.mu.Unlock()
		if !pending {
			return nil
		}
		l.noDelay()
		select {
		case <-flushed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// noDelay has what waits ended now.
func (l *lazy) noDelay() {
	select {
	case l.hurry <- struct{}{}:
	default:
	}
}

// gather waits until a batch is worth its statement.
func (l *lazy) gather() {
	timer := time.NewTimer(gathering)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-l.hurry:
	}
}

// run ends what waits, batch after batch, until nothing waits.
func (l *lazy) run() {
	for {
		l.gather()
		l.mu.Lock()
		batch := l.waiting
		l.waiting = nil
		if len(batch) == 0 {
			l.running = false
			l.mu.Unlock()
			return
		}
		l.mu.Unlock()
		l.flush(batch)
		l.mu.Lock()
		l.keys = make(map[row]bool, len(l.waiting))
		for _, e := range l.waiting {
			l.keys[e.row] = true
		}
		close(l.flushed)
		l.flushed = make(chan struct{})
		l.mu.Unlock()
	}
}

// flush ends a batch. What fails is a stray from now on, and its key turns dirty with the next Renew.
func (l *lazy) flush(batch []ending) {
	ctx, cancel := context.WithTimeout(context.Background(), lazyTimeout)
	defer cancel()
	_ = l.journal.endAll(ctx, batch)
}

// stopLazy ends what waits, and makes further Ends wait for the database.
func (j *Journal) stopLazy(ctx context.Context) error {
	l := j.lazy
	if l == nil {
		return nil
	}
	for {
		l.mu.Lock()
		l.stopped = true
		running, flushed := l.running && len(l.keys) > 0, l.flushed
		l.mu.Unlock()
		if !running {
			return nil
		}
		l.noDelay()
		select {
		case <-flushed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
