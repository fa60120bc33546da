package dualtest

import (
	"strings"

	"pgregory.net/rapid"
)

// T draws the arguments of one call, and keeps them for messages.
type T struct {
	*rapid.T
	names  []string
	values []any
}

// Draw draws an argument.
func Draw[V any](t *T, name string, values *rapid.Generator[V]) V {
	value := showing(values).Draw(t.T, name).value
	t.names, t.values = append(t.names, name), append(t.values, value)
	return value
}

// String lists the arguments that were drawn.
func (t *T) String() string {
	list := make([]string, len(t.names))
	for i, name := range t.names {
		list[i] = name + ": " + Show(t.values[i])
	}
	return strings.Join(list, ", ")
}

// shown is a value that rapid prints as people read it.
type shown[V any] struct{ value V }

// GoString implements fmt.GoStringer.
func (s shown[V]) GoString() string { return Show(s.value) }

// showing draws the same values.
func showing[V any](values *rapid.Generator[V]) *rapid.Generator[shown[V]] {
	return rapid.Map(values, func(value V) shown[V] { return shown[V]{value} })
}
