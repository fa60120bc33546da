package dualtest

import (
	"fmt"
	"reflect"

	"github.com/stretchr/testify/assert"
)

// orderHint says of two lists that hold the same in another order what to write, or "". Whether callers rely on the order nobody can see
// from a signature, GetMany(ctx, ids) for one: so it is compared until the source says that it means nothing.
func orderHint(method string, a, b any) string {
	if !sameElements(reflect.ValueOf(a), reflect.ValueOf(b)) {
		return ""
	}
	return fmt.Sprintf("\n\tthe lists hold the same in another order: mend a store, or, if no caller relies on the order, write //dualgen:compare unordered above %s", method)
}

// sameElements reports whether two lists hold the same elements, each as often.
func sameElements(a, b reflect.Value) bool {
	if a.Kind() != reflect.Slice || b.Kind() != reflect.Slice || a.Len() != b.Len() {
		return false
	}
	taken := make([]bool, b.Len())
	for i := range a.Len() {
		found := false
		for j := 0; j < b.Len() && !found; j++ {
			if !taken[j] && assert.ObjectsAreEqual(a.Index(i).Interface(), b.Index(j).Interface()) {
				taken[j], found = true, true
			}
		}
		if !found {
			return false
		}
	}
	return true
}
