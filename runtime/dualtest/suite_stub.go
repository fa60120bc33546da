package dualtest

import (
	"context"
	"slices"
	"sync"

	"pgregory.net/rapid"
)

// Stub stands behind a store that does nothing: its calls are kept in order, and some are made to fail.
type Stub struct {
	name   string // of the store
	faults *Faults
	calls  *callLog
}

// callLog keeps the calls of several stubs in their order. It is safe for concurrent use.
type callLog struct {
	mu    sync.Mutex
	calls []string // "old.Save"
}

func (l *callLog) add(call string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = append(l.calls, call)
}

// take returns the calls since the last take.
func (l *callLog) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	calls := l.calls
	l.calls = nil
	return slices.Clip(calls)
}

// Do is what a method without results does in a stub.
func (s *Stub) Do(method string) error {
	s.calls.add(s.name + "." + method)
	return s.faults.Do(context.Background(), Operation{Store: s.name, Method: method},
		func(context.Context) error { return nil })
}

// Answer is what a method does in a stub: it returns some value, or the zero value and the error of a fault.
func Answer[V any](stub *Stub, method string, some *rapid.Generator[V]) (value V, err error) {
	if err := stub.Do(method); err != nil {
		return value, err
	}
	for seed := 1; seed <= 16; seed++ { // a list that has something in it tells more than an empty one
		if value = some.Example(seed); !empty(value) {
			return value, nil
		}
	}
	return some.Example(1), nil
}
