package dual

// Zero is the zero value of T: what generated code returns beside an error where a type parameter names the type. A
// parameter may be called new.
func Zero[T any]() (zero T) { return zero }
