package gotype

import (
	"go/types"
	"strings"
)

// readers are the methods by which values are made, not changed.
var readers = []string{"Unmarshal", "Scan", "Decode", "Gob"}

// Immutable says whether a struct without exported fields is a value: no method of its pointer changes it, except those
// that fill it from outside.
func Immutable(t types.Type) bool {
	values := types.NewMethodSet(t)
	pointers := types.NewMethodSet(types.NewPointer(t))
	for selection := range pointers.Methods() {
		name := selection.Obj().Name()
		if selection.Obj().Exported() && values.Lookup(nil, name) == nil && !fills(name) {
			return false
		}
	}
	return true
}

func fills(method string) bool {
	for _, prefix := range readers {
		if strings.HasPrefix(method, prefix) {
			return true
		}
	}
	return false
}
