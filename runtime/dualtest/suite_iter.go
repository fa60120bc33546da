package dualtest

import (
	"iter"
	"strconv"

	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/runtime/dual"
)

// Sequence is what a method of a stub returns for an iterator with errors: it is called when the iteration begins, and
// yields one value, or the error of a fault.
func Sequence[V any](stub *Stub, method string, some *rapid.Generator[V]) iter.Seq2[V, error] {
	return func(yield func(V, error) bool) { yield(Answer(stub, method, some)) }
}

// Items is Sequence for an iterator without errors.
func Items[V any](stub *Stub, method string, some *rapid.Generator[V]) iter.Seq[V] {
	return func(yield func(V) bool) {
		if value, err := Answer(stub, method, some); err == nil {
			yield(value)
		}
	}
}

// Collect takes everything that an iterator yields, up to its first error.
func Collect[V any](sequence iter.Seq2[V, error]) ([]V, error) {
	var all []V
	for value, err := range sequence {
		if err != nil {
			return nil, err
		}
		all = append(all, value)
	}
	return all, nil
}

// Each compares lists element by element.
func Each[V any](diff func(a, b V) []dual.Difference) func(a, b []V) []dual.Difference {
	return func(a, b []V) []dual.Difference {
		if len(a) != len(b) {
			return []dual.Difference{{Path: "length", Old: len(a), New: len(b)}}
		}
		var all []dual.Difference
		for i := range a {
			for _, d := range diff(a[i], b[i]) {
				d.Path = "[" + strconv.Itoa(i) + "]." + d.Path
				all = append(all, d)
			}
		}
		return all
	}
}
