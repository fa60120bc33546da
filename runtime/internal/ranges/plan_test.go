package ranges_test

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/ranges"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
)

// byHash orders keys as a store does that lists them by their tokens.
func byHash(a, b string) int {
	sum := func(id string) string {
		h := fnv.New64a()
		_, _ = h.Write([]byte(id)) // never fails
		return string(h.Sum(nil)) + id
	}
	return strings.Compare(sum(a), sum(b))
}

// TestPlanOfNumbers divides numbers, and keys in an order that nobody knows not.
func TestPlanOfNumbers(t *testing.T) {
	number := func(i int) string { return fmt.Sprint(i) }
	numeric := func(a, b string) int {
		var x, y int
		_, _ = fmt.Sscan(a, &x)
		_, _ = fmt.Sscan(b, &y)
		return cmp.Compare(x, y)
	}
	for name, test := range map[string]struct {
		id    func(i int) string
		order func(a, b string) int
		why   string
	}{
		"numbers":   {number, numeric, ""},
		"clusters":  {func(i int) string { return number(i + i/1500*1e15) }, numeric, ""},
		"negative":  {func(i int) string { return number(i - 1500) }, numeric, ""},
		"as text":   {number, strings.Compare, "its keys are not listed in their order; name keys that divide it"},
		"by tokens": {number, byHash, "its keys are not listed in their order; name keys that divide it"},
		"names":     {rig.ID, nil, "its keys are neither numbers nor UUIDs; name keys that divide it"},
		"uuids":     {func(i int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", uint32(i)*2654435761, i) }, strings.Compare, ""},
	} {
		t.Run(name, func(t *testing.T) {
			const items = 3000
			r := rig.New(t, rig.Options{Orders: [2]func(a, b string) int{test.order, test.order}})
			var ids []string
			for i := range items {
				item := rig.NewItem(test.id(i), 1)
				r.Stores[phase.Old].Corrupt(item.ID, &item)
				ids = append(ids, item.ID)
			}
			e := rig.Entity()
			e.First = []dual.Key{rig.Key("-9223372036854775808"), rig.Key("")}
			dual.AddEntity(r.Migration, &r.Stores, e)
			source := ranges.Source{Copier: r.Migration.Copiers()[0], Store: phase.Old, Timeout: time.Minute}
			afters, why, err := source.Plan(t.Context(), 8)
			require.NoError(t, err)
			require.Equal(t, test.why, why)
			if why != "" {
				require.Empty(t, afters)
				return
			}
			require.GreaterOrEqual(t, len(afters), 4)
			require.LessOrEqual(t, len(afters), 7)
			slices.SortFunc(ids, test.order)
			most, before := 0, 0
			for _, after := range afters {
				at, found := slices.BinarySearchFunc(ids, after, test.order)
				require.True(t, found, "a key that is there")
				most, before = max(most, at-before), at
			}
			require.Less(t, max(most, items-before), items/3, "%v", afters)
		})
	}
}
