package phase_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dualgen/dualgen/runtime/phase"
)

// Instances of different builds give a key to the same phase: where a key stands is fixed for good.
func TestCanaryKeysAreFixed(t *testing.T) {
	for _, test := range []struct {
		kind, id    string
		below, from float64
	}{
		{"Row", "0", 0.3357, 0.3358}, {"User", "1", 0.3410, 0.3411}, {"E", "0", 0.2120, 0.2121}, {"E", "1", 0.6466, 0.6467},
	} {
		assert.False(t, phase.Settings{Canary: test.below}.InCanary(test.kind, test.id), "%s/%s", test.kind, test.id)
		assert.True(t, phase.Settings{Canary: test.from}.InCanary(test.kind, test.id), "%s/%s", test.kind, test.id)
	}
}

// A share is about that share of the keys, whatever they look like, and a larger one keeps the keys of a smaller one.
func TestCanaryShare(t *testing.T) {
	const n = 20_000
	for _, form := range []string{"%d", "%08d", "user-%d@example.org", "%x-0000-4000-8000-000000000000", "10|%d"} {
		for _, share := range []float64{0.01, 0.05, 0.5, 1} {
			s, larger, in := phase.Settings{Canary: share}, phase.Settings{Canary: min(1, share+0.1)}, 0
			for i := range n {
				id := fmt.Sprintf(form, i)
				if s.InCanary("User", id) {
					in++
					assert.True(t, larger.InCanary("User", id))
				}
			}
			assert.InDelta(t, share*n, in, 350, "%s, %v", form, share) // five standard deviations of a half
		}
	}
	assert.False(t, phase.Settings{}.InCanary("User", "1"))
}
