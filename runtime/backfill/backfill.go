// Package backfill copies what a store held before the migration began into the other store, while the service writes
// both.
//
// It goes through the primary in pages. Before it writes a page it saves a checkpoint: where the page begins, and the
// journal's sequence at that moment. Then it reads the page and overwrites it in the mirror, and then it asks the journal
// which of the page's keys were written since that sequence, and marks them dirty: what it read of them may be out of
// date, and the reconciler copies them again. A run that resumes after a crash first marks every key that was written
// since the checkpoint (one that was deleted meanwhile is not on the page that is read again), and then redoes the page.
//
// It runs in OldPrimary, from old to new, or, for a fleet that comes back from NewOnly, in NewPrimary, from new to old. One
// run at a time holds a kind: taking it raises a fence in the flag record, and a run that finds a greater fence than its
// own marks what it may have written late and stops.
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
	"github.com/dualgen/dualgen/runtime/internal/pace"
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
	Marked    int64    // keys of this run's chunks that were written meanwhile: left to the reconciler
	Recovered int      // keys that were marked because an earlier run had been interrupted
	Failures  []string // the first entities that could not be written, and why
	Took      time.Duration
}

// Run backfills one entity kind until it is complete, ctx ends, or too much fails. It may be called again after any
// error: it resumes at the checkpoint. A run that finds the backfill complete does nothing. When ctx ends, the entities
// being written are finished first, and the error is the context's.
func Run(ctx context.Context, m Migration, kind string, config Config) (Report, error) {
	config = config.withDefaults(m)
	began := time.Now()
	copier, err := scannable(m.Copiers(), kind)
	if err != nil {
		return Report{}, err
	}
	if fleet, ok := m.(interface{ Admitted() error }); ok {
		if err := fleet.Admitted(); err != nil {
			return Report{}, fmt.Errorf("backfill %s: %w: %w", kind, ErrNotReady, err)
		}
	}
	h, err := take(ctx, m.Control(), kind, config)
	if errors.Is(err, errComplete) {
		return complete(ctx, m, kind)
	}
	if err != nil {
		return Report{}, fmt.Errorf("backfill %s: %w", kind, err)
	}
	r := &run{
		migration: m, config: config, copier: copier, kind: kind, holder: h,
		pacer: pace.New(pace.Config{Max: config.Rate, Min: config.MinRate, Target: config.Latency}),
		log:   config.Logger.With("component", "backfill", "kind", kind),
	}
	r.limit, r.listed = r.firstLimit(), newFilter()
	err = r.do(ctx)
	r.ahead.end()
	h.close()
	r.report.Took = time.Since(began)
	if err != nil {
		return r.report, fmt.Errorf("backfill %s: %w", kind, err)
	}
	return r.report, nil
}

func scannable(copiers []dual.Copier, kind string) (dual.Copier, error) {
	for _, copier := range copiers {
		if copier.Kind() != kind {
			continue
		}
		if !copier.CanScan() {
			return nil, fmt.Errorf("%w: %s; name a listing method with scan= in its entity directive", ErrNoScan, kind)
		}
		return copier, nil
	}
	return nil, fmt.Errorf("%w: this program has no entity %s", ErrNoScan, kind)
}

// trackName is the name under which the journal remembers keys for a backfill.
func trackName(kind string) string { return "backfill/" + kind }

// complete reports a backfill that was complete before, and makes sure that the journal forgets about it.
func complete(ctx context.Context, m Migration, kind string) (Report, error) {
	if err := m.Journal().Untrack(ctx, trackName(kind)); err != nil {
		return Report{}, fmt.Errorf("backfill %s: untrack: %w", kind, err)
	}
	progress, err := Status(ctx, m.Control(), kind)
	return Report{Progress: progress}, err
}

// run is one run of a backfill.
type run struct {
	migration Migration
	config    Config
	copier    dual.Copier
	kind      string
	holder    *holder
	pacer     *pace.Pacer
	log       *slog.Logger

	report Report
	row    tally
	limit  int  // of the next page
	loop   loop // of the listing's cursors
	listed *filter
	ahead  *ahead // nil: the next page is read in its turn
	stale  int    // pages in a row that held nothing but what was listed before
}

// errKilled is what a test's step returns to end a run as a crash would: nothing is tidied up.
var errKilled = errors.New("killed by the test")

