package backfill

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/limits"
	"github.com/dualgen/dualgen/runtime/internal/owner"
	"github.com/dualgen/dualgen/runtime/internal/pace"
)

// Run backfills one entity kind until it is complete, ctx ends, or too much fails. It may be called again after any
// error: it resumes at the checkpoint. A run that finds the backfill complete does nothing. When ctx ends, the entities
// being written are finished first, and the error is the context's.
func Run(ctx context.Context, m Migration, kind string, config Config) (Report, error) {
	if err := limits.Config(config); err != nil {
		return Report{}, err
	}
	asked := config
	config = config.withDefaults(m)
	began := time.Now()
	copier, err := scannable(m.Copiers(), kind, !config.Since.IsZero())
	if err != nil {
		return Report{}, err
	}
	if err := admitted(m); err != nil {
		return Report{}, fmt.Errorf("backfill %s: %w", kind, err)
	}
	h, err := take(ctx, m.Control(), kind, config)
	switch {
	case errors.Is(err, errComplete):
		return complete(ctx, m, kind, h.track)
	case errors.Is(err, errDivided):
		reports, err := Share(ctx, m, []string{kind}, asked)
		return reports[0], err
	}
	if err != nil {
		return Report{}, fmt.Errorf("backfill %s: %w", kind, err)
	}
	r := newRun(m, copier, h, newPacer(m, config, h.others))
	err = copyAll(ctx, r)
	r.report.Took = time.Since(began)
	if err != nil {
		return r.report, fmt.Errorf("backfill %s: %w", kind, err)
	}
	return r.report, nil
}

// newPacer holds what a process writes to its part of the fleet's rate.
func newPacer(m Migration, config Config, others *sharing) *pace.Pacer {
	return pace.New(pace.Config{Max: config.Rate, Min: minRate, Target: latency, Paused: func() bool { return owner.Paused(m) },
		Limit: func() float64 { return others.share(owner.BackfillRate(m)) }})
}

// newRun is a run over what the holder has taken.
func newRun(m Migration, copier dual.Copier, h *holder, pacer *pace.Pacer) *run {
	r := &run{
		migration: m, config: h.config, copier: copier, kind: h.kind, holder: h, pacer: pacer,
		log: h.config.Logger.With("component", "backfill", "kind", h.kind),
	}
	if h.claim != nil {
		r.log = r.log.With("range", h.claim.Index)
	}
	r.limit, r.listed = r.firstLimit(), newFilter()
	r.overlaps, r.looks = r.config.Workers > 1, make(chan struct{}, max(r.config.Workers, 1))
	return r
}

// copyAll runs it to its end.
func copyAll(ctx context.Context, r *run) error {
	err := r.do(ctx)
	r.ahead.end(r.holder.hooks)
	r.holder.close()
	return err
}

// complete reports a backfill that was complete before, and makes sure that the journal forgets about it.
func complete(ctx context.Context, m Migration, kind string, track uint64) (Report, error) {
	if err := m.Journal().Untrack(ctx, trackName(kind, track)); err != nil {
		return Report{}, fmt.Errorf("backfill %s: untrack: %w", kind, err)
	}
	progress, err := Status(ctx, m.Control(), kind)
	return Report{Progress: progress}, err
}
