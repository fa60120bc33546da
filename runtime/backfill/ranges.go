package backfill

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/internal/limits"
	"github.com/dualgen/dualgen/runtime/internal/pace"
	"github.com/dualgen/dualgen/runtime/internal/ranges"
)

// sharedLease is short, so that the range of a process that was killed is soon another's.
const sharedLease = 6 * time.Second

// Share backfills kinds together with other processes that call it too, until all are complete. Kinds are divided into ranges of their
// listings; each process holds one range at a time under a lease and a fence of its own, and those of processes that died are resumed
// at their checkpoints. A kind is complete when all its ranges are done. Only a listing after keys can be divided: any other kind is one
// range, and so is one that is copied by Since. What a plan of ranges was begun with stays until it is complete, or Restart gives it up.
//
// Rate is this process's own; the rate of the fleet's settings is divided among the processes that copy. There is a report for each
// kind: its Progress is of all processes together, the rest of this one.
func Share(ctx context.Context, m Migration, kinds []string, config Config) ([]Report, error) {
	s := &sharer{migration: m, whole: config, reports: make([]Report, len(kinds)), planned: make(map[string]bool)}
	for i, kind := range kinds {
		s.reports[i].Kind = kind
	}
	if err := limits.Config(config); err != nil {
		return s.reports, err
	}
	if config.Ranges > ranges.Most || len(config.Splits) >= ranges.Most {
		return s.reports, fmt.Errorf("dualgen: a kind is divided into %d ranges at most", ranges.Most)
	}
	config.Lease, config.Ranges = cmp.Or(config.Lease, sharedLease), cmp.Or(config.Ranges, 32)
	s.config = config.withDefaults(m)
	s.log = s.config.Logger.With("component", "backfill")
	s.id = s.config.Holder + "-" + rand.Text()[:10]
	s.pacer = newPacer(m, s.config, &s.others)
	s.hooks = newHolder(m.Control(), "", s.config, s.id).hooks
	s.watch = &watch{control: m.Control(), kinds: kinds, config: s.config, hooks: s.hooks}
	defer s.watch.begin(ctx)()
	began := time.Now()
	err := s.all(ctx, kinds)
	for i, kind := range kinds {
		progress, failed := Status(context.WithoutCancel(ctx), m.Control(), kind)
		s.reports[i].Progress, s.reports[i].Took = progress, time.Since(began)
		err = errors.Join(err, failed)
	}
	return s.reports, err
}

// sharer is one process's part.
type sharer struct {
	migration Migration
	config    Config
	whole     Config // as it was asked for
	id        string
	hooks     hooks.Hooks
	log       *slog.Logger
	pacer     *pace.Pacer
	others    sharing
	watch     *watch
	reports   []Report
	planned   map[string]bool // kinds whose plan is as was asked for: Restart gives up what was there before
	told      time.Time
	settled   uint64 // the epoch that all instances are known to follow
}

// state is how far a kind is for this process.
type state int

const (
	nothing state = iota // nothing is left to do
	working              // something was done, and there may be more
	waiting              // others copy what is left
)

// all works at the kinds until they are complete.
func (s *sharer) all(ctx context.Context, kinds []string) error {
	for {
		open := false
		for i, kind := range kinds {
			is := working
			for is == working {
				var err error
				if is, err = s.step(ctx, i, kind); err != nil {
					return fmt.Errorf("backfill %s: %w", kind, err)
				}
				s.tell(ctx, kind)
			}
			open = open || is == waiting
		}
		if !open {
			return nil
		}
		if err := s.hooks.Sleep(ctx, s.config.Lease/4); err != nil {
			return err
		}
		if s.hooks.Manual {
			if err := s.watch.look(ctx); err != nil {
				return err
			}
		}
	}
}

// step makes a plan where there is none, and copies a range that is free.
func (s *sharer) step(ctx context.Context, i int, kind string) (state, error) {
	copier, err := scannable(s.migration.Copiers(), kind, !s.config.Since.IsZero())
	if err != nil {
		return nothing, err
	}
	if err := admitted(s.migration); err != nil {
		return nothing, err
	}
	h := newHolder(s.migration.Control(), kind, s.config, s.id)
	h.others = &s.others
	current, err := s.ready(ctx, h)
	if err != nil {
		return nothing, err
	}
	b := current.Backfills[kind]
	is := stands(b, current) && (!s.config.Restart || s.planned[kind])
	switch {
	case is && b.Complete && (b.Since.IsZero() || b.Since.Equal(s.config.Since)):
		return nothing, nil
	case is && !b.Complete && len(b.Ranges) == 0:
		return s.runWhole(ctx, i, kind)
	case !is || b.Complete:
		return working, s.plan(ctx, h, copier, current)
	case !b.Since.Equal(s.config.Since):
		return nothing, fmt.Errorf("%w: %s", ErrOtherSince, sinceText(b.Since))
	}
	s.planned[kind] = true
	taken, err := h.takeRange(ctx, current, s.watch.dead)
	switch {
	case err != nil:
		return nothing, err
	case !taken:
		return waiting, nil
	}
	return working, s.copy(ctx, i, copier, h)
}

