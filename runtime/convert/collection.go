package convert

import (
	"cmp"
	"fmt"
	"slices"
)

// Keep returns x: the conversion of keys or elements that stay what they are.
func Keep[T any](x T) T { return x }

// TryKeep is Keep beside a conversion that can fail.
func TryKeep[T any](x T) (T, error) { return x, nil }

// Slice converts each element. A nil slice stays nil.
func Slice[A, B any](xs []A, f func(A) B) []B {
	if xs == nil {
		return nil
	}
	ys := make([]B, len(xs))
	for i, x := range xs {
		ys[i] = f(x)
	}
	return ys
}

// TrySlice is Slice for a conversion that can fail; the error names the index.
func TrySlice[A, B any](xs []A, f func(A) (B, error)) ([]B, error) {
	if xs == nil {
		return nil, nil
	}
	ys := make([]B, len(xs))
	for i, x := range xs {
		y, err := f(x)
		if err != nil {
			return nil, AtIndex(i, err)
		}
		ys[i] = y
	}
	return ys, nil
}

// Length checks that a slice has n elements, as an array needs.
func Length[S ~[]A, A any](xs S, n int) (S, error) {
	if len(xs) != n {
		return nil, fmt.Errorf("%d elements for an array of %d: %w", len(xs), n, ErrRange)
	}
	return xs, nil
}

// Map converts each key and each value. A nil map stays nil. Keys must stay distinct: key is one to one.
func Map[K, L comparable, A, B any](m map[K]A, key func(K) L, value func(A) B) map[L]B {
	if m == nil {
		return nil
	}
	out := make(map[L]B, len(m))
	for k, x := range m {
		out[key(k)] = value(x)
	}
	return out
}

// TryMap is Map for conversions that can fail; the error names the key. Two keys that become one are an error.
func TryMap[K, L comparable, A, B any](m map[K]A, key func(K) (L, error), value func(A) (B, error)) (map[L]B, error) {
	if m == nil {
		return nil, nil
	}
	out := make(map[L]B, len(m))
	for k, x := range m {
		l, err := key(k)
		if err != nil {
			return nil, AtKey(k, err)
		}
		y, err := value(x)
		if err != nil {
			return nil, AtKey(k, err)
		}
		out[l] = y
	}
	if len(out) != len(m) {
		return nil, fmt.Errorf("two of the map's keys become one: %w", ErrRange)
	}
	return out, nil
}

// SetToSlice lists a set in ascending order. A nil set becomes a nil slice.
func SetToSlice[K comparable, B cmp.Ordered](set map[K]struct{}, f func(K) B) []B {
	if set == nil {
		return nil
	}
	ys := make([]B, 0, len(set))
	for k := range set {
		ys = append(ys, f(k))
	}
	slices.Sort(ys)
	return ys
}

// TrySetToSlice is SetToSlice for a conversion that can fail.
func TrySetToSlice[K comparable, B cmp.Ordered](set map[K]struct{}, f func(K) (B, error)) ([]B, error) {
	if set == nil {
		return nil, nil
	}
	ys := make([]B, 0, len(set))
	for k := range set {
		y, err := f(k)
		if err != nil {
			return nil, AtKey(k, err)
		}
		ys = append(ys, y)
	}
	slices.Sort(ys)
	return ys, nil
}

// SliceToSet makes a set of a slice: the order and repeated elements are lost. A nil slice becomes a nil set.
func SliceToSet[A any, L comparable](xs []A, f func(A) L) map[L]struct{} {
	if xs == nil {
		return nil
	}
	set := make(map[L]struct{}, len(xs))
	for _, x := range xs {
		set[f(x)] = struct{}{}
	}
	return set
}

// TrySliceToSet is SliceToSet for a conversion that can fail; the error names the index.
func TrySliceToSet[A any, L comparable](xs []A, f func(A) (L, error)) (map[L]struct{}, error) {
	if xs == nil {
		return nil, nil
	}
	set := make(map[L]struct{}, len(xs))
	for i, x := range xs {
		y, err := f(x)
		if err != nil {
			return nil, AtIndex(i, err)
		}
		set[y] = struct{}{}
	}
	return set, nil
}
