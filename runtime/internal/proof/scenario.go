package proof

import (
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Scenario describes a world: who is there, what they do, and what may go wrong.
type Scenario struct {
	Name      string
	Instances int // 1 or 2; defaults to 1
	Phase     phase.Phase
	Settings  phase.Settings
	// Rows are in both stores at the beginning; in old alone if the phase is OldOnly, or if NewEmpty.
	Rows     map[int8]Value
	NewEmpty bool
	// Stale keys are dirty at the beginning, with the phase's primary right and the mirror's value out of date.
	Stale map[int8]Value
	// Leftovers are in the mirror at the beginning, and nobody knows of them.
	Leftovers map[int8]Value
	// Stuck keys are quarantined at the beginning; the mirror's value is out of date.
	Stuck map[int8]Value
	// Whole makes the whole kind unclean at the beginning.
	Whole   bool
	Clients []Client
	// Walk lists the phases that a coordinator goes to, one after the other.
	Walk []phase.Phase
	// Shares are what a coordinator makes the canary, by the index in Walk of the step before which it does, or the length of Walk.
	Shares map[int]float64
	// OnePhase checks that no clean key is answered or written first by two stores.
	OnePhase bool
	// Loops runs the instances' control loops even if nobody walks.
	Loops bool
	// Reconcilers lists instances that run a reconciler, each for Passes passes (default 1).
	Reconcilers []int
	Passes      int
	// ReconcileAfter is how long a reconciler waits before each pass. Defaults to the settle window.
	ReconcileAfter time.Duration
	// Backfill runs a backfill in instance 0; if that instance crashes, or BackfillTwice, another one in the last instance.
	Backfill, BackfillTwice bool
	// Stall holds the write of k0 by the backfill of instance 0 until another one is complete: it sleeps past its lease.
	Stall bool
	// Shared divides the kind after k0, and has who runs a backfill copy one range after the other beside the others who do.
	Shared bool
	// Chunk is the backfill's page size. Defaults to 1.
	Chunk int
	// Overlap lets a backfill read and write the next page while it looks what became of one.
	Overlap bool
	// Verify lists the verify passes that run beside the rest.
	Verify []Check
	// Second has the last key be of a kind of its own, which every instance has.
	Second bool
	// Swapped lists instances that were given the stores the other way round; Lossy those of another build, which does not know B.
	Swapped, Lossy []int
	// Drop has an operator drop the keys that are stuck, by instance 0.
	Drop bool

	Budget        explore.Budget
	StoreFaults   bool
	Refuses       bool // a store fault that is no late one is a refusal: nothing of the call is under way any more
	Panics        bool // store faults, and panics
	JournalFaults explore.Faults
	ControlFaults explore.Faults
	Crash         []int // instances that may crash
	// Looks lists instances that look for keys which are written all the time, so that the copier gets its turn: once the settle
	// window has passed, and again when somebody wrote.
	Looks []int
	// Idle lists instances whose control loop does not run: they sleep past their lease.
	Idle []int
	// Passing is how often a lease passes, at any time; with Leases, a quarter of one.
	Passing int
	// Apart gives the journal no Handover: the token of a key that the primary made is taken before the kind's is given up.
	Apart bool
	// Joins says, by position, which stores take the journal's token in their own transaction.
	Joins [2]bool
	// Mute has the stores not say which key they make: the wrapper reads k0.
	Mute bool
	// Later makes the joining stores run the journal's statement in a transaction of its own, behind the data's.
	Later bool
	// Late lists instances whose wrapper is constructed at run time, by their first client.
	Late []int
	// Starting lists instances that start while the scenario runs: their first pass is explored, and their clients wait for it.
	Starting []int
	// Cutoff, if set, is what a coordinator makes the cutoff of timed rollover, counted from the beginning; the keys' own times
	// are Times. Time passes once it is made.
	Cutoff time.Duration
	Times  [Keys]time.Duration
	// Frozen has all calls frozen meanwhile, and k1 copied to the new store.
	Frozen bool
	// Skew is how far the clock of each instance is from the others'.
	Skew [explore.MaxInstances]time.Duration
	// Leases makes calls depend on the instance's lease, and lets time run past it.
	Leases bool

	Off hooks.Rules
}

// Client is a thread of an instance that makes one call after the other.
type Client struct {
	Instance int
	Inputs   []Input
	// After, if set, is what the record must say before the client begins: it keeps the search to what matters.
	After func(control.Record) bool
	// Settled makes the client begin once the settle window has passed.
	Settled bool
}

// times are the keys' own times; nil where they have none.
func (sc *Scenario) times() []time.Time {
	if sc.Cutoff == 0 {
		return nil
	}
	var times []time.Time
	for _, at := range sc.Times {
		times = append(times, epoch.Add(at))
	}
	return times
}

// filled is the store that holds everything at the beginning.
func (sc *Scenario) filled() phase.Store {
	if sc.NewEmpty {
		return phase.Old
	}
	return sc.Phase.Primary()
}

// methods is the set of methods that the scenario calls.
func (sc *Scenario) methods() uint {
	set := uint(1) << Get
	for _, client := range sc.Clients {
		for _, input := range client.Inputs {
			set |= 1 << input.Act
			for _, step := range input.Steps {
				set |= 1 << step.Act
			}
		}
	}
	return set
}