// ready is the holder's, which is asked once for each epoch: before each page the record is looked at anyway.
func (s *sharer) ready(ctx context.Context, h *holder) (control.Record, error) {
	current, err := h.control.Load(ctx)
	if err != nil || current.Epoch == s.settled && s.settled > 0 {
		return current, err
	}
	if current, err = h.ready(ctx); err == nil {
		s.settled = current.Epoch
	}
	return current, err
}

// runWhole goes on with a backfill that was begun whole.
func (s *sharer) runWhole(ctx context.Context, i int, kind string) (state, error) {
	report, err := Run(ctx, s.migration, kind, s.whole)
	if errors.Is(err, ErrRunning) {
		return waiting, nil
	}
	s.reports[i] = report
	return working, err
}

// plan divides a kind that nobody copies.
func (s *sharer) plan(ctx context.Context, h *holder, copier dual.Copier, current control.Record) error {
	was := current.Backfills[h.kind]
	if was.Holder != "" && !h.hooks.Off.NoTakeoverWait {
		if err := h.waitOut(ctx, was); err != nil {
			return err
		}
	}
	h.epoch, h.from = current.MirroredSince, current.Phase.Primary()
	afters, err := s.divide(ctx, copier, h.from)
	if err != nil {
		return err
	}
	if stands(was, current) && !was.Complete {
		if err := s.giveUp(ctx, h, copier, was); err != nil {
			return err
		}
	}
	_, err = control.Update(ctx, h.control, func(next *control.Record) error {
		if b := next.Backfills[h.kind]; b.Fence != was.Fence || b.Holder != was.Holder || b.Complete != was.Complete ||
			next.Phase != current.Phase || next.MirroredSince != current.MirroredSince {
			return ranges.ErrOvertaken
		}
		if next.Backfills == nil {
			next.Backfills = make(map[string]control.Backfill)
		}
		next.By = h.id
		next.Backfills[h.kind] = ranges.Divide(control.Backfill{Epoch: h.epoch, From: h.from, Fence: was.Fence + 1, Since: s.config.Since, Track: was.Fence + 1}, afters)
		return nil
	})
	if errors.Is(err, ranges.ErrOvertaken) {
		return nil
	}
	s.planned[h.kind] = err == nil
	return err
}

// divide returns the IDs of the keys that divide the kind.
func (s *sharer) divide(ctx context.Context, copier dual.Copier, from dual.Store) ([]string, error) {
	source := ranges.Source{Copier: copier, Store: from, Timeout: s.config.Timeout}
	if len(s.config.Splits) > 0 {
		if !source.CanDivide() || !s.config.Since.IsZero() {
			return nil, fmt.Errorf("%s cannot be divided: its listing cannot start at a key", copier.Kind())
		}
		return slices.Clone(s.config.Splits), nil
	}
	if s.config.Ranges == 1 || !s.config.Since.IsZero() {
		return nil, nil
	}
	afters, why, err := source.Plan(ctx, s.config.Ranges)
	if err == nil && len(afters) == 0 {
		s.log.InfoContext(ctx, "one process at a time copies the kind", "kind", copier.Kind(), "because", why)
	}
	return afters, err
}

// giveUp marks what the interrupted part of a plan, or of a run, may have left out of date: another plan does not resume it.
func (s *sharer) giveUp(ctx context.Context, h *holder, copier dual.Copier, was control.Backfill) error {
	left, err := leftOf(ctx, h.control, h.kind, was)
	if len(was.Ranges) == 0 {
		left, err = loadCheckpoint(ctx, h.control, h.kind, was.Epoch, was.Fence)
	}
	if err != nil && !errors.Is(err, errDamaged) {
		return err
	}
	if left == nil {
		return nil
	}
	incarnation, err := s.migration.Journal().Incarnation(ctx)
	if err != nil {
		return fmt.Errorf("read the journal's incarnation: %w", err)
	}
	return newRun(s.migration, copier, h, s.pacer).recover(ctx, *left, incarnation)
}

// copy copies the range that was taken.
func (s *sharer) copy(ctx context.Context, i int, copier dual.Copier, h *holder) error {
	if s.config.OnProgress != nil {
		h.config.OnProgress = func(Progress) { s.tell(ctx, h.kind) }
	}
	r := newRun(s.migration, copier, h, s.pacer)
	r.report = Report{Failures: s.reports[i].Failures}
	err := copyAll(ctx, r)
	sum := &s.reports[i]
	sum.Resumed = sum.Resumed || r.report.Resumed
	sum.Chunks, sum.Marked, sum.Recovered = sum.Chunks+r.report.Chunks, sum.Marked+r.report.Marked, sum.Recovered+r.report.Recovered
	sum.Failures = r.report.Failures
	if err != nil && ctx.Err() == nil && (errors.Is(err, ErrFenced) || h.lapsed()) { // whose writes end with the lease
		s.log.WarnContext(ctx, "a range was taken over; going on with others", "kind", h.kind, "range", h.claim.Index, "error", err)
		return nil
	}
	return err
}

// tell reports now and then how far all processes are together.
func (s *sharer) tell(ctx context.Context, kind string) {
	if s.config.OnProgress == nil || time.Since(s.told) < time.Second {
		return
	}
	s.told = time.Now()
	if progress, err := Status(ctx, s.migration.Control(), kind); err == nil {
		s.config.OnProgress(progress)
	}
}
