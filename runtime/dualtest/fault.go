package dualtest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// ErrInjected is the error of an injected fault that names no other.
var ErrInjected = errors.New("dualtest: injected fault")

// Operation is one call of a store, as a fault rule sees it.
type Operation struct {
	Store  string // the store's name
	Method string // such as "Put"
	Key    string // the entity's encoded key; empty for calls on many
}

// String writes the operation for traces: "new.Put(42)".
func (o Operation) String() string { return fmt.Sprintf("%s.%s(%s)", o.Store, o.Method, o.Key) }

// Call is an operation that a fault decides about.
type Call struct {
	Operation
	// Number counts the calls that the rule matched, from 1.
	Number int
	effect func(context.Context) error
	faults *Faults
}

// Effect lets the operation happen.
func (c *Call) Effect(ctx context.Context) error { return c.effect(ctx) }

// Later runs f in the background; [Faults.Wait] waits for it.
func (c *Call) Later(f func()) { c.faults.late.Go(f) }

// Fault decides what becomes of a call: whether and when it has its effect, and what its caller sees.
type Fault func(ctx context.Context, call *Call) error

// FailBefore returns err without effect. A nil err stands for [ErrInjected].
func FailBefore(err error) Fault {
	return func(context.Context, *Call) error { return orInjected(err) }
}

// FailAfter has the effect and returns err all the same, as a store does whose answer was lost.
func FailAfter(err error) Fault {
	return func(ctx context.Context, call *Call) error {
		return errors.Join(orInjected(err), call.Effect(ctx))
	}
}

// FailLate returns err at once and has the effect after delay, as a store does that finishes a request its client gave
// up on. The effect does not depend on the caller's context.
func FailLate(err error, delay time.Duration) Fault {
	return func(ctx context.Context, call *Call) error {
		ctx = context.WithoutCancel(ctx)
		call.Later(func() {
			time.Sleep(delay)
			_ = call.Effect(ctx) // nobody is left to hear of it
		})
		return orInjected(err)
	}
}

// FailUntil is [FailLate] with the effect when land is closed.
func FailUntil(err error, land <-chan struct{}) Fault {
	return func(ctx context.Context, call *Call) error {
		ctx = context.WithoutCancel(ctx)
		call.Later(func() {
			<-land
			_ = call.Effect(ctx) // nobody is left to hear of it
		})
		return orInjected(err)
	}
}

// PanicBefore panics with value without effect.
func PanicBefore(value any) Fault {
	return func(context.Context, *Call) error { panic(value) }
}

// PanicAfter has the effect and panics with value.
func PanicAfter(value any) Fault {
	return func(ctx context.Context, call *Call) error {
		_ = call.Effect(ctx) // the panic is what the caller sees
		panic(value)
	}
}

// Block waits until release is closed, then has the effect. A caller whose context ends first gets its error, and the
// call has no effect.
func Block(release <-chan struct{}) Fault {
	return func(ctx context.Context, call *Call) error {
		select {
		case <-release:
			return call.Effect(ctx)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Latency has the effect after delay. A caller whose context ends first gets its error, and the call has no effect.
func Latency(delay time.Duration) Fault {
	return func(ctx context.Context, call *Call) error {
		timer := time.NewTimer(delay)
		defer timer.Stop()
		select {
		case <-timer.C:
			return call.Effect(ctx)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Observe calls f with the operation, then has the effect. It is how a scheduler takes hold of every store call.
func Observe(f func(Operation)) Fault {
	return func(ctx context.Context, call *Call) error {
		f(call.Operation)
		return call.Effect(ctx)
	}
}

func orInjected(err error) error {
	if err == nil {
		return ErrInjected
	}
	return err
}

// Rule says which calls a fault strikes. Empty fields match every call.
type Rule struct {
	Store  string
	Method string
	Key    string
	// First and Last are the numbers of the matching calls to strike, counted from 1. Zero First stands for 1, zero Last
	// for no end.
	First, Last int
	Fault       Fault
}

func (r Rule) matches(o Operation) bool {
	return (r.Store == "" || r.Store == o.Store) && (r.Method == "" || r.Method == o.Method) && (r.Key == "" || r.Key == o.Key)
}

func (r Rule) strikes(number int) bool {
	return number >= r.First && (r.Last == 0 || number <= r.Last)
}

// Faults decides about the calls of one or several stores. The zero value injects none. It is safe for concurrent use.
type Faults struct {
	mu    sync.Mutex
	rules []*armed
	calls map[Operation]int // by store and method, Key left empty
	late  sync.WaitGroup
}

type armed struct {
	Rule
	seen   int
	struck int
}

// Add arms a rule. Of several rules that strike the same call, the one added last decides. The returned function
// disarms it and reports how many calls it struck.
func (f *Faults) Add(rule Rule) (remove func() int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	a := &armed{Rule: rule}
	f.rules = append(f.rules, a)
	return func() int {
		f.mu.Lock()
		defer f.mu.Unlock()
		for i, other := range f.rules {
			if other == a {
				f.rules = append(f.rules[:i:i], f.rules[i+1:]...)
				break
			}
		}
		return a.struck
	}
}

// Clear disarms every rule.
func (f *Faults) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rules = nil
}

// Calls counts the calls of one method of one store, whether or not they were struck.
func (f *Faults) Calls(store, method string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[Operation{Store: store, Method: method}]
}

// Wait returns when all late effects have landed.
func (f *Faults) Wait() { f.late.Wait() }

// Do runs one store call: effect, or what the rules make of it. A nil controller runs the effect.
func (f *Faults) Do(ctx context.Context, operation Operation, effect func(context.Context) error) error {
	if f == nil {
		return effect(ctx)
	}
	fault, number := f.choose(operation)
	if fault == nil {
		return effect(ctx)
	}
	return fault(ctx, &Call{Operation: operation, Number: number, effect: effect, faults: f})
}

func (f *Faults) choose(operation Operation) (chosen Fault, number int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.calls == nil {
		f.calls = make(map[Operation]int)
	}
	f.calls[Operation{Store: operation.Store, Method: operation.Method}]++
	var last *armed
	for _, rule := range f.rules {
		if !rule.matches(operation) {
			continue
		}
		rule.seen++
		if rule.strikes(rule.seen) {
			last = rule
		}
	}
	if last == nil {
		return nil, 0
	}
	last.struck++
	return last.Fault, last.seen
}
