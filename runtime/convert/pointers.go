package convert

// Pointers returns a pointer to each element of xs. nil stays nil.
func Pointers[T any](xs []T) []*T {
	if xs == nil {
		return nil
	}
	ps := make([]*T, len(xs))
	for i := range xs {
		ps[i] = &xs[i]
	}
	return ps
}