// do copies chunk by chunk, and lets go of the backfill at the end, however it ends.
func (r *run) do(ctx context.Context) error {
	point, err := r.begin(ctx)
	for done := point.Ended; err == nil && !done; {
		point, done, err = r.page(ctx, point)
		if err == nil {
			err = ctx.Err()
		}
		r.tell(point, done && err == nil)
	}
	switch {
	case errors.Is(err, errKilled):
		return err
	case err == nil:
		return r.end(ctx, point)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.config.Timeout)
	defer cancel()
	// Who cannot let go keeps others out for a lease. It changes nothing about the error.
	_ = r.holder.finish(ctx, point.Copied, false)
	r.log.WarnContext(ctx, "backfill stopped; run it again to resume", "copied", point.Copied, "error", err)
	return err
}

// begin makes the journal remember, and marks what an interrupted run may have spoiled.
func (r *run) begin(ctx context.Context) (checkpoint, error) {
	j, h := r.migration.Journal(), r.holder
	point := checkpoint{Epoch: h.epoch, From: h.from, Started: time.Now().UTC()}
	if err := r.retry(ctx, "track", func() error { _, err := j.Track(ctx, trackName(r.kind)); return err }); err != nil {
		return point, err
	}
	incarnation, err := j.Incarnation(ctx)
	if err != nil {
		return point, fmt.Errorf("read the journal's incarnation: %w", err)
	}
	point.Incarnation = incarnation
	if point.S0, err = j.Seq(ctx); err != nil {
		return point, fmt.Errorf("read the journal's sequence: %w", err)
	}
	if h.resume == nil {
		r.log.InfoContext(ctx, "backfill begins", "from", h.from, "to", h.from.Other())
		return point, nil
	}
	r.report.Resumed = true
	point.Cursor, point.Copied, point.Same = h.resume.Cursor, h.resume.Copied, h.resume.Same
	point.Repeated, point.Failed = h.resume.Repeated, h.resume.Failed
	point.Ended, point.Started = h.resume.Ended, h.resume.Started
	r.log.InfoContext(ctx, "backfill resumes", "from", h.from, "to", h.from.Other(), "copied", point.Copied)
	if incarnation != h.resume.Incarnation {
		r.log.WarnContext(ctx, "the journal has lost its memory since the backfill was interrupted; a verify pass with repair is due")
		return point, nil
	}
	return point, r.recover(ctx, h.resume.S0)
}

// recover marks every key that was written since an interrupted chunk began.
func (r *run) recover(ctx context.Context, since journal.Seq) error {
	if r.holder.hooks.Off.NoResumeMarks {
		return nil
	}
	return r.retry(ctx, "mark what was written during the interrupted chunk", func() error {
		keys, err := r.migration.Journal().Activity(ctx, r.kind, since)
		if err != nil {
			return err
		}
		r.report.Recovered = len(keys)
		return r.mark(ctx, keys)
	})
}

// end records that the backfill is complete.
func (r *run) end(ctx context.Context, point checkpoint) error {
	if err := r.config.reach(beforeComplete, dual.Key{}); err != nil {
		return err
	}
	point.Ended = true
	if err := r.retry(ctx, "save the last checkpoint", func() error { return r.holder.save(ctx, point) }); err != nil {
		return err
	}
	if err := r.holder.finish(ctx, point.Copied, true); err != nil {
		return err
	}
	if err := r.config.reach(afterComplete, dual.Key{}); err != nil {
		return err
	}
	r.log.InfoContext(ctx, "backfill complete", "copied", point.Copied, "same", point.Same, "failed", point.Failed)
	if err := r.migration.Journal().Untrack(ctx, trackName(r.kind)); err != nil {
		return fmt.Errorf("untrack: %w", err)
	}
	return nil
}

func (r *run) tell(point checkpoint, done bool) {
	r.report.Progress = Progress{
		Kind: r.kind, From: point.From, Copied: point.Copied, Same: point.Same, Repeated: point.Repeated, Failed: point.Failed, Cursor: point.Cursor,
		Complete: done, Holder: r.holder.id, Started: point.Started, Saved: time.Now().UTC(),
	}
	if r.config.OnProgress != nil {
		r.config.OnProgress(r.report.Progress)
	}
}
