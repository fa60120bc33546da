package table

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dualgen/dualgen/runtime/journal"
)

// What was read of a key before its last entry ended, or before its part was taken, is out of date: those entries may have been applied.
func TestStaleReadsAreNotBegun(t *testing.T) {
	key := journal.Key{Kind: "Item", ID: "1"}
	c := &consumer{busy: map[journal.Key]int{}, freed: map[journal.Key]bool{}, ended: make(chan struct{}, 1), reads: 1}
	c.hold(holding{mine: map[int]uint64{partOf(key): 0}})
	assert.False(t, c.begin(key), "taken while the read was under way")
	c.reads++
	assert.True(t, c.begin(key))
	assert.False(t, c.begin(key), "busy")
	assert.False(t, c.release(partOf(key)), "busy")
	c.free(key)
	assert.False(t, c.begin(key), "freed since the read began")
	c.reads++
	clear(c.freed)
	c.hold(holding{mine: map[int]uint64{partOf(key): 0}})
	assert.True(t, c.begin(key), "renewed, and held all the time")
	c.free(key)
	assert.True(t, c.release(partOf(key)))
	c.reads++
	clear(c.freed)
	assert.False(t, c.begin(key), "given back")
}

// The part of a key is the same in every build.
func TestPartsAreFixed(t *testing.T) {
	for id, part := range map[string]int{"1": 62, "2": 39, "user@example.org": 43} {
		assert.Equal(t, part, partOf(journal.Key{Kind: "Item", ID: id}), id)
	}
}

// There are few statements, whatever number of keys is under way, and each asks for the same as it would without the padding.
func TestPadded(t *testing.T) {
	assert.Empty(t, padded(nil))
	lengths := map[int]bool{}
	for n := 1; n <= 256; n++ {
		var values []any
		for i := range n {
			values = append(values, i)
		}
		got := padded(slices.Clone(values))
		lengths[len(got)] = true
		assert.Equal(t, values, got[:n])
		for _, more := range got[n:] {
			assert.Equal(t, n-1, more)
		}
	}
	assert.Len(t, lengths, 6) // 8 to 256
}
