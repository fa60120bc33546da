package proof

import (
	"encoding/binary"
	"fmt"

	"github.com/anishathalye/porcupine"
)

// Checker decides whether histories are linearizable for each key. Porcupine decides; equal histories are decided once.
type Checker struct {
	verdicts map[string]bool
	// Asked counts histories of single keys that were put to Porcupine, Known those that were equal to an earlier one.
	Asked, Known int64
	// Turns counts the turns of copiers, Waits the writes that waited for one.
	Turns, Waits int64
}

// NewChecker returns a checker that knows nothing yet.
func NewChecker() *Checker { return &Checker{verdicts: map[string]bool{}} }

// Check returns an error that shows the history of the first key that is not linearizable.
func (c *Checker) Check(h *History) error {
	var keys uint32
	for i := range h.operations {
		if key := h.operations[i].input.Key; key != Unmade {
			keys |= 1 << key
		}
	}
	for key := int8(0); keys != 0; key, keys = key+1, keys>>1 {
		if keys&1 != 0 && !c.linearizable(h, key) {
			return fmt.Errorf("not linearizable: %s", h.describe(key))
		}
	}
	return nil
}

// maxVerdicts bounds the memory of a checker.
const maxVerdicts = 1 << 20

func (c *Checker) linearizable(h *History, key int8) bool {
	h.encode(key)
	if verdict, ok := c.verdicts[string(h.key)]; ok {
		c.Known++
		return verdict
	}
	c.Asked++
	if len(c.verdicts) >= maxVerdicts {
		clear(c.verdicts)
	}
	verdict := porcupine.CheckOperations(sequential, h.ofKey(key))
	c.verdicts[string(h.key)] = verdict
	return verdict
}

// ofKey is the key's history for Porcupine. Writes of unknown outcome stay open to the end; reads that failed saw nothing.
func (h *History) ofKey(key int8) []porcupine.Operation {
	h.perKey = h.perKey[:0]
	for i := range h.operations {
		o := &h.operations[i]
		if o.input.Key != key || o.call == 0 || (!o.ok && o.input.Act == Get) {
			continue
		}
		end := int64(o.end)
		if !o.ok {
			end = int64(h.clock) + 1
		}
		h.perKey = append(h.perKey, porcupine.Operation{ClientId: i, Input: o, Call: int64(o.call), Return: end})
	}
	return h.perKey
}

// encode writes into h.key what decides the verdict: the key's operations with their order, not their times.
func (h *History) encode(key int8) {
	h.key = h.key[:0]
	for i := range h.operations {
		o := &h.operations[i]
		if o.input.Key != key || o.call == 0 {
			continue
		}
		h.key = append(h.key, byte(o.input.Act), byte(o.input.Value.A), byte(o.input.Value.B), bit(o.ok), bit(o.seen.Present), byte(o.seen.A), byte(o.seen.B))
	}
	for i := range h.operations {
		o := &h.operations[i]
		if o.input.Key != key || o.call == 0 {
			continue
		}
		h.key = binary.AppendUvarint(h.key, uint64(h.rank(key, o.call)))
		h.key = binary.AppendUvarint(h.key, uint64(h.rank(key, o.end)))
	}
}

// rank is how many of the key's events come before a time.
func (h *History) rank(key int8, at int32) int {
	n := 0
	for i := range h.operations {
		o := &h.operations[i]
		if o.input.Key != key || o.call == 0 {
			continue
		}
		if o.call < at {
			n++
		}
		if o.end > 0 && o.end < at {
			n++
		}
	}
	return n
}

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// describe writes the key's history for people.
func (h *History) describe(key int8) string {
	text := ""
	for i := range h.operations {
		o := &h.operations[i]
		if o.input.Key != key || o.call == 0 {
			continue
		}
		switch {
		case o.ok && o.input.Act == Get:
			text += fmt.Sprintf("\n       [%d,%d] %v saw %v", o.call, o.end, o.input, o.seen)
		case o.ok:
			text += fmt.Sprintf("\n       [%d,%d] %v acknowledged", o.call, o.end, o.input)
		default:
			text += fmt.Sprintf("\n       [%d, …) %v, outcome unknown", o.call, o.input)
		}
	}
	return text
}
