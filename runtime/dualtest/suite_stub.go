package dualtest

import (
	"context"
	"reflect"
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

// callLog keeps the calls of several stubs in their order, and what they answered. It is safe for concurrent use.
type callLog struct {
	mu      sync.Mutex
	calls   []string       // "old.Save"
	answers map[string]any // by method
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

// Answer is what a method does in a stub: it returns some value, or the zero value and the error of a fault. A method
// answers the same each time, in both stores.
func Answer[V any](stub *Stub, method string, some *rapid.Generator[V]) (value V, err error) {
	if err := stub.Do(method); err != nil {
		return value, err
	}
	if !copies(reflect.TypeFor[V](), nil) {
		return fuller(some), nil
	}
	return deep(stub.calls.answer(method, func() any { return fuller(some) }).(V)), nil
}

// answer returns what a method answered first: a generator that reads the clock would draw another value each time.
func (l *callLog) answer(method string, draw func() any) any {
	l.mu.Lock()
	defer l.mu.Unlock()
	kept, ok := l.answers[method]
	if !ok {
		kept = draw()
		if l.answers == nil {
			l.answers = map[string]any{}
		}
		l.answers[method] = kept
	}
	return kept
}

// fuller draws a value that has something in it where some do: such a list tells more than an empty one.
func fuller[V any](some *rapid.Generator[V]) V {
	for seed := 1; seed <= 16; seed++ {
		if value := some.Example(seed); !empty(value) {
			return value
		}
	}
	return some.Example(1)
}
