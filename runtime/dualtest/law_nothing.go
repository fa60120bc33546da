package dualtest

import (
	"context"
	"maps"
	"reflect"
	"slices"

	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/runtime/dual"
)

// called notes a call of a method and its error, which is nil for one that callers know. It reports whether the call was answered.
func (b *book) called(method string, err error) bool {
	b.calls[method]++
	if err == nil {
		return true
	}
	b.failed[method]++
	b.why[method] = err
	return false
}

// demandAny fails the test where it has tested nothing: stores of which every call fails are alike, whatever they are.
func (b *book) demandAny(t rapid.TB) {
	t.Helper()
	calls, failed := 0, 0
	for _, method := range slices.Sorted(maps.Keys(b.calls)) {
		calls, failed = calls+b.calls[method], failed+b.failed[method]
	}
	puts := 0
	for kind, tried := range b.tried {
		puts += tried - b.refused[kind]
	}
	switch {
	case len(b.tested) == 0:
		t.Fatalf("nothing was tested: no law could be tried of anything, as is said above")
	case calls >= enoughTries && calls == failed && puts == 0:
		method := slices.Sorted(maps.Keys(b.failed))[0]
		t.Fatalf("nothing was tested: all %d calls failed, those of %s with %q", calls, method, b.why[method])
	}
}

// same reports whether two stores are one value. Pointers to types without a size may be equal though they are not one.
func same[R any](old, new R) bool {
	a, b := reflect.ValueOf(&old).Elem(), reflect.ValueOf(&new).Elem()
	for a.Kind() == reflect.Interface {
		a, b = a.Elem(), b.Elem()
	}
	return a.Kind() == reflect.Pointer && b.Kind() == reflect.Pointer && !a.IsNil() && a.Type() == b.Type() &&
		a.Type().Elem().Size() > 0 && a.Pointer() == b.Pointer()
}

// elsewhere reports whether the store that is not under test has an entity.
func elsewhere[R any](r *lawRun[R], kind lawKind, key dual.Key) bool {
	_, found, err := kind.copier.Row(context.Background(), r.at.Other(), key)
	return found && err == nil
}

// failOneStore fails the test: what is compared with itself is always alike.
func failOneStore(t *rapid.T, what string) {
	t.Fatalf("nothing would be tested: %s\n\teach call of open must return two empty stores that nothing else uses: give each a database, "+
		"a schema or a table prefix of its own", what)
}
