package convert

import "iter"

// Sequence converts what an iterator yields. A nil iterator stays nil.
func Sequence[A, B any](seq iter.Seq[A], f func(A) B) iter.Seq[B] {
	if seq == nil {
		return nil
	}
	return func(yield func(B) bool) {
		for x := range seq {
			if !yield(f(x)) {
				return
			}
		}
	}
}

// Pairs converts the keys and the values that an iterator yields. A nil iterator stays nil.
func Pairs[K, L, A, B any](seq iter.Seq2[K, A], key func(K) L, value func(A) B) iter.Seq2[L, B] {
	if seq == nil {
		return nil
	}
	return func(yield func(L, B) bool) {
		for k, x := range seq {
			if !yield(key(k), value(x)) {
				return
			}
		}
	}
}

// Results converts the values of an iterator that yields each with an error, or an error in its place. A nil iterator stays
// nil.
func Results[A, B any](seq iter.Seq2[A, error], f func(A) B) iter.Seq2[B, error] {
	return TryResults(seq, func(x A) (B, error) { return f(x), nil })
}

// TryResults is Results for a conversion that can fail: its error, which names the value's index, is yielded in the value's
// place.
func TryResults[A, B any](seq iter.Seq2[A, error], f func(A) (B, error)) iter.Seq2[B, error] {
	if seq == nil {
		return nil
	}
	return func(yield func(B, error) bool) {
		i := 0
		for x, err := range seq {
			var y B
			if err == nil {
				if y, err = f(x); err != nil {
					err = AtIndex(i, err)
				}
			}
			if !yield(y, err) {
				return
			}
			i++
		}
	}
}
