package plan

import "go/types"

// HoldsLock reports whether a value of a type must not be copied: it is, or holds, something with the methods of a
// sync.Locker, such as a mutex or the message state of protocol buffers. What is behind a pointer is not held.
func HoldsLock(t types.Type) bool {
	t = types.Unalias(t)
	if _, ok := t.Underlying().(*types.Interface); ok {
		return false
	}
	if isLocker(t) {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Array:
		return HoldsLock(u.Elem())
	case *types.Struct:
		for field := range u.Fields() {
			if HoldsLock(field.Type()) {
				return true
			}
		}
	}
	return false
}

// isLocker reports whether the pointer of a type has Lock() and Unlock(), and the type itself has not.
func isLocker(t types.Type) bool {
	if _, ok := t.(*types.Named); !ok {
		return false
	}
	values, pointers := types.NewMethodSet(t), types.NewMethodSet(types.NewPointer(t))
	for _, name := range []string{"Lock", "Unlock"} {
		selection := pointers.Lookup(nil, name)
		if selection == nil || values.Lookup(nil, name) != nil {
			return false
		}
		if sig := selection.Type().(*types.Signature); sig.Params().Len() != 0 || sig.Results().Len() != 0 {
			return false
		}
	}
	return true
}
