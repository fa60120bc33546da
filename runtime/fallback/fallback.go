// Package fallback copies in the background what no call has touched, while the fleet reads a store that is still being filled
// (phase.Settings.Fallback).
//
// A backfill cannot do that: it overwrites, and puts right afterwards what was written meanwhile, which nobody sees as long as reads
// come from the other store. Here they come from the store that is written. So each entity is brought under a token of its key, as a
// call brings it that touches it: it never overwrites a newer value, and never brings back what was deleted.
package fallback

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/limits"
	"github.com/dualgen/dualgen/runtime/internal/owner"
	"github.com/dualgen/dualgen/runtime/internal/pace"
)

// Errors that callers tell apart.
var (
	// ErrNotReady: reads do not fall back. In OldPrimary and NewPrimary, package backfill copies.
	ErrNotReady = errors.New("dualgen: nothing falls back in this phase")
	// ErrNoScan: the entity kind is not known, or has no method that lists it.
	ErrNoScan = errors.New("dualgen: entity kind cannot be listed")
)

// Config of a copy. The zero value is the safest.
type Config struct {
	// By names who runs it, for the record's trail. Defaults to the instance's name.
	By string
	// Rate is how many entities a second are brought at most; a negative one means no limit. The rate in use follows the stores'
	// latency and begins at a tenth. Defaults to 5,000.
	Rate float64
	// OnProgress is called after each page. Defaults to nothing.
	OnProgress func(Report)
}

// Report is what a run did.
type Report struct {
	Kind     string
	Listed   int64 // entities of the complete store
	Brought  int64 // that were copied, or left to the reconciler because a call was at work on them
	Complete bool  // all were listed
	Took     time.Duration
}

// Copy brings every entity of a kind that the store which reads move to does not have. It may be called again after any error: what is
// there is passed over. When it comes to its end, the record says that the kind was copied.
func Copy(ctx context.Context, m *dual.Migration, kind string, config Config) (Report, error) {
	report, began := Report{Kind: kind}, time.Now()
	if err := limits.Config(config); err != nil {
		return report, err
	}
	record, err := control.Settled(ctx, m.Control())
	switch {
	case err != nil:
		return report, fmt.Errorf("copy %s: %w", kind, err)
	case !record.FallsBack():
		return report, fmt.Errorf("copy %s in %v: %w", kind, record.Phase, ErrNotReady)
	}
	copier := scannable(m, kind)
	if copier == nil {
		return report, fmt.Errorf("%w: %s; name a listing method with scan= in its entity directive", ErrNoScan, kind)
	}
	r := &run{m: m, config: config.withDefaults(m), copier: copier, record: record}
	r.pacer = pace.New(pace.Config{Max: r.config.Rate, Min: minRate, Target: latency, Paused: func() bool { return owner.Paused(m) }})
	err = r.pages(ctx, &report)
	if err == nil {
		err = r.complete(ctx, &report)
	}
	report.Took = time.Since(began)
	if err != nil {
		return report, fmt.Errorf("copy %s: %w", kind, err)
	}
	return report, nil
}

const (
	page    = 500                   // entities that are listed at once
	atOnce  = 8                     // entities that are brought at once
	minRate = 10                    // entities a second that are brought however slow the stores are
	latency = 50 * time.Millisecond // how long one may take before the rate is lowered
)

func (c Config) withDefaults(m *dual.Migration) Config {
	if c.By == "" {
		c.By = m.Instance()
	}
	if c.Rate == 0 {
		c.Rate = 5000
	}
	return c
}

func scannable(m *dual.Migration, kind string) dual.Copier {
	for _, copier := range m.Copiers() {
		if copier.Kind() == kind && copier.CanScan() {
			return copier
		}
	}
	return nil
}

// run is one Copy.
type run struct {
	m      *dual.Migration
	config Config
	copier dual.Copier
	record control.Record
	pacer  *pace.Pacer
}

// pages goes through the complete store.
func (r *run) pages(ctx context.Context, report *Report) error {
	seen := map[string]bool{}
	for cursor := ""; ; {
		rows, next, err := r.copier.Page(ctx, r.record.Complete(), cursor, page)
		if err != nil {
			return err
		}
		if err := r.bring(ctx, rows, report); err != nil {
			return err
		}
		if r.config.OnProgress != nil {
			r.config.OnProgress(*report)
		}
		if next == "" {
			return nil
		}
		if seen[next] {
			return fmt.Errorf("the listing goes round in circles, at %q", next)
		}
		seen[next] = true
		cursor = next
	}
}

// bring brings a page's entities, several at once.
func (r *run) bring(ctx context.Context, rows []dual.Row, report *Report) error {
	slots := make(chan struct{}, atOnce)
	var workers sync.WaitGroup
	var brought atomic.Int64
	var failed error
	var mu sync.Mutex
	fail := func(err error) {
		mu.Lock()
		defer mu.Unlock()
		failed = errors.Join(failed, err)
	}
	broken := func() bool {
		mu.Lock()
		defer mu.Unlock()
		return failed != nil
	}
	for _, row := range rows {
		slots <- struct{}{}
		if broken() {
			break
		}
		if err := r.pacer.Wait(ctx, 1); err != nil {
			fail(err)
			break
		}
		workers.Go(func() {
			defer func() { <-slots }()
			began := time.Now()
			did, err := dual.Bring(ctx, r.m, row.Key)
			r.pacer.Observe(time.Since(began), err)
			if err != nil {
				fail(fmt.Errorf("bring %v: %w", row.Key, err))
			}
			if did {
				brought.Add(1)
			}
		})
	}
	workers.Wait()
	report.Listed += int64(len(rows))
	report.Brought += brought.Load()
	return failed
}

// complete stores in the record that the kind was copied, as a backfill would. The gates and the command ask for that.
func (r *run) complete(ctx context.Context, report *Report) error {
	_, err := control.Update(ctx, r.m.Control(), func(next *control.Record) error {
		if !next.FallsBack() || next.MirroredSince != r.record.MirroredSince {
			return ErrNotReady
		}
		if next.Backfills == nil {
			next.Backfills = make(map[string]control.Backfill)
		}
		b := next.Backfills[report.Kind]
		if b.Epoch != next.MirroredSince {
			b = control.Backfill{Fence: b.Fence}
		}
		b.Epoch, b.From, b.Complete, b.Holder = next.MirroredSince, next.MirroredFrom, true, ""
		b.Ranges = nil // another copy brought all of it
		b.Copied += report.Brought
		next.Backfills[report.Kind], next.By = b, r.config.By
		return nil
	})
	report.Complete = err == nil
	return err
}
