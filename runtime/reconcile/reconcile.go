// Package reconcile copies unclean keys from their primary to the mirror until the journal is empty.
//
// A key turns dirty when a mirror write failed, when two writes overlapped, when an instance died in the middle of one,
// or when a backfill or a verify pass marked it. The reconciler waits until the key has been idle for the settle window,
// takes a copier's token on it (which clears the mark, so that a writer that overlaps sets it again), reads the entity
// from the store that the journal names as the key's primary, puts or deletes it in the other one, and gives the token up.
//
// Run one in every instance. They elect nobody: the journal gives each key to one of them, and a copy of a key that
// needed none changes nothing. A reconciler that dies leaves its tokens to their lease.
//
// Entries for a whole entity kind, left by writes whose keys nobody knew, are not for the reconciler: a verify pass with
// repair clears them.
package reconcile

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/internal/owner"
	"github.com/dualgen/dualgen/runtime/internal/pace"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Migration is what a reconciler needs to know of a migration. *dual.Migration is one.
type Migration interface {
	Journal() journal.Journal
	Phase() phase.Phase
	Copiers() []dual.Copier
	Instance() string
	Settle() time.Duration
}

// Stats counts what a reconciler did since it was made.
type Stats struct {
	Passes      int64   // listings of the journal
	Copied      int64   // keys copied, their token given up clean
	Failed      int64   // copies that failed and will be retried
	Quarantined int64   // keys given up after too many failures
	Busy        int64   // keys that turned out to be in use, or taken by another reconciler
	Expired     int64   // keys taken away from instances that died
	Rate        float64 // copies a second that the stores' latency allows at present; 0 for no limit
}

// Pass is the result of one [Reconciler.Once].
type Pass struct {
	Copied  int // keys copied
	Failed  int // copies that failed
	Busy    int // keys in use meanwhile
	Waiting int // keys listed whose backoff has not passed
	Whole   int // entries of whole kinds: left to verify with repair
	Unknown int // keys of kinds that this program has no entity for
	// More reports whether there may be other keys ready to be copied.
	More bool
}

// Reconciler copies unclean keys. Make one with [New].
type Reconciler struct {
	migration Migration
	config    Config
	hooks     hooks.Hooks
	pacer     *pace.Pacer
	log       *slog.Logger

	running sync.Mutex   // one pass at a time
	limit   int          // of the next listing
	holder  *owner.Owner // of the passes' tokens; nil before the first copy, and after the journal failed

	took atomic.Int64 // nanoseconds that a copy took lately, with its share of the journal's calls; 0 before the first

	passes, copied, failed, quarantined, busy, expired atomic.Int64
}

// New returns a reconciler of a migration.
func New(m Migration, config Config) *Reconciler {
	config = config.withDefaults(m)
	h := hooks.Or(config.Hooks)
	if h.Off.NoSettle {
		config.Settle = 0
	}
	return &Reconciler{
		migration: m,
		config:    config,
		hooks:     h,
		pacer:     pace.New(pace.Config{Max: config.Rate, Min: minRate, Target: latency}),
		log:       config.Logger.With("component", "reconcile"),
		limit:     config.batch,
	}
}

// Run reconciles until ctx ends; see [Reconciler.Run].
func Run(ctx context.Context, m Migration, config Config) { New(m, config).Run(ctx) }

// Run makes passes until ctx ends. A pass that fails because the journal does is logged and tried again; Run returns
// when every copy in flight has ended.
func (r *Reconciler) Run(ctx context.Context) {
	defer r.dropHolder()
	if fleet, ok := r.migration.(interface{ Reconciling() (stop func()) }); ok {
		defer fleet.Reconciling()() // the fleet is warned where nobody does
	}
	for {
		pass, err := r.pass(ctx)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			r.log.WarnContext(ctx, "reconcile pass failed", "error", err)
		}
		if err == nil && pass.More && pass.Copied+pass.Failed > 0 {
			continue
		}
		timer := time.NewTimer(r.config.Interval)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}

// Stats returns what was done so far.
func (r *Reconciler) Stats() Stats {
	return Stats{
		Passes:      r.passes.Load(),
		Copied:      r.copied.Load(),
		Failed:      r.failed.Load(),
		Quarantined: r.quarantined.Load(),
		Busy:        r.busy.Load(),
		Expired:     r.expired.Load(),
		Rate:        r.pacer.Rate(),
	}
}

// Once takes the keys of dead instances away, lists the keys that are ready and copies them. In a phase without mirror it
// does nothing. The error is the journal's; a store's error is counted, logged and kept in the key's entry.
func (r *Reconciler) Once(ctx context.Context) (Pass, error) {
	defer r.dropHolder()
	return r.pass(ctx)
}

