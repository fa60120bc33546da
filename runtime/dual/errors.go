package dual

import (
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/dualgen/dualgen/runtime/control"
)

// Why a call was refused, or what became of it. Test with errors.Is; errors.As with *CallError tells which call.
var (
	// ErrNotReady: this instance has not seen the flag record yet, or there is none. Nothing was done.
	ErrNotReady = errors.New("dualgen: no phase has been seen yet")
	// ErrClosed: the migration was closed. Nothing was done.
	ErrClosed = errors.New("dualgen: the migration is closed")
	// ErrReadOnly: writes are frozen. Nothing was done.
	ErrReadOnly = errors.New("dualgen: read-only while the migration is frozen")
	// ErrStopped: all calls are frozen. Nothing was done.
	ErrStopped = errors.New("dualgen: stopped while the migration is frozen")
	// ErrLeaseLost: this instance could not renew its lease, and the fleet may have gone on without it. A write that fails
	// with it alone was not made; one that was made is ErrUnknown too.
	ErrLeaseLost = errors.New("dualgen: this instance's lease ran out")
	// ErrEvicted: an operator evicted this instance. Nothing was done.
	ErrEvicted = control.ErrEvicted
	// ErrJournalUnavailable: a guarded phase cannot do without the journal. Nothing was done.
	ErrJournalUnavailable = errors.New("dualgen: the journal cannot be reached")
	// ErrJournalLost: the journal lost its memory while the fleet was crossing from one store to the other, and nobody knows
	// which store is right. Nothing was done. An operator decides: control.Coordinator.Recover.
	ErrJournalLost = errors.New("dualgen: the journal lost its memory during the crossing")
	// ErrKindUnproved: this instance has an entity kind that the fleet did not know of when reads moved to the other store, so
	// that nobody has looked whether that store has its entities. Nothing was done. See Status.Note.
	ErrKindUnproved = errors.New("dualgen: an entity kind was not copied and verified before reads moved to the other store")
	// ErrOtherShape: this instance is of another build than the one that was verified: it knows other fields of an entity, and
	// the fleet is in a phase in which they may come from the store that was proved without them. Nothing was done. See
	// Status.Note.
	ErrOtherShape = errors.New("dualgen: this build knows other fields of an entity than the one that was verified")
	// ErrOtherStores: this instance's stores are not those of the fleet, or it has them the other way round. Nothing was done.
	// See Status.Note.
	ErrOtherStores = errors.New("dualgen: this instance's stores are not the fleet's")
	// ErrAhead: the key's own time is further ahead than the migration's lead, counted from when this instance last read the
	// flag record. Nothing was done. See Settings.Lead.
	ErrAhead = errors.New("dualgen: the key's time is further ahead than the lead of the migration")
	// ErrUntimed: there is a cutoff, and the method cannot tell on which side of it its keys are. Nothing was done.
	ErrUntimed = errors.New("dualgen: there is a cutoff, and the method cannot tell the time of its keys")
	// ErrBothSides: the keys of one call lie on both sides of the cutoff. Nothing was done; make a call for each side.
	ErrBothSides = errors.New("dualgen: the keys lie on both sides of the cutoff")
	// ErrUnknown: the write was made, but too late to be sure that the fleet takes notice of it. It may stay or vanish.
	ErrUnknown = errors.New("dualgen: the write's outcome is unknown")
	// ErrBusy: the keys of one write are unclean in opposite directions and stayed so, or a transaction met one that is
	// unclean in the other direction than its own. Nothing was done, and it may be tried again.
	ErrBusy = errors.New("dualgen: the keys are being reconciled")
	// ErrStaleCursor: the page that a cursor continues was made by the store that reads do not ask now. Nothing was done. The
	// caller starts again from the first page.
	ErrStaleCursor = errors.New("dualgen: the page was made by the store that reads no longer ask: start again from the first page")
	// ErrNoEntity: a mirror that copies met a kind for which AddEntity was not called.
	ErrNoEntity = errors.New("dualgen: no entity of this kind was added to the migration")
)

// CallError says which call an error of this package belongs to. Errors of the stores reach the caller as they are.
type CallError struct {
	Method string
	Key    Key // the zero Key where the call was refused before its key was known
	Phase  Phase
	Err    error
}

// Error names the method and the phase. It leaves the key's ID out, which may be personal data.
func (e *CallError) Error() string {
	if e.Phase.Valid() {
		return fmt.Sprintf("%s in %v: %v", e.Method, e.Phase, e.Err)
	}
	return fmt.Sprintf("%s: %v", e.Method, e.Err)
}

// Unwrap returns the cause.
func (e *CallError) Unwrap() error { return e.Err }

// PanicError is what a panic in a mirror becomes.
type PanicError struct {
	Value any
	Stack []byte
}

// Error shows the panic's value.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Must is the answer of a call whose method has no error to return: it panics with the runtime's.
func Must[V any](value V, err error) V {
	if err != nil {
		panic(err)
	}
	return value
}

// panicked is the error of a panic that was recovered from just now.
func panicked(value any) error { return &PanicError{Value: value, Stack: debug.Stack()} }

// recoverTo turns a panic into an error. It is deferred itself, as recover demands.
func recoverTo(err *error) {
	if value := recover(); value != nil {
		*err = panicked(value)
	}
}

// fail wraps an error with the call it belongs to.
func (c *Call) fail(key Key, errs ...error) error {
	err := errs[0]
	if len(errs) > 1 {
		err = fmt.Errorf("%w: %w", errs[0], errors.Join(errs[1:]...))
	}
	return &CallError{Method: c.method.info.Name, Key: key, Phase: c.state.phase, Err: err}
}
