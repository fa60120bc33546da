package shop

import (
	"slices"
	"strings"
	"testing"
)

// TestOrderOfMany: what is got by several keys is compared in its order, and with what stands for those that are not there. Where the order
// alone differs, the failure says what to write if it means nothing.
func TestOrderOfMany(t *testing.T) {
	const hint = "write //dualgen:compare unordered above GetItems"
	for _, test := range []struct {
		name   string
		some   func(m *memory, ids []string) []Item
		hinted bool
	}{
		{"another order", func(m *memory, ids []string) []Item {
			some := m.some(ids)
			slices.Reverse(some)
			return some
		}, true},
		{"zero items for those that are not there", func(m *memory, ids []string) []Item {
			some := make([]Item, len(ids))
			for i, id := range ids {
				some[i], _ = m.get(id)
			}
			return some
		}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			suite := shopSuite()
			suite.Transactions = nil
			law, text := caughtBy(t, suite, flaw{}, flaw{getItems: test.some})
			if !rightly(law, "answers-alike") || strings.Contains(text, hint) != test.hinted {
				t.Errorf("caught by %q\n%s", law, text)
			}
		})
	}
}
