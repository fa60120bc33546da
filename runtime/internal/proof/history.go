package proof

import (
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
	Roll        // a Sweep, and a Put of the last key, which is of another kind
	Make        // a Put of an entity whose key the primary makes
	Tx          // several inputs in one transaction
)

var acts = [...]string{"get", "put", "patch", "delete", "add", "putMany", "clear", "purge", "sweep", "move", "roll", "make", "tx"}

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
	case Move, Roll, Make:
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
		return uint16(allOfOne)
	case Roll:
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
	case Roll:
		return append(Input{Act: Sweep}.changes(), Input{Act: Put, Key: ofOne, Value: i.Value})
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
