package sqlcontrol

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"
)

// Listen follows the notifications of a Postgres channel on a connection of its own until ctx ends. It calls wake once it
// listens, and after each notification. It returns when its connection breaks; it is called again then. With pgx:
//
//	func(ctx context.Context, channel string, wake func()) error {
//		conn, err := pgx.Connect(ctx, dsn)
//		if err != nil {
//			return err
//		}
//		defer conn.Close(context.WithoutCancel(ctx))
//		if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{channel}.Sanitize()); err != nil {
//			return err
//		}
//		for {
//			wake()
//			if _, err := conn.WaitForNotification(ctx); err != nil {
//				return err
//			}
//		}
//	}
//
// A pooler that shares connections between transactions (PgBouncer) does not pass notifications on: connect past it.
type Listen func(ctx context.Context, channel string, wake func()) error

// listener wakes the watchers of the record.
type listener struct {
	mu     sync.Mutex
	woken  chan struct{} // closed at the next notification
	cancel context.CancelFunc
	done   chan struct{}
	closed bool
}

// channel is the Postgres channel on which changes of this migration's record are announced.
func (c *Control) channel() string { return c.prefix + c.options.Migration }

// Watch implements control.Control. It polls; with Listen, a change of the record ends the wait at once.
func (c *Control) Watch(ctx context.Context, revision uint64) error {
	woken := c.listening() // before the look: a change after it is announced on this channel
	var stored uint64
	err := c.get(ctx, "look at the flag record", &stored, `SELECT revision FROM {record} WHERE migration = {m}`)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if stored != revision {
		return nil
	}
	timer := time.NewTimer(c.options.Poll)
	defer timer.Stop()
	select {
	case <-woken:
		return nil
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// listening starts to listen if that is asked for, and returns the channel that the next notification closes; nil
// without Listen.
func (c *Control) listening() <-chan struct{} {
	if c.options.Listen == nil || c.dialect != Postgres {
		return nil
	}
	l := &c.listener
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.woken == nil {
		l.woken = make(chan struct{})
	}
	if l.cancel == nil && !l.closed {
		ctx, cancel := context.WithCancel(context.Background())
		l.cancel, l.done = cancel, make(chan struct{})
		go c.listen(ctx, l.done)
	}
	return l.woken
}

// listen keeps the user's Listen running. While it does not run, Watch polls.
func (c *Control) listen(ctx context.Context, done chan struct{}) {
	defer close(done)
	for ctx.Err() == nil {
		_ = c.options.Listen(ctx, c.channel(), c.listener.wake) // polling goes on, so that an error delays and loses nothing
		select {
		case <-ctx.Done():
		case <-time.After(c.options.Poll):
		}
	}
}

func (l *listener) wake() {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.woken)
	l.woken = make(chan struct{})
}

func (c *Control) stopListening() {
	l := &c.listener
	l.mu.Lock()
	cancel, done := l.cancel, l.done
	l.cancel, l.closed = nil, true
	l.mu.Unlock()
	if cancel != nil {
		cancel()
		<-done
	}
}
