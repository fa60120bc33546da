package shop

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
)

// other is a store that answers otherwise.
type other struct{ *memory }

// TestOrderOfMany: what is got by several keys is compared in its order, and with what stands for those that are not there. Where the order
// alone differs, the failure says what to write if it means nothing.
func TestOrderOfMany(t *testing.T) {
	const hint = "write //dualgen:compare unordered above GetItems"
	some := []Item{{ID: "a"}, {ID: "b"}}
	for _, test := range []struct {
		name      string
		elsewhere []Item
		hinted    bool
	}{
		{"another order", []Item{{ID: "b"}, {ID: "a"}}, true},
		{"one twice", []Item{{ID: "b"}, {ID: "b"}}, false},
		{"a zero item for one that is not there", []Item{{ID: "a"}, {}, {ID: "b"}}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			suite := only(dualtest.Answering(dual.MethodInfo{Name: "Shop.GetItems", Kind: dual.KindRead}, nil,
				func(*dualtest.T) func(context.Context, Shop) ([]Item, error) {
					return func(_ context.Context, store Shop) ([]Item, error) {
						if _, is := store.(other); is {
							return slices.Clone(test.elsewhere), nil
						}
						return slices.Clone(some), nil
					}
				}))
			v := verdictOf(t, suite, func() (Shop, Shop) { return newMemory(flaw{}), other{newMemory(flaw{})} })
			if law := broken.FindStringSubmatch(v.Text); law == nil || law[1] != "answers-alike" || strings.Contains(v.Text, hint) != test.hinted {
				t.Errorf("caught by %q\n%s", law, v.Text)
			}
		})
	}
}
