package mypg

import (
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/test/convert/mypg/mystore"
	"github.com/dualgen/dualgen/test/convert/mypg/pgstore"
)

// Shims are the generated shims over the two stores.
func Shims(old mystore.Store, new pgstore.Store) [2]Values {
	return [2]Values{oldValues{old}, newValues{new}}
}

// Diff is the generated comparison.
func Diff(a, b Value) []dual.Difference { return diffValue(a, b) }
