package proof

import (
	"math/rand/v2"
	"testing"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func value(a int8) Value { return Value{Present: true, A: a} }

func TestCheckerTellsHistoriesApart(t *testing.T) {
	put := func(a int8) Input { return Input{Act: Put, Value: Value{A: a}} }
	tests := []struct {
		name   string
		record func(h *History)
		legal  bool
	}{
		{"a write is seen", func(h *History) {
			h.Return(h.Call(put(1)), Value{})
			h.Return(h.Call(Input{Act: Get}), value(1))
		}, true},
		{"an acknowledged write is lost", func(h *History) {
			h.Return(h.Call(put(1)), Value{})
			h.Return(h.Call(Input{Act: Get}), Value{})
		}, false},
		{"an acknowledged write is hidden, then there again", func(h *History) {
			h.Return(h.Call(put(1)), Value{})
			h.Return(h.Call(put(2)), Value{})
			h.Return(h.Call(Input{Act: Get}), value(1))
			h.Return(h.Call(Input{Act: Get}), value(2))
		}, false},
		{"a write of unknown outcome takes effect late", func(h *History) {
			h.Call(put(1))
			h.Return(h.Call(Input{Act: Get}), Value{})
			h.Return(h.Call(Input{Act: Get}), value(1))
		}, true},
		{"a write of unknown outcome takes effect twice", func(h *History) {
			h.Call(put(1))
			h.Return(h.Call(put(2)), Value{})
			h.Return(h.Call(Input{Act: Get}), value(1))
			h.Return(h.Call(Input{Act: Get}), value(2))
		}, false},
		{"a refused write is seen", func(h *History) {
			h.Refused(h.Call(put(1)))
			h.Return(h.Call(Input{Act: Get}), value(1))
		}, false},
		{"two readers disagree about the order", func(h *History) {
			w := h.Call(put(1))
			h.Return(h.Call(Input{Act: Get}), value(1))
			h.Return(h.Call(Input{Act: Get}), Value{})
			h.Return(w, Value{})
		}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var h History
			test.record(&h)
			err := NewChecker().Check(&h)
			assert.Equal(t, test.legal, err == nil, "%v", err)
		})
	}
}

// TestKnownVerdictsAreRight: histories that the checker takes to be equal to one it knows get the verdict that Porcupine
// gives them.
func TestKnownVerdictsAreRight(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	checker := NewChecker()
	var legal int
	for range 20_000 {
		var h History
		var open []int
		for range 7 {
			if len(open) > 0 && rng.IntN(2) == 0 {
				i := rng.IntN(len(open))
				h.Return(open[i], Value{Present: true, A: int8(rng.IntN(2))})
				open = append(open[:i], open[i+1:]...)
				continue
			}
			in := Input{Act: []Act{Get, Get, Put, Delete}[rng.IntN(4)], Key: int8(rng.IntN(2)), Value: Value{A: int8(rng.IntN(2))}}
			open = append(open, h.Call(in))
		}
		want := true
		for key := range int8(2) {
			want = want && porcupine.CheckOperations(sequential, h.ofKey(key))
		}
		require.Equal(t, want, checker.Check(&h) == nil)
		if want {
			legal++
		}
	}
	assert.Greater(t, checker.Known, checker.Asked, "the test shows something only if histories repeat")
	assert.Greater(t, legal, 2000)
	assert.Less(t, legal, 18_000)
}
