// Package hooks lets tests drive the runtime: its clock, its waiting, its goroutines, and, one by one, the rules that
// make it safe. It is internal, so that no program can switch a rule off. The zero Hooks is what production runs with.
package hooks

import (
	"context"
	"math/rand/v2"
	"time"
)

// Hooks replaces what the runtime takes from the world around it.
type Hooks struct {
	// Now is the instance's clock. Defaults to time.Now.
	Now func() time.Time
	// Sleep waits for d, or until ctx ends. Defaults to a timer.
	Sleep func(ctx context.Context, d time.Duration) error
	// Jitter makes the pause before a call is tried again, of the one that is meant. Defaults to something at random between a
	// half and one and a half of it.
	Jitter func(d time.Duration) time.Duration
	// Go starts a goroutine. Defaults to the go statement.
	Go func(f func())
	// Wait blocks until done is closed. Defaults to a receive.
	Wait func(done <-chan struct{})
	// Await is Wait for a caller that may give up first: it returns the error of ctx then.
	Await func(ctx context.Context, done <-chan struct{}) error
	// Manual starts no background loop: the test calls Follow, Retry and Look, which New sets. Mirror writes have no deadline.
	Manual bool
	// Leases enforces the instance's lease even where the control store lives in this process.
	Leases bool
	// Off names the rules that are switched off.
	Off Rules

	// Follow makes one pass of the control loop: renew, load, apply, acknowledge. Set by dual.NewMigration where Manual.
	Follow func(ctx context.Context) error
	// Due reports whether a pass of the control loop, or of the retries, has anything to do beside looking at the record. Set
	// by dual.NewMigration where Manual.
	Due func() bool
	// Retry makes one attempt at the journal ends that failed, and returns how many are left. Set by dual.NewMigration where Manual.
	Retry func(ctx context.Context) int
	// Look looks once for keys that are written all the time. Set by dual.NewMigration where Manual.
	Look func(ctx context.Context) error
}

// Rules are the protocol's rules, each of which a red control can switch off. The zero Rules leaves all of them on.
type Rules struct {
	NoAdopt         bool // journal: a writer ignores the direction of an unclean key
	NoOverlap       bool // journal: overlapping writers do not make the key dirty
	SharedTokens    bool // journal: one mark a key; any end of a write clears it
	NoGuard         bool // dual: guarded reads do not look at the journal
	NoDrain         bool // dual: an epoch is acknowledged while older calls still run
	NoTxTokens      bool // dual: a transaction's writes take no tokens
	NoTxClash       bool // dual: a transaction writes keys that are unclean in the other direction
	NoTxDoubt       bool // dual: a commit that failed counts as rolled back
	NoMadeToken     bool // dual: a write whose key the primary makes takes no token before it knows the key
	NoUntold        bool // dual: a made entity of which the store does not say the key is copied under that key
	NoKindMark      bool // dual: a write of unknown keys leaves its kind clean
	NoListedToken   bool // dual: a write whose keys are listed takes no token on their kind
	NoListedMarks   bool // dual: the keys that were listed are not marked
	NoRefusedCopy   bool // dual: the key of a write that the primary refused counts as clean, whatever the store did before
	NoRefusedDoubt  bool // dual: a refused write is settled though its mirror, beside it, may still land
	NoKindCheck     bool // dual: calls are let in though a kind was never proved equal
	NoStoreCheck    bool // dual: calls are let in though the stores are not the fleet's
	NoShapeCheck    bool // dual: calls are let in though the build knows other fields than were proved
	NoJoin          bool // dual: calls are let in though the record does not say that this build came, which knows other fields than the last one
	NoLease         bool // dual: calls run on after the instance's lease ran out
	NoCopierLease   bool // dual: who copies does not look at the instance's lease
	NoTurns         bool // dual: the writers of a key that is written all the time never wait for its copy
	NoTurnEnd       bool // dual: they wait until it was copied, however long that takes
	NoReach         bool // dual: keys are served however far ahead of the last look at the record they are
	NoQueueMark     bool // dual: a write whose mirror is queued leaves its key clean
	CanaryAnywhere  bool // dual: keys differ in their phase where reads do not look at the journal
	CanaryUnstable  bool // dual: which keys are in the canary depends on the instance
	NoFallbackGuard bool // dual: a miss of an unclean key falls back
	FallbackOnError bool // dual: an error falls back as a miss does, whatever the journal says of the key
	NoBring         bool // dual: a write does not bring what only the complete store holds before it writes the other
	NoBeginEach     bool // dual: the tokens of keys that must follow the complete store are taken all at once
	SaveUnclaimed   bool // dual: a save-through writes without a token
	NoComplete      bool // dual: writes of many entities follow the phase's primary though that is not complete
	RepairPrimary   bool // verify: what differs is copied from the phase's primary though that is not complete
	ParallelGuarded bool // dual: mirrors run beside the primary in the guarded phases
	NoGate          bool // control: the coordinator moves without asking its gates
	NoShapeGate     bool // control: instances may know different fields, and a certificate counts whatever build it is of
	NoSettle        bool // reconcile, dual: nobody waits out the stores' own timeouts
	NoDoubt         bool // journal: the settle window counts from a key's first attempt, whatever became of later ones
	NoClaimSettle   bool // journal: a copy's claim does not ask again whether the settle window has passed
	CopyThenClear   bool // reconcile, verify: the mark is cleared after the copy instead of before it
	CopyFromPhase   bool // reconcile: a copy is made from the phase's primary instead of the entry's
	CheckpointLast  bool // backfill: the checkpoint is saved after its chunk instead of before it
	PutIfAbsent     bool // backfill: entities that are in the mirror are left alone
	NoActivity      bool // backfill: keys that were written while their chunk was copied are not marked
	NoResumeMarks   bool // backfill: keys that were written since an interrupted chunk began are not marked
	NoPassTrace     bool // backfill: a verify pass that cleared the entry of the whole kind is no news
	NoUnnamed       bool // activity: writes of unknown keys count for none
	NoDropDoubt     bool // quarantine: certificates are void before the key counts as one that cannot be copied, not after
	YoungSeq        bool // backfill: a checkpoint's sequence is younger than a page that was read ahead
	NoFence         bool // backfill: nobody looks whether somebody else took over
	NoTakeoverWait  bool // backfill: a dead run's lease and settle window are not waited out

	AnyRangeCompletes bool // backfill: a kind is complete when one of its ranges is done
}

// Or returns h, or the zero Hooks for nil, with its defaults filled in.
func Or(h *Hooks) Hooks {
	var filled Hooks
	if h != nil {
		filled = *h
	}
	if filled.Now == nil {
		filled.Now = time.Now
	}
	if filled.Sleep == nil {
		filled.Sleep = sleep
	}
	if filled.Jitter == nil {
		filled.Jitter = func(d time.Duration) time.Duration { return d/2 + rand.N(d) }
	}
	if filled.Go == nil {
		filled.Go = func(f func()) { go f() }
	}
	if filled.Wait == nil {
		filled.Wait = func(done <-chan struct{}) { <-done }
	}
	if filled.Await == nil {
		filled.Await = await
	}
	return filled
}

func await(ctx context.Context, done <-chan struct{}) error {
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
