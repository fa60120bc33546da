package proof

import (
	"errors"
	"strconv"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// errInjected is what a call returns that a fault struck.
var errInjected = errors.New("injected fault")

// Keys is how many keys a world has at most.
const Keys = 4

// kind is the entity kind of every world; the last key is of another, which is there in worlds that say so.
const (
	kind  = "E"
	other = "F"
	ofOne = Keys - 1 // how many keys are of the first
)

var keyNames = [Keys]string{"0", "1", "2", "3"}

// keyOf names an entity as the journal does.
func keyOf(key int8) journal.Key {
	if key == ofOne {
		return journal.Key{Kind: other, ID: keyNames[key]}
	}
	return journal.Key{Kind: kind, ID: keyNames[key]}
}

func keysOf(keys []int8) []journal.Key {
	names := make([]journal.Key, len(keys))
	for i, key := range keys {
		names[i] = keyOf(key)
	}
	return names
}

// wholeKind is the key of a write that does not know its keys.
var wholeKind = journal.Key{Kind: kind, Whole: true}

// indexOf is the reverse of keyOf; Keys for the whole kind.
func indexOf(key journal.Key) int8 {
	if key.Whole {
		return Keys
	}
	n, err := strconv.Atoi(key.ID)
	if err != nil {
		panic("proof: a key of another world: " + key.String())
	}
	return int8(n)
}

// The objects of a world, one bit each, for footprints.
const (
	storeBits      = 0                      // Keys for old, Keys for new
	journalBits    = storeBits + 2*Keys     // one a key, and one for the whole kind
	leaseBits      = journalBits + Keys + 1 // of the journal's owners, one an instance
	recordBit      = leaseBits + fleetSize
	fleetBits      = recordBit + 1 // one an instance
	checkpointsBit = fleetBits + fleetSize
	instanceBits   = checkpointsBit + 1 // what one instance's calls and its control loop share
	sequenceBit    = instanceBits + fleetSize
	passesBit      = sequenceBit + 1
)

// fleetSize is how many instances have objects of their own: two that may crash, and their successor.
const fleetSize = 3

const (
	allLeases uint64 = (1<<fleetSize - 1) << leaseBits
	allFleet  uint64 = (1<<fleetSize - 1) << fleetBits

	allJournal uint64 = (1<<(Keys+1) - 1) << journalBits
	allKeys    uint64 = 1<<Keys - 1
	allOfOne   uint64 = 1<<ofOne - 1
)

func storeBit(store phase.Store, key int8) uint64 {
	return 1 << (storeBits + int(store)*Keys + int(key))
}

// journalKey is what a call on a key reads or changes: the whole kind's entry decides about each key's.
func journalKey(key journal.Key, write bool) explore.Footprint {
	if key.Whole {
		if write {
			return explore.Footprint{Writes: allJournal}
		}
		return explore.Footprint{Reads: 1 << (journalBits + Keys)}
	}
	f := explore.Footprint{Reads: 1 << (journalBits + Keys)}
	if write {
		f.Writes = 1 << (journalBits + int(indexOf(key)))
	} else {
		f.Reads |= 1 << (journalBits + int(indexOf(key)))
	}
	return f
}

func journalKeys(keys []journal.Key, write bool) explore.Footprint {
	var f explore.Footprint
	for _, key := range keys {
		g := journalKey(key, write)
		f.Reads |= g.Reads
		f.Writes |= g.Writes
	}
	return f
}

// instanceState is what an instance's calls read and its control loop changes: the phase in view and the calls in flight.
func instanceState(instance int) uint64 { return 1 << (instanceBits + instance) }

// The times of every world, in virtual time. A late effect lands before settle has passed, as protocol.md assumes.
const (
	settle = 10 * time.Second
	lease  = 60 * time.Second
	// patience is longer than a call tries to get a token: it tries twice.
	patience = settle + 6*time.Second
)

// strike stops before a call and says what of it happens: whether it has its effect, and the error that its caller sees
// in place of its own.
func strike(s *explore.Scheduler, what string, f explore.Footprint, faults explore.Faults) (effect bool, err error) {
	switch s.Point(what, f, faults) {
	case explore.Success:
		return true, nil
	case explore.FailAfter:
		return true, errInjected
	case explore.Gone:
		return false, explore.ErrGone
	}
	return false, errInjected
}
