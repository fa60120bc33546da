package gotype

import (
	"go/types"
)

// HoldsHandle reports whether a value of t is, or holds, what must be closed or can be read only once: an io.Closer, an
// io.Reader, a cursor of rows. The answer of another store must not be asked for to be compared: nobody would close it.
func HoldsHandle(t types.Type) bool { return holdsHandle(t, map[types.Type]bool{}) }

func holdsHandle(t types.Type, seen map[types.Type]bool) bool {
	t = types.Unalias(t)
	if seen[t] || IsTypeParam(t) {
		return false
	}
	seen[t] = true
	if IsHandle(t) {
		return true
	}
	for _, part := range Parts(t) {
		if holdsHandle(part, seen) {
			return true
		}
	}
	return false
}

// IsHandle reports whether a type has one of the methods of handles, for itself or its pointer.
func IsHandle(t types.Type) bool {
	if _, pointer := Pointee(t); pointer {
		return false // what it points to is looked at
	}
	at := t
	if !types.IsInterface(t) {
		at = types.NewPointer(t)
	}
	if plainData(t, map[types.Type]bool{}) && showsFields(t) && !HasMethod(at, "Next") {
		return false // Order.Close closes an order
	}
	return hasSignature(at, "Close", closes) || hasSignature(at, "Read", reads) || hasSignature(at, "Next", steps) && HasMethod(at, "Scan")
}

func hasSignature(t types.Type, name string, is func(*types.Signature) bool) bool {
	f := Method(t, name)
	return f != nil && is(f.Signature())
}

// closes: Close(), Close() error, Close(ctx) error.
func closes(sig *types.Signature) bool {
	params, results := sig.Params().Len(), sig.Results().Len()
	return (params == 0 || params == 1 && TakesContext(sig)) && (results == 0 || results == 1 && IsError(sig.Results().At(0).Type()))
}

// reads: Read([]byte) (int, error).
func reads(sig *types.Signature) bool {
	return sig.Params().Len() == 1 && IsBytes(sig.Params().At(0).Type()) && sig.Results().Len() == 2 && IsError(sig.Results().At(1).Type())
}

// steps: Next() bool.
func steps(sig *types.Signature) bool {
	return sig.Params().Len() <= 1 && sig.Results().Len() == 1 && types.Identical(sig.Results().At(0).Type(), types.Typ[types.Bool])
}

// showsFields reports whether a struct has a field that its users see. One that hides all of them may be known to what made it.
func showsFields(t types.Type) bool {
	u, ok := t.Underlying().(*types.Struct)
	if !ok {
		return true
	}
	for field := range u.Fields() {
		if field.Exported() {
			return true
		}
	}
	return u.NumFields() == 0
}

// plainData reports whether a type holds data alone, so that there is nothing in it to close or to read from.
func plainData(t types.Type, seen map[types.Type]bool) bool {
	t = types.Unalias(t)
	if seen[t] || IsTime(t) {
		return true
	}
	seen[t] = true
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Kind() != types.Uintptr && u.Kind() != types.UnsafePointer
	case *types.Struct:
		for field := range u.Fields() {
			if !plainData(field.Type(), seen) {
				return false
			}
		}
		return true
	case *types.Map:
		return plainData(u.Key(), seen) && plainData(u.Elem(), seen)
	case interface{ Elem() types.Type }:
		_, channel := u.(*types.Chan)
		return !channel && plainData(u.Elem(), seen)
	}
	return false
}
