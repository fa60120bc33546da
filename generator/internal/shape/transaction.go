package shape

import "go/types"

// EndsTransaction reports whether a type is a struct with methods Commit and Rollback: a handle of a transaction, and nothing that is
// stored.
func EndsTransaction(t types.Type) bool {
	if named, _ := NamedStruct(t); named == nil {
		return false
	}
	for _, name := range []string{"Commit", "Rollback"} {
		object, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
		if _, ok := object.(*types.Func); !ok {
			return false
		}
	}
	return true
}
