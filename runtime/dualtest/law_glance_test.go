package dualtest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
)

// listing is a copier that can list, or cannot. Nothing else is asked of it.
type listing struct {
	dual.Copier
	lists bool
}

func (l listing) CanScan() bool { return l.lists }

// TestForgottenKeysAreNotGone: a glance remembers some keys alone. A key that it has forgotten is gone only where the kind can be listed,
// and was not.
func TestForgottenKeysAreNotGone(t *testing.T) {
	for _, lists := range []bool{true, false} {
		t.Run(fmt.Sprint(lists), func(t *testing.T) {
			run := &lawRun[struct{}]{}
			run.kinds = []lawKind{{Kind: Kind{name: "Post"}, copier: listing{lists: lists}}}
			key := dual.Key{Kind: "Post", ID: "1"}
			before := &glance{keys: []dual.Key{key}, rows: map[dual.Key]seen{key: {found: true}}}
			got := run.compare(before, &glance{rows: map[dual.Key]seen{}}, nil)
			if lists {
				require.Equal(t, `Post "1" is gone`, got)
			} else {
				require.Empty(t, got)
			}
		})
	}
}
