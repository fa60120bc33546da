package dual

import (
	"context"
	"errors"
	"time"
)

// Observer is told how long calls and stores took: see package telemetry for those that are ready-made.
type Observer interface {
	// Method is called once for each method that a wrapper adds to the migration, and returns who is told of its calls. nil
	// means nobody.
	Method(info MethodInfo) MethodObserver
}

// MethodObserver is told of one method's calls. Its functions run in the caller's goroutine, or in that of the mirror's leg: they
// are safe for concurrent use, and do not wait.
type MethodObserver interface {
	// ObserveCall is told how long a caller waited for the answer, and with which error it ended. Calls that Begin refused are
	// not told of (Stats counts them), nor are methods that run on the primary alone, and calls inside a transaction.
	ObserveCall(ctx context.Context, took time.Duration, class ErrorClass)
	// ObserveStore is told how long one store took for its part of a call. A mirror that copies takes as long as the copy. The
	// reads of a comparison are the mirror's.
	ObserveStore(ctx context.Context, took time.Duration, store Store, role Role, class ErrorClass)
}

// Role is a store's part in one call.
type Role uint8

// The roles.
const (
	RolePrimary Role = iota // it decides the call's answer
	RoleMirror              // it follows
	Roles                   // how many there are
)

// String returns the role's name.
func (r Role) String() string {
	if r == RolePrimary {
		return "primary"
	}
	return "mirror"
}

// ErrorClass says of an error what those who watch a service have to know.
type ErrorClass uint8

// The classes.
const (
	ErrorNone     ErrorClass = iota // no error, or one that says that there is no such entity
	ErrorRefused                    // the store does not accept the call for what it is, such as a violated constraint
	ErrorTimeout                    // a deadline passed
	ErrorCanceled                   // the caller gave up
	ErrorProtocol                   // an error of this package, such as ErrJournalUnavailable: *CallError
	ErrorOther                      // any other error of a store
	ErrorClasses                    // how many there are
)

var errorClasses = [ErrorClasses]string{"none", "refused", "timeout", "canceled", "protocol", "other"}

// String returns the class's name.
func (c ErrorClass) String() string {
	if c < ErrorClasses {
		return errorClasses[c]
	}
	return "other"
}

// deaf is told of everything, and keeps nothing.
type deaf struct{}

func (deaf) ObserveCall(context.Context, time.Duration, ErrorClass) {}

func (deaf) ObserveStore(context.Context, time.Duration, Store, Role, ErrorClass) {}

// observerOf returns who is told of a method's calls.
func (c *Config) observerOf(info MethodInfo) MethodObserver {
	if c.Observer != nil {
		if o := c.Observer.Method(info); o != nil {
			return o
		}
	}
	return deaf{}
}

// start returns the moment, or 0 where nobody observes.
func (c *Call) start() time.Duration {
	if c.mode&modeObserved == 0 {
		return 0
	}
	return c.clock()
}

// sent is the moment at which a read is sent to its store: its beginning, where it did not ask the journal.
func (c *Call) sent(since time.Duration) time.Duration {
	if since == 0 || !c.state.guarded {
		return since
	}
	return c.start()
}

// clock is the time since the migration began. It is never 0, and reads the monotonic clock alone.
func (c *Call) clock() time.Duration { return time.Since(c.state.migration.began) + 1 }

// took tells how long a store took since start, if that observed.
func (c *Call) took(ctx context.Context, since time.Duration, store Store, role Role, err error) {
	if since != 0 {
		c.tellStore(ctx, since, store, role, err)
	}
}

func (c *Call) tellStore(ctx context.Context, since time.Duration, store Store, role Role, err error) {
	took, class := c.clock()-since, c.classOf(err)
	c.method.observer.ObserveStore(ctx, took, store, role, class)
	if role == RolePrimary {
		c.guard(took, store, class)
	}
}

// guard counts, while there is a canary, the answer of the store that decided.
func (c *Call) guard(took time.Duration, store Store, class ErrorClass) {
	if c.mode&modeCanary != 0 {
		failed := class == ErrorRefused || class == ErrorTimeout || class == ErrorOther
		c.state.migration.canary.Count(c.state.epoch, store, failed, took > c.state.settings.MaxCanaryP99())
	}
}

// answered tells how long the caller waited since start, if that observed, and returns the error.
func (c *Call) answered(ctx context.Context, since time.Duration, err error) error {
	if since != 0 {
		c.tellCall(ctx, since, err)
	}
	return err
}

func (c *Call) tellCall(ctx context.Context, since time.Duration, err error) {
	c.method.observer.ObserveCall(ctx, c.clock()-since, c.classOf(err))
}

// classOf classifies the error of a call, or of a store.
func (c *Call) classOf(err error) ErrorClass {
	if err == nil {
		return ErrorNone
	}
	info := &c.method.info
	_, own := errors.AsType[*CallError](err)
	timeout, times := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	switch {
	case own:
		return ErrorProtocol
	case info.Absent != nil && info.Absent(err):
		return ErrorNone
	case errors.Is(err, context.Canceled):
		return ErrorCanceled
	case errors.Is(err, context.DeadlineExceeded) || times && timeout.Timeout():
		return ErrorTimeout
	case info.NoEffect != nil && info.NoEffect(err) || refusalOf(err, c.state.migration.refuses) != notRefused:
		return ErrorRefused
	}
	return ErrorOther
}

// absence leaves out an error that says that there is no such entity: no store failed.
func absence[A, V any](reading *Reading[A, V], value V, err error) error {
	if err != nil && reading != nil && reading.Absent != nil && reading.Absent(value, err) {
		return nil
	}
	return err
}
