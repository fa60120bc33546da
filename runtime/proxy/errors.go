package proxy

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/runtime/dual"
)

// always are known to every client and server.
var always = []Known{
	{"context.Canceled", context.Canceled}, {"context.DeadlineExceeded", context.DeadlineExceeded},
	{"dual.ErrNotReady", dual.ErrNotReady}, {"dual.ErrClosed", dual.ErrClosed}, {"dual.ErrReadOnly", dual.ErrReadOnly},
	{"dual.ErrStopped", dual.ErrStopped}, {"dual.ErrLeaseLost", dual.ErrLeaseLost}, {"dual.ErrEvicted", dual.ErrEvicted},
	{"dual.ErrJournalUnavailable", dual.ErrJournalUnavailable}, {"dual.ErrJournalLost", dual.ErrJournalLost},
	{"dual.ErrKindUnproved", dual.ErrKindUnproved}, {"dual.ErrOtherShape", dual.ErrOtherShape},
	{"dual.ErrOtherStores", dual.ErrOtherStores}, {"dual.ErrAhead", dual.ErrAhead}, {"dual.ErrUntimed", dual.ErrUntimed},
	{"dual.ErrBothSides", dual.ErrBothSides}, {"dual.ErrUnknown", dual.ErrUnknown}, {"dual.ErrBusy", dual.ErrBusy},
	{"dual.ErrStaleCursor", dual.ErrStaleCursor}, {"dual.ErrNoEntity", dual.ErrNoEntity},
	{"proxy.ErrNotSent", ErrNotSent}, {"proxy.ErrUnknown", ErrUnknown}, {"proxy.ErrShape", ErrShape}, {"proxy.ErrNotCarried", ErrNotCarried},
}

// faultOf is an error as it is sent.
func faultOf(err error, known []Known) *fault {
	if err == nil {
		return nil
	}
	f := &fault{Text: err.Error()}
	for _, k := range known {
		if errors.Is(err, k.Err) {
			f.Is = append(f.Is, k.Name)
		}
	}
	return f
}

// err is the error as the caller gets it.
func (f *fault) err(known []Known) error {
	if f == nil {
		return nil
	}
	e := &remoteError{text: f.Text}
	for _, name := range f.Is {
		for _, k := range known {
			if k.Name == name {
				if len(f.Is) == 1 && k.Err.Error() == f.Text {
					return k.Err // so that == serves who does not ask with errors.Is
				}
				e.is = append(e.is, k.Err)
			}
		}
	}
	return e
}

// remoteError is an error of the server's process.
type remoteError struct {
	text string
	is   []error
}

// Error is the text that the error has there.
func (e *remoteError) Error() string { return e.text }

// Unwrap returns the known errors that it is.
func (e *remoteError) Unwrap() []error { return e.is }
