// Package backfill copies what a store held before the migration began into the other store, while the service writes
// both.
//
// Before it writes anything it saves a checkpoint: where it begins, and the journal's sequence at that moment. Then it goes through
// the primary in pages. It notes the journal's sequence, reads a page and overwrites it in the mirror, looks whether the mirror holds
// it (of a batch, at a sample), and asks the journal which of the page's keys were written since that sequence. Those it marks dirty: what it read of them may
// be out of date, and the reconciler copies them again. Then the checkpoint moves past the page, with the page's sequence. A run
// that resumes after a crash first marks every key that was written since the checkpoint's sequence (one that was deleted
// meanwhile is not on a page that is read again), and goes on where the checkpoint stands.
//
// Where several calls may run at once, the next page is read, and its writes begin, while it is looked at what became of a page. So
// two pages at most are under way, the checkpoint stands before both, and its sequence is older than what was read of either.
//
// It runs in OldPrimary, from old to new, or, for a fleet that comes back from NewOnly, in NewPrimary, from new to old. One
// run at a time holds a kind: taking it raises a fence in the flag record, and a run that finds a greater fence than its
// own marks what it may have written late and stops. Several processes copy a kind in ranges of its listing: see Share.
//
// Entities that are in the mirror alone are not found by a backfill, but by package verify, which reads both sides.
package backfill

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/activity"
	"github.com/dualgen/dualgen/runtime/internal/owner"
	"github.com/dualgen/dualgen/runtime/internal/pace"
	"github.com/dualgen/dualgen/runtime/internal/ranges"
	"github.com/dualgen/dualgen/runtime/journal"
)

// Errors that callers tell apart.
var (
	// ErrNotReady: the fleet does not write both stores yet, or no longer does.
	ErrNotReady = errors.New("dualgen: backfill cannot run in this phase")
	// ErrRunning: somebody else is running this backfill.
	ErrRunning = errors.New("dualgen: backfill is already running")
	// ErrFenced: somebody else took this backfill over, because this run gave no sign of life.
	ErrFenced = errors.New("dualgen: backfill was taken over")
	// ErrFailing: too many entities in a row could not be written.
	ErrFailing = errors.New("dualgen: backfill stopped: too many entities in a row could not be written")
	// ErrNoScan: the entity kind is not known, or has no method that lists it.
	ErrNoScan = errors.New("dualgen: entity kind cannot be listed")
	// ErrNoScanSince: the entity kind has no method that lists what was stored since a time.
	ErrNoScanSince = errors.New("dualgen: entity kind cannot be listed by time")
	// ErrOtherSince: an interrupted run is there that copies since another time, or all. Resume that one, or begin anew with Restart.
	ErrOtherSince = errors.New("dualgen: an interrupted backfill copies since another time")
	// ErrScanLoops: the listing came back to a page that it had been at.
	ErrScanLoops = errors.New("dualgen: the listing goes round in circles")
)

// Migration is what a backfill needs to know of a migration. *dual.Migration is one.
type Migration interface {
	Journal() journal.Journal
	Control() control.Control
	Copiers() []dual.Copier
	Instance() string
	Settle() time.Duration
}

// Report is what one run did.
type Report struct {
	Progress           // at the end of the run
	Resumed   bool     // an earlier run was taken up
	Chunks    int      // that this run wrote
	Marked    int64    // keys of this run's chunks that were written meanwhile, without those that failed: left to the reconciler
	Recovered int      // keys that were marked because an earlier run had been interrupted
	Failures  []string // the first entities that could not be written, and why
	Took      time.Duration
}

// admitted says why this instance must not copy.
func admitted(m Migration) error {
	if err := owner.Admitted(m); err != nil {
		return fmt.Errorf("%w: %w", ErrNotReady, err)
	}
	return nil
}

func scannable(copiers []dual.Copier, kind string, since bool) (dual.Copier, error) {
	for _, copier := range copiers {
		if copier.Kind() != kind {
			continue
		}
		if !copier.CanScan() {
			return nil, fmt.Errorf("%w: %s; name a listing method with scan= in its entity directive", ErrNoScan, kind)
		}
		if since && !copier.CanScanSince() {
			return nil, fmt.Errorf("%w: %s; name a listing with since= in its entity directive", ErrNoScanSince, kind)
		}
		return copier, nil
	}
	return nil, fmt.Errorf("%w: this program has no entity %s", ErrNoScan, kind)
}

// trackName is the name under which the journal remembers keys for a backfill, until it is complete or begun anew.
func trackName(kind string, track uint64) string { return fmt.Sprintf("backfill/%s/%d", kind, track) }

// run is one run of a backfill.
type run struct {
	migration Migration
	config    Config
	copier    dual.Copier
	kind      string
	holder    *holder
	pacer     *pace.Pacer
	log       *slog.Logger

	end      *ranges.End   // of the range; nil where it ends with the listing
	point    checkpoint    // all before it is done
	pass     activity.Pass // the latest over the kind when the run began
	saved    time.Time     // when a checkpoint was last
	row      tally
	limit    int  // of the next page
	loop     loop // of the listing's cursors
	listed   *filter
	overlaps bool   // what comes before and after the writes of a page happens during those of others
	ahead    *ahead // nil: the next page is read in its turn
	settling *part  // was written; what became of it is being looked at
	looks    chan struct{}
	samples  sampler
	stale    int // pages in a row that held nothing but what was listed before

	report Report // what parts add to it, they add one after the other
}

// errKilled is what a test's step returns to end a run as a crash would: nothing is tidied up.
var errKilled = errors.New("killed by the test")

