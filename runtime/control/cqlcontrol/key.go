package cqlcontrol

import (
	"fmt"

	"github.com/dualgen/dualgen/runtime/journal"
)

// maxPartition is how many bytes the key of a partition may have in Cassandra, and partsOverhead what it keeps beside its four parts.
const (
	maxPartition  = 1<<16 - 1
	partsOverhead = 4*3 + 1
)

// holds returns an ErrKeyTooLong for keys that the tables cannot hold. Cassandra would refuse them one by one, in the midst of a call.
func (b *Backend) holds(keys ...journal.Key) error {
	for _, key := range keys {
		if !key.Whole && b.tooLong(key) {
			return fmt.Errorf("cqlcontrol: key %.60s... is too long: with its kind and the migration's name it may have %d bytes: %w",
				key, maxPartition-partsOverhead, journal.ErrKeyTooLong)
		}
	}
	return nil
}

func (b *Backend) tooLong(key journal.Key) bool {
	return len(b.options.Migration)+len(key.Kind)+len(key.ID)+partsOverhead > maxPartition
}
