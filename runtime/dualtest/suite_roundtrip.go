package dualtest

import (
	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/runtime/dual"
)

// RoundTrip tests a pair of conversions: what a value becomes in a store's own type and back must not differ from it, in
// any field and by any value, except by what the comparison allows for. A value that a store cannot hold must be refused
// with an error; it must not come back changed.
func RoundTrip[E, Row any](t rapid.TB, values *rapid.Generator[E],
	to func(E) (Row, error), from func(Row) (E, error), diff func(a, b E) []dual.Difference) {
	t.Helper()
	refused, checked := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		value := showing(values).Draw(t, "value").value
		checked++
		row, err := to(value)
		if err != nil {
			refused++
			return
		}
		back, err := from(row)
		if err != nil {
			t.Fatalf("the row was made, but does not convert back: %v\nvalue: %s\nrow:   %s", err, Show(value), Show(row))
		}
		for _, d := range diff(value, back) {
			t.Errorf("%s does not survive: %s became %s", path(d.Path), Show(d.Old), Show(d.New))
		}
	})
	if refused == checked {
		t.Errorf("every one of %d values was refused: name a generator that makes values both stores can hold", checked)
	}
}

// Sure makes a conversion that cannot fail one that never does.
func Sure[A, B any](convert func(A) B) func(A) (B, error) {
	return func(a A) (B, error) { return convert(a), nil }
}