// do copies chunk by chunk, and lets go of the backfill at the end, however it ends.
func (r *run) do(ctx context.Context) error {
	var err error
	if r.point, err = r.begin(ctx); err == nil {
		r.end, err = endOf(ctx, r)
	}
	if err == nil {
		err = r.pages(ctx)
	}
	point := r.point
	r.tell(point, point.Ended && err == nil)
	switch {
	case errors.Is(err, errKilled):
		return err
	case err == nil:
		return r.finish(ctx, point)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.config.Timeout)
	defer cancel()
	// Who cannot save or let go does work again, or keeps others out for a lease. It changes nothing about the error.
	if r.overlaps && !r.saved.IsZero() && !errors.Is(err, ErrFenced) {
		_ = r.holder.save(ctx, point)
	}
	// After its lease, what it sent may still land: then who comes next waits that out.
	if !r.holder.lapsed() {
		_, _ = r.holder.finish(ctx, point, false)
	}
	r.log.WarnContext(ctx, "backfill stopped; run it again to resume", "copied", point.Copied, "error", err)
	return err
}

// begin makes the journal remember, and marks what an interrupted run may have spoiled.
func (r *run) begin(ctx context.Context) (checkpoint, error) {
	j, h := r.migration.Journal(), r.holder
	point := checkpoint{Epoch: h.epoch, From: h.from, Since: r.config.Since, Started: time.Now().UTC()}
	if err := r.retry(ctx, "track", func() error { _, err := j.Track(ctx, trackName(r.kind, h.track)); return err }); err != nil {
		return point, err
	}
	incarnation, err := j.Incarnation(ctx)
	if err != nil {
		return point, fmt.Errorf("read the journal's incarnation: %w", err)
	}
	point.Incarnation = incarnation
	if r.pass, err = activity.LoadPass(ctx, r.migration.Control(), r.kind); err != nil {
		return point, err
	}
	point.Pass = r.pass
	if point.S0, err = j.Seq(ctx); err != nil {
		return point, fmt.Errorf("read the journal's sequence: %w", err)
	}
	from := h.left
	if h.resume != nil {
		from, r.report.Resumed = h.resume, true
		point.Cursor, point.Copied, point.Same = h.resume.Cursor, h.resume.Copied, h.resume.Same
		point.Repeated, point.Failed = h.resume.Repeated, h.resume.Failed
		point.Ended, point.Started = h.resume.Ended, h.resume.Started
		r.log.InfoContext(ctx, "backfill resumes", "from", h.from, "to", h.from.Other(), "copied", point.Copied)
	} else {
		point.Cursor = h.after
		r.log.InfoContext(ctx, "backfill begins", "from", h.from, "to", h.from.Other(), "since", sinceText(r.config.Since))
	}
	if from != nil {
		if err := r.recover(ctx, *from, incarnation); err != nil {
			return point, err
		}
	}
	return point, r.retry(ctx, "untrack", func() error { return h.forget(ctx, j) })
}

// forget has the journal forget about backfills that this one replaced. Of a divided kind, who takes the first range does.
func (h *holder) forget(ctx context.Context, j journal.Journal) error {
	if h.claim != nil && h.claim.Index > 0 {
		return nil
	}
	for track := uint64(1); track < h.track; track++ {
		if err := j.Untrack(ctx, trackName(h.kind, track)); err != nil {
			return err
		}
	}
	return nil
}

// recover marks every key that was written since an interrupted chunk began, where the journal still knows.
func (r *run) recover(ctx context.Context, from checkpoint, incarnation string) error {
	if incarnation != from.Incarnation {
		r.log.WarnContext(ctx, "the journal has lost its memory since the backfill was interrupted; a verify pass with repair is due")
		return nil
	}
	if r.holder.hooks.Off.NoResumeMarks {
		return nil
	}
	return r.retry(ctx, "mark what was written during the interrupted chunk", func() error {
		written, err := r.written(ctx, from.S0, from.Pass)
		if err != nil {
			return err
		}
		keys := written.Keys
		if written.Unnamed {
			keys = append(keys, dual.Key{Kind: r.kind, Whole: true})
		}
		r.report.Recovered = len(keys)
		return r.mark(ctx, keys)
	})
}

// finish records that the backfill, or its range, is complete. With the last range, the kind is.
func (r *run) finish(ctx context.Context, point checkpoint) error {
	if err := r.config.reach(beforeComplete, dual.Key{}); err != nil {
		return err
	}
	complete, err := r.holder.finish(ctx, point, true)
	if err != nil {
		return err
	}
	if err := r.config.reach(afterComplete, dual.Key{}); err != nil {
		return err
	}
	r.log.InfoContext(ctx, "backfill complete", "copied", point.Copied, "same", point.Same, "failed", point.Failed)
	if !complete {
		return nil
	}
	if err := r.migration.Journal().Untrack(ctx, trackName(r.kind, r.holder.track)); err != nil {
		return fmt.Errorf("untrack: %w", err)
	}
	return nil
}

// tell notes how far the run is. Parts are told of one after the other, in their order.
func (r *run) tell(point checkpoint, done bool) {
	progress := Progress{
		Kind: r.kind, From: point.From, Copied: point.Copied, Same: point.Same, Repeated: point.Repeated, Failed: point.Failed, Cursor: point.Cursor,
		Complete: done, Since: point.Since, Holder: r.holder.id, Started: point.Started, Saved: time.Now().UTC(),
	}
	r.report.Progress = progress
	if r.config.OnProgress != nil {
		r.config.OnProgress(progress)
	}
}
