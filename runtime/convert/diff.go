package convert

import (
	"bytes"
	"cmp"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
)

// Within puts the name of a field before the path of each difference inside it.
func Within(field string, differences []dual.Difference) []dual.Difference {
	for i := range differences {
		differences[i].Path = join(field, differences[i].Path)
	}
	return differences
}

// DiffSame compares with ==. Its difference has no path: the value as a whole.
func DiffSame[T comparable](a, b T) []dual.Difference {
	if a == b {
		return nil
	}
	return []dual.Difference{{Old: a, New: b}}
}

// SameFloat is a == b, and NaN equals NaN.
func SameFloat[T Float](a, b T) bool { return a == b || a != a && b != b }

// SameBytes compares bytes. nil and empty are equal: stores do not keep them apart.
func SameBytes[T ~[]byte](a, b T) bool { return bytes.Equal(a, b) }

// SameTime says whether two times are one instant, or less than a precision apart (0 for exactly one instant): one store may
// round to the unit, or cut off at it, while the other keeps all. Where one rounds and the other cuts off at the same unit, they
// may be that unit apart.
func SameTime(a, b time.Time, precision time.Duration) bool {
	return a.Equal(b) || a.Sub(b).Abs() < precision
}

// SameDuration says whether two durations are the same, or less than a unit apart (0 for exactly the same).
func SameDuration(a, b, unit time.Duration) bool {
	return a == b || a > b && apart(b, a) < uint64(unit) || a < b && apart(a, b) < uint64(unit)
}

// SameUnits says whether two integers are the same, or less than a unit apart: numbers that count a time, which one of the
// stores keeps in coarser units.
func SameUnits[T Integer](a, b T, unit int64) bool {
	return a == b || apart(min(a, b), max(a, b)) < uint64(unit)
}

// apart is the distance of two integers, of which low is not the greater.
func apart[T Integer](low, high T) uint64 { return uint64(high) - uint64(low) }

// DiffPointers compares what two pointers point to. nil equals only nil.
func DiffPointers[T any](a, b *T, diff func(a, b T) []dual.Difference) []dual.Difference {
	switch {
	case a == b:
		return nil
	case a == nil || b == nil:
		return []dual.Difference{{Old: shown(a), New: shown(b)}}
	default:
		return diff(*a, *b)
	}
}

// Had is what a getter gave that can fail.
type Had[T any] struct {
	value T
	err   error
}

// Got keeps what a getter gave, for DiffGot.
func Got[T any](value T, err error) Had[T] { return Had[T]{value, err} }

// DiffGot compares what two getters gave. One that failed is a difference, also where both did: nobody knows what they hold.
func DiffGot[T any](a, b Had[T], diff func(a, b T) []dual.Difference) []dual.Difference {
	if a.err != nil || b.err != nil {
		return []dual.Difference{{Old: a.shown(), New: b.shown()}}
	}
	return diff(a.value, b.value)
}

func (h Had[T]) shown() any {
	if h.err != nil {
		return h.err.Error()
	}
	return h.value
}

// shown is what a pointer points to; a nil pointer is nil.
func shown[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// DiffSlices compares two slices element by element. nil and empty are equal: stores do not keep them apart. Slices of
// different length differ as a whole.
func DiffSlices[T any](a, b []T, diff func(a, b T) []dual.Difference) []dual.Difference {
	if len(a) != len(b) {
		return []dual.Difference{{Old: a, New: b}}
	}
	var all []dual.Difference
	for i := range a {
		if found := diff(a[i], b[i]); len(found) > 0 {
			all = append(all, Within(indexPath(i), found)...)
		}
	}
	return all
}

// DiffUnordered compares two slices without regard to order: each element of one must equal an element of the other, and
// be used up by it. Slices that differ do so as a whole. The cost is quadratic where the order differs.
func DiffUnordered[T any](a, b []T, diff func(a, b T) []dual.Difference) []dual.Difference {
	whole := []dual.Difference{{Old: a, New: b}}
	if len(a) != len(b) {
		return whole
	}
	rest := slices.Clone(b)
	for _, x := range a {
		i := slices.IndexFunc(rest, func(y T) bool { return len(diff(x, y)) == 0 })
		if i < 0 {
			return whole
		}
		rest = slices.Delete(rest, i, i+1)
	}
	return nil
}

// DiffSets compares two slices as sets: order and repeated elements do not count.
func DiffSets[T any](a, b []T, diff func(a, b T) []dual.Difference) []dual.Difference {
	if within(a, b, diff) && within(b, a, diff) {
		return nil
	}
	return []dual.Difference{{Old: a, New: b}}
}

func within[T any](a, b []T, diff func(a, b T) []dual.Difference) bool {
	for _, x := range a {
		if !slices.ContainsFunc(b, func(y T) bool { return len(diff(x, y)) == 0 }) {
			return false
		}
	}
	return true
}

// DiffMaps compares two maps key by key. nil and empty are equal: stores do not keep them apart. A key that one of them
// does not have is a difference, with nil for its missing value.
func DiffMaps[K comparable, T any](a, b map[K]T, diff func(a, b T) []dual.Difference) []dual.Difference {
	var all []dual.Difference
	for k, x := range a {
		y, ok := b[k]
		if !ok {
			all = append(all, dual.Difference{Path: keyPath(k), Old: x})
		} else if found := diff(x, y); len(found) > 0 {
			all = append(all, Within(keyPath(k), found)...)
		}
	}
	for k, y := range b {
		if _, ok := a[k]; !ok {
			all = append(all, dual.Difference{Path: keyPath(k), New: y})
		}
	}
	slices.SortFunc(all, byPath)
	return all
}

func byPath(a, b dual.Difference) int { return cmp.Compare(a.Path, b.Path) }

func indexPath(i int) string { return "[" + strconv.Itoa(i) + "]" }

// SameNumber compares what pointers point to by their method Cmp, for types such as big.Int. nil equals only nil.
func SameNumber[T any, P interface {
	*T
	Cmp(P) int
}](a, b P) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Cmp(b) == 0
}

// SameDeep compares as reflect.DeepEqual does: what values of a type parameter are is known only when they are there.
func SameDeep[T any](a, b T) bool { return reflect.DeepEqual(a, b) }
