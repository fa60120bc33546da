package litemy

import (
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/test/convert/litemy/litestore"
	"github.com/dualgen/dualgen/test/convert/litemy/mystore"
)

// Shims are the generated shims over the two stores.
func Shims(old litestore.Store, new mystore.Store) [2]Values {
	return [2]Values{oldValues{old}, newValues{new}}
}

// Diff is the generated comparison.
func Diff(a, b Value) []dual.Difference { return diffValue(a, b) }