func (r *Reconciler) pass(ctx context.Context) (Pass, error) {
	r.running.Lock()
	defer r.running.Unlock()
	if !r.migration.Phase().Mirrored() {
		return Pass{}, nil
	}
	if err := r.admitted(); errors.Is(err, errPaused) {
		return Pass{}, nil
	} else if err != nil {
		return Pass{}, err
	}
	r.passes.Add(1)
	j := r.migration.Journal()
	expired, err := j.Expire(ctx)
	if err != nil {
		return Pass{}, fmt.Errorf("expire journal leases: %w", err)
	}
	if expired > 0 {
		r.expired.Add(int64(expired))
		r.log.InfoContext(ctx, "took keys away from instances whose lease ran out", "keys", expired)
	}
	entries, err := j.Unclean(ctx, journal.Query{Copyable: true, IdleFor: r.config.Settle, Limit: r.limit})
	if err != nil {
		return Pass{}, fmt.Errorf("list unclean keys: %w", err)
	}
	ready, pass := r.ready(entries)
	pass.More = len(entries) == r.limit
	r.limit = r.nextLimit(len(entries), len(ready))
	if len(ready) == 0 {
		return pass, nil
	}
	if err = r.copyAll(ctx, ready, &pass); errors.Is(err, errPaused) {
		pass.More, err = false, nil
	}
	return pass, err
}

// errPaused breaks a pass off: an operator has paused copies.
var errPaused = errors.New("copies are paused")

// admitted says why this instance must not copy.
func (r *Reconciler) admitted() error {
	if owner.Paused(r.migration) {
		return errPaused
	}
	if err := owner.Admitted(r.migration); err != nil {
		return fmt.Errorf("this instance must not copy: %w", err)
	}
	return nil
}

// job is a key to copy.
type job struct {
	entry  journal.Entry
	copier dual.Copier
}

// ready sorts out the entries that cannot be copied now, and shuffles the rest, so that several reconcilers that list the
// same entries seldom meet at one.
func (r *Reconciler) ready(entries []journal.Entry) ([]job, Pass) {
	copiers := make(map[string]dual.Copier)
	for _, copier := range r.migration.Copiers() {
		copiers[copier.Kind()] = copier
	}
	var pass Pass
	var jobs []job
	for _, entry := range entries {
		copier, known := copiers[entry.Key.Kind]
		switch {
		case entry.Key.Whole:
			pass.Whole++
		case !known:
			pass.Unknown++
		case entry.Idle < r.config.Settle+r.config.backoff(entry.Attempts):
			pass.Waiting++
		default:
			jobs = append(jobs, job{entry, copier})
		}
	}
	if r.hooks.Manual {
		return jobs, pass
	}
	rand.Shuffle(len(jobs), func(a, b int) { jobs[a], jobs[b] = jobs[b], jobs[a] })
	return jobs, pass
}

// maxLimit bounds a listing, whatever stands in its way.
const maxLimit = 1 << 16

// nextLimit widens the next listing while entries that cannot be copied now crowd out those that can: a listing begins
// with the oldest, and those are the ones that keep failing.
func (r *Reconciler) nextLimit(listed, ready int) int {
	if listed == r.limit && ready < listed/2 {
		return min(2*r.limit, maxLimit)
	}
	return r.config.batch
}

// copyAll copies the keys with a bounded number of workers, and returns when all have ended.
func (r *Reconciler) copyAll(ctx context.Context, jobs []job, pass *Pass) error {
	if r.holder == nil {
		holder, err := owner.Start(ctx, r.migration.Journal(), r.config.Owner, r.config.Lease, r.hooks)
		if err != nil {
			return err
		}
		r.holder = holder
	}
	b := &batch{reconciler: r, owner: r.holder}
	defer func() { pass.Copied, pass.Failed, pass.Busy = b.copied, b.failed, b.busy }()
	if r.hooks.Manual {
		b.inTurn(ctx, jobs)
	} else {
		b.atOnce(ctx, jobs)
	}
	if b.err != nil || r.holder.Lost() {
		// Tokens of unknown fate may be left under this name: let its lease run out, and go on under another.
		r.holder.Stop()
		r.holder = nil
	}
	return b.err
}

// dropHolder lets go of the name that the passes hold tokens under.
func (r *Reconciler) dropHolder() {
	r.running.Lock()
	defer r.running.Unlock()
	if r.holder != nil {
		r.holder.Stop()
		r.holder = nil
	}
}
