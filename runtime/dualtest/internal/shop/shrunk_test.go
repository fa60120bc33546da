package shop

import (
	"flag"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// after is the part of a failure that lists the calls.
var after = regexp.MustCompile(`(?s)\nafter:\n(.*?)\nrepeat`)

// TestFailuresAreShrunk demands the shortest sequence of a failure whose values differ from run to run, since the store makes keys or
// times, and a command that repeats it.
func TestFailuresAreShrunk(t *testing.T) {
	shrinking := flag.Lookup("rapid.shrinktime").Value
	had := shrinking.String()
	assert.NoError(t, shrinking.Set("20s"))
	defer func() { assert.NoError(t, shrinking.Set(had)) }()
	for name, c := range map[string]struct {
		flaw flaw
		law  string
		most int // calls
	}{
		"made keys": {flaw{postReview: func(m *memory, review Review) (int64, error) {
			review.ID = 1000 + made.Add(1)
			m.reviews[review.ID] = review
			return review.ID + 1_000_000, nil
		}}, "key-kept", 1},
		"made times": {changing(func(i *Item) { i.Made = time.Now() }), "put-then-get", 1},
		"over another": {flaw{putItem: func(m *memory, item Item) error {
			if _, ok := m.items[item.ID]; ok {
				item.Made = time.Now()
			}
			return m.put(item)
		}}, "put-over", 2},
	} {
		t.Run(name, func(t *testing.T) {
			law, text := caught(t, nil, c.flaw, flaw{})
			assert.Equal(t, c.law, law, text)
			assert.NotContains(t, text, "flaky")
			assert.Contains(t, text, "\n  go test -count=1 -run '^TestFailuresAreShrunk$/^"+strings.ReplaceAll(name, " ", "_")+
				"$' github.com/dualgen/dualgen/runtime/dualtest/internal/shop")
			assert.Regexp(t, `TestFailuresAreShrunk/\S+ failed, as told above with what led to it:\n.+\n\tby the old store, which breaks law `+c.law+`\s*$`, text)
			if calls := after.FindAllStringSubmatch(text, -1); assert.NotEmpty(t, calls, text) {
				assert.LessOrEqual(t, strings.Count(calls[len(calls)-1][1], "\n")+1, c.most, text)
			}
		})
	}
}
