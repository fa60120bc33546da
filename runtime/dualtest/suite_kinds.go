package dualtest

import (
	"pgregory.net/rapid"
)

// Kind is one kind of entity, as the suite draws it.
type Kind struct {
	name  string
	lacks string // why the kind is not copied; "" for one that is
	draw  func(t *rapid.T) any
	zero  func(any) any // gives an entity the zero key; nil for a kind that may not have it
	makes bool          // a put may make the key of an entity that has the zero key
	clone func(any) any
}

// KindOf is a kind that is copied between the stores. clone copies an entity with all the memory that it reaches; nil where
// assignment does. zero gives an entity the zero key, which scans must not miss; nil where no entity may have it.
func KindOf[E any](name string, values *rapid.Generator[E], clone func(E) E, zero func(*E)) Kind {
	if clone == nil {
		clone = func(e E) E { return e }
	}
	shown := showing(values)
	kind := Kind{
		name:  name,
		draw:  func(t *rapid.T) any { return shown.Draw(t, name).value },
		clone: func(e any) any { return deep(clone(e.(E))) },
	}
	if zero != nil {
		kind.zero = func(e any) any {
			value := e.(E)
			zero(&value)
			return value
		}
	}
	return kind
}

// MakesKeys is the kind where what puts an entity may make its key if that is zero. No entity stands under the zero key then, and none
// is put under it.
func (k Kind) MakesKeys() Kind {
	k.makes = true
	return k
}

// Uncopied is a kind that nothing copies; why says what it lacks.
func Uncopied(name, why string) Kind { return Kind{name: name, lacks: why} }
