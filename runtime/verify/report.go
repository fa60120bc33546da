package verify

import (
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
)

// Report is what a pass found.
type Report struct {
	Kind     string
	Order    string   // how keys were matched: "merge", "hash" or "sample"
	Passes   int      // scans of each store
	Read     [2]int64 // entities that each store listed, by position, in the comparing scan
	Compared int64    // keys compared

	OnlyOld   int64 // keys that only the old store has
	OnlyNew   int64 // keys that only the new store has
	Different int64 // keys that both have, with different values

	Transient int64 // differences that were gone at the second look: writes in flight
	Unclean   int64 // differences of keys that the journal knows: left to the reconciler
	Stuck     int64 // those of Unclean whose copy has failed, once at least
	Busy      int64 // differences of keys that were written during each look
	Repaired  int64 // keys marked dirty
	Repeated  int64 // keys that a scan listed twice

	// Whole says that the whole kind is unclean and the pass did not clear it.
	Whole bool
	// Recounted is the share of the key space that the second scan could judge: writes during the pass take from it.
	Recounted float64
	// Mismatched says in how many of its buckets the second scan listed other keys, without a write.
	Mismatched int

	// Differences are the first that were found. Their values are shown or hidden as the migration's configuration says.
	Differences []dual.Mismatch
	Certified   bool   // a certificate of parity was issued
	Reason      string // why none was
	Took        time.Duration
}

// Differed is how many keys differ for certain.
func (r Report) Differed() int64 { return r.OnlyOld + r.OnlyNew + r.Different }
