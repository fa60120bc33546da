package telemetry

import (
	"time"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/verify"
)

// Snapshot is what a migration shows of itself at one moment.
type Snapshot struct {
	Migration string
	Stats     dual.Stats  // what this process did
	Status    dual.Status // what it believes
	Ready     bool        // calls are let in
	Fleet     *Fleet      // nil until a look at the fleet succeeded
	Looked    time.Time   // when it did; zero before
	Failed    int64       // looks that failed
}

// Fleet is the migration as the control store and the journal tell it.
type Fleet struct {
	Record      control.Record
	Live        int    // instances whose lease runs
	Gone        int    // those whose lease ran out, and that did not leave
	Behind      int    // live ones that have not acknowledged the epoch
	Lag         uint64 // how many epochs the last of them is behind
	Reconcilers int    // live ones that run a reconciler
	Blocked     int    // gates between the fleet and its next phase
	Kinds       []Kind
}

// Kind is one entity kind.
type Kind struct {
	Kind        string
	Unclean     journal.Counts
	Backfill    backfill.Progress
	Verify      verify.Latest
	Certificate *control.Certificate // nil if there is none
	Valid       bool                 // it counts
}
