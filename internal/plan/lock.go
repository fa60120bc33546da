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
	named, ok := t.(*types.Named)
	if !ok {
		return false
	}
	for _, name := range []string{"Lock", "Unlock"} {
		object, _, indirect := types.LookupFieldOrMethod(named, true, nil, name)
		method, ok := object.(*types.Func)
		if !ok || indirect {
			return false
		}
		sig := method.Signature()
		if sig.Params().Len() != 0 || sig.Results().Len() != 0 || sig.Recv() == nil {
			return false
		}
		if _, pointer := sig.Recv().Type().(*types.Pointer); !pointer {
			return false
		}
	}
	return true
}

// ReachesLock reports whether a lock is in a value of a type, or behind the pointers, lists and maps in it.
func ReachesLock(t types.Type) bool { return reachesLock(t, map[types.Type]bool{}) }

// reachesLock is ReachesLock for a type among those that were seen.
func reachesLock(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	if HoldsLock(t) {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return reachesLock(u.Elem(), seen)
	case *types.Slice:
		return reachesLock(u.Elem(), seen)
	case *types.Array:
		return reachesLock(u.Elem(), seen)
	case *types.Map:
		return reachesLock(u.Elem(), seen)
	case *types.Struct:
		for field := range u.Fields() {
			if reachesLock(field.Type(), seen) {
				return true
			}
		}
	}
	return false
}
