package dualtest

import (
	"context"
	"errors"
	"reflect"
	"slices"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/stretchr/testify/assert"
)

// Suite tests one generated wrapper. The tests that dualgen generates fill it and call its methods.
type Suite[R any] struct {
	// Name is the repository interface's.
	Name string
	// Files are what a record of the laws is about.
	Files Files
	// Steps are the methods that can be called with arguments drawn at random.
	Steps []Step[R]
	// Transactions are the methods that run a function in a transaction.
	Transactions []Transaction[R]
	// Errors are those that the interface's callers tell apart: two stores must agree on them.
	Errors []error
	// Kinds are the kinds of entities that the wrapper copies, or would copy if it could.
	Kinds []Kind
	// Undrawn are the methods that take no part, since nothing draws their arguments.
	Undrawn []dual.MethodInfo
	// Wrap makes the wrapper over two stores.
	Wrap func(old, new R, migration *dual.Migration) R
	// Stub makes a store whose methods do nothing but be counted, and fail when they are told to.
	Stub func(stub *Stub) R
}

// Step is one method of a repository.
type Step[R any] struct {
	info      dual.MethodInfo
	errorless bool
	made      bool
	lists     bool
	lister    string
	draw      func(t *T) func(ctx context.Context, store R) outcome
}

// outcome is what one call came to.
type outcome struct {
	values any
	err    error
	// differ compares the values with another outcome's of the same step.
	differ func(other any) []dual.Difference
}

// Doing is the step of a method without results besides the error: draw chooses the arguments and returns the call with
// them, which may run on several stores.
func Doing[R any](info dual.MethodInfo, draw func(t *T) func(ctx context.Context, store R) error) Step[R] {
	return Step[R]{info: info, draw: func(t *T) func(context.Context, R) outcome {
		call := draw(t)
		return func(ctx context.Context, store R) outcome {
			return outcome{err: call(ctx, store), differ: func(any) []dual.Difference { return nil }}
		}
	}}
}

// Answering is Doing for a method with results. They are compared by diff, or where it is nil by deep equality.
func Answering[R, V any](info dual.MethodInfo, diff func(a, b V) []dual.Difference,
	draw func(t *T) func(ctx context.Context, store R) (V, error)) Step[R] {
	if diff == nil {
		diff = equal[V]
	}
	return Step[R]{info: info, draw: func(t *T) func(context.Context, R) outcome {
		call := draw(t)
		return func(ctx context.Context, store R) outcome {
			values, err := call(ctx, store)
			return outcome{values, err, func(other any) []dual.Difference { return diff(values, other.(V)) }}
		}
	}}
}

// WithoutError is the step of a method that returns no error.
func (s Step[R]) WithoutError() Step[R] {
	s.errorless = true
	return s
}

// MakesKeys is the step of a method whose entity's key the store may make, and which answers with it. Where two stores make
// different ones, they cannot be compared any further.
func (s Step[R]) MakesKeys() Step[R] {
	s.made = true
	return s
}

// Lists is the step of a write whose keys are listed in the primary before it: by that method, or, if it is "", by a function
// that may call any.
func (s Step[R]) Lists(method string) Step[R] {
	s.lists, s.lister = true, method
	return s
}

// equal is deep equality. A nil and an empty list are equal: most stores cannot tell them apart in a result.
func equal[V any](a, b V) []dual.Difference {
	if assert.ObjectsAreEqual(a, b) || empty(a) && empty(b) {
		return nil
	}
	return []dual.Difference{{Old: a, New: b}}
}

func empty(v any) bool {
	value := reflect.ValueOf(v)
	kind := value.Kind()
	return (kind == reflect.Slice || kind == reflect.Map) && value.Len() == 0
}

// whose are two outcomes of one call.
type whose [2]string

var (
	ofStores  = whose{"from the old store", "from the new"}
	ofWrapper = whose{"from the old store", "from the wrapper"}
	ofTimes   = whose{"before", "after"}
)

// differ writes what both have.
func (w whose) differ(a, b string) string { return a + " " + w[0] + ", " + b + " " + w[1] }

// disagree says how two outcomes of one step differ and which law that breaks, or "".
func (s Suite[R]) disagree(a, b outcome, of whose) (Law, string) {
	errors := func() (Law, string) {
		return errorsAlike, of.differ(showError(a.err, s.Errors), showError(b.err, s.Errors))
	}
	if (a.err == nil) != (b.err == nil) {
		return errors()
	}
	for _, known := range s.Errors {
		if is(a.err, known) != is(b.err, known) {
			return errors()
		}
	}
	if a.err != nil {
		return Law{}, ""
	}
	for _, d := range a.differ(b.values) {
		return answersAlike, path(d.Path) + ": " + of.differ(Show(d.Old), Show(d.New))
	}
	return Law{}, ""
}

// unknown is the error of a call if it is none of those that callers tell apart: then it says nothing of what the store holds.
func (s Suite[R]) unknown(step Step[R], err error) error {
	if slices.ContainsFunc(s.Errors, func(known error) bool { return is(err, known) }) || step.info.Absent != nil && err != nil && step.info.Absent(err) {
		return nil
	}
	return err
}

// is reports whether an error is a known one. An error that is not comparable is none.
func is(err, known error) bool { return known != nil && errors.Is(err, known) }
