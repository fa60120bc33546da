package proof

import (
	"encoding/binary"
	"fmt"

	"github.com/anishathalye/porcupine"
)

// Value is what a store holds under one key: two columns, so that a partial update can be told from a full write.
// The zero Value is an absent entity.
type Value struct {
	Present bool
	A, B    int8
}

// String writes the value for traces.
func (v Value) String() string {
	if !v.Present {
		return "absent"
	}
	return fmt.Sprintf("{%d %d}", v.A, v.B)
}

// low reports whether a Sweep removes the entity.
func (v Value) low() bool { return v.Present && v.A < 5 }

// Act is what a client does to one key.
type Act uint8

// What clients do.
const (
	Get     Act = iota
	Put         // sets both columns
	Patch       // sets B of an entity that is there, else does nothing
	Delete      // removes the entity
	Add         // adds to B of an entity that is there, else does nothing
	PutMany     // a Put of several keys at once
	Clear       // removes every entity
	Purge       // the same, for a method whose mirror is a copy
	Sweep       // removes every entity that is low, for a method whose repository lists those
	Move        // gives the entity of key 0 a value and key 1 in its stead
	Make        // a Put of an entity whose key the primary makes
	Tx          // several inputs in one transaction
)

var acts = [...]string{"get", "put", "patch", "delete", "add", "putMany", "clear", "purge", "sweep", "move", "make", "tx"}

// String is the act's name.
func (a Act) String() string { return acts[a] }

// Unmade is the key of a Make before the primary has made one.
const Unmade int8 = -1

// Input is one client operation on one key.
type Input struct {
	Act   Act
	Key   int8
	Value Value
	Steps []Input // of a Tx: each on keys of its own
	Ends  Ending  // of a Tx
}

// Ending is what the function of a transaction makes of it.
type Ending uint8

// The endings.
const (
	Commits Ending = iota // it returns the first error of its calls
	Aborts                // it returns an error
	Passes                // it passes over the runtime's refusals of its calls
)

var endings = [...]string{"", ", aborts", ", passes over refusals"}

// String writes the operation for traces.
func (i Input) String() string {
	switch i.Act {
	case Put, PutMany:
		return fmt.Sprintf("%v(k%d, %v)", i.Act, i.Key, i.Value)
	case Move, Make:
		return fmt.Sprintf("%v(%v)", i.Act, i.Value)
	case Tx:
		return fmt.Sprintf("tx%v%s", i.Steps, endings[i.Ends])
	case Patch, Add:
		return fmt.Sprintf("%v(k%d, %d)", i.Act, i.Key, i.Value.B)
	}
	return fmt.Sprintf("%v(k%d)", i.Act, i.Key)
}

// keys are the keys that the operation works on, one bit each.
func (i Input) keys() uint16 {
	switch i.Act {
	case PutMany, Move:
		return 0b11
	case Clear, Purge, Sweep, Make:
		return uint16(allKeys)
	case Tx:
		var all uint16
		for _, step := range i.Steps {
			all |= step.keys()
		}
		return all
	}
	return 1 << i.Key
}

// value is the whole entity that the operation stores.
func (i Input) value() Value { return Value{Present: true, A: i.Value.A, B: i.Value.B} }

// changes are what the operation does to single keys, as the history holds it. The reads of a transaction are operations
// of their own.
func (i Input) changes() []Input {
	switch i.Act {
	case PutMany, Clear, Purge, Sweep:
		var all []Input
		for key := int8(0); key < Keys; key++ {
			if i.keys()&(1<<key) != 0 {
				all = append(all, Input{Act: i.Act, Key: key, Value: i.Value})
			}
		}
		return all
	case Move:
		return []Input{{Act: Delete, Key: 0}, {Act: Put, Key: 1, Value: i.Value}}
	case Make:
		return []Input{{Act: Make, Key: Unmade, Value: i.Value}}
	case Tx:
		var all []Input
		for _, step := range i.Steps {
			if step.Act != Get {
				all = append(all, step.changes()...)
			}
		}
		return all
	}
	return []Input{i}
}

// apply is what the operation makes of a key's value.
func (i Input) apply(v Value) Value {
	switch i.Act {
	case Put, PutMany, Make:
		return i.value()
	case Patch:
		if v.Present {
			v.B = i.Value.B
		}
	case Add:
		if v.Present {
			v.B += i.Value.B
		}
	case Delete, Clear, Purge:
		return Value{}
	case Sweep:
		if v.low() {
			return Value{}
		}
	}
	return v
}

// sequential says what a single store does, which is what the two together must look like.
var sequential = porcupine.Model{
	Init: func() any { return Value{} },
	Step: func(state, input, output any) (bool, any) {
		in, now := input.(*operation), state.(Value)
		if in.input.Act == Get {
			return !in.ok || now == in.seen, now
		}
		return true, in.input.apply(now)
	},
}

// operation is one recorded operation.
type operation struct {
	input Input
	call  int32
	end   int32 // 0: it never returned, or nobody knows whether it took effect
	ok    bool
	seen  Value // by a Get
}

// History records what clients did and saw, in the order of one clock that ticks at each call and return.
type History struct {
	operations []operation
	clock      int32
	key        []byte
	perKey     []porcupine.Operation
}

// Reset forgets everything.
func (h *History) Reset() { h.operations, h.clock = h.operations[:0], 0 }

// Call records that an operation begins, and returns its number.
func (h *History) Call(input Input) int {
	h.clock++
	h.operations = append(h.operations, operation{input: input, call: h.clock})
	return len(h.operations) - 1
}

// Return records that an operation was acknowledged, and what a Get saw.
func (h *History) Return(n int, seen Value) {
	h.clock++
	o := &h.operations[n]
	o.end, o.ok, o.seen = h.clock, true, seen
}

// Refused records that an operation certainly had no effect: it is as if it had never been called.
func (h *History) Refused(n int) { h.operations[n].call = 0 }

// Made gives the key that the primary made to an operation.
func (h *History) Made(n int, key int8) { h.operations[n].input.Key = key }

// Len is the number of operations.
func (h *History) Len() int { return len(h.operations) }

// Checker decides whether histories are linearizable for each key. Porcupine decides; equal histories are decided once.
type Checker struct {
	verdicts map[string]bool
	// Asked counts histories of single keys that were put to Porcupine, Known those that were equal to an earlier one.
	Asked, Known int64
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
