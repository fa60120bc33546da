package backfill

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
)

// failures counts entities that could not be written.
type failures struct {
	mu    sync.Mutex
	inRow int
	total int64 // of the present chunk
	last  error
	kill  error // from a test
}

// write puts the rows in the mirror with a bounded number of workers, and returns how many failed. It stops early, with
// an error, when too many fail in a row, when the lease lapses, or when caller has ended; a row once begun is finished.
func (r *run) write(ctx, caller context.Context, rows []dual.Row) (failed int64, err error) {
	r.row.total = 0
	if r.holder.hooks.Manual {
		return r.writeInTurn(ctx, caller, rows)
	}
	slots := make(chan struct{}, r.config.Workers)
	var workers sync.WaitGroup
	for _, row := range rows {
		slots <- struct{}{}
		if err = r.mayWrite(caller); err != nil {
			break
		}
		workers.Go(func() {
			defer func() { <-slots }()
			r.writeRow(ctx, row)
		})
	}
	workers.Wait()
	return r.written(err)
}

// writeInTurn is write on the caller's goroutine, for a test that schedules the steps itself.
func (r *run) writeInTurn(ctx, caller context.Context, rows []dual.Row) (failed int64, err error) {
	for _, row := range rows {
		if err = r.mayWrite(caller); err != nil {
			break
		}
		r.writeRow(ctx, row)
	}
	return r.written(err)
}

// written sums a chunk's writes up.
func (r *run) written(err error) (failed int64, _ error) {
	r.row.mu.Lock()
	defer r.row.mu.Unlock()
	if r.row.kill != nil {
		return r.row.total, r.row.kill
	}
	if err == nil {
		err = r.config.reach(afterWrite, dual.Key{})
	}
	return r.row.total, err
}

// mayWrite waits until the next row is due and says why it must not be written.
func (r *run) mayWrite(caller context.Context) error {
	if err := r.pacer.Wait(caller, 1); err != nil {
		return err
	}
	r.row.mu.Lock()
	defer r.row.mu.Unlock()
	if r.row.kill != nil {
		return r.row.kill
	}
	if r.row.inRow >= r.config.MaxFailures {
		return fmt.Errorf("%w: %d; the last one: %w", ErrFailing, r.row.inRow, r.row.last)
	}
	if r.holder.lapsed() {
		return fmt.Errorf("%w: no sign of life could be saved for %v", ErrFenced, r.config.Lease)
	}
	return nil
}

// writeRow overwrites one entity in the mirror. One that cannot be written is left to the reconciler, with the cause.
func (r *run) writeRow(ctx context.Context, row dual.Row) {
	err := r.config.reach(beforePut, row.Key)
	if err == nil {
		began := time.Now()
		put := r.put(ctx, row)
		r.pacer.Observe(time.Since(began), put)
		if r.moved(ctx, row, put) {
			put = r.retry(context.WithoutCancel(ctx), "mark a key", func() error { return r.mark(ctx, []dual.Key{row.Key}) })
		}
		r.countRow(ctx, row, put)
		err = r.config.reach(afterPut, row.Key)
	}
	if err != nil {
		r.row.mu.Lock()
		defer r.row.mu.Unlock()
		r.row.kill = err
	}
}

func (r *run) put(ctx context.Context, row dual.Row) (err error) {
	defer caught(&err)
	ctx, cancel := context.WithTimeout(ctx, r.config.Timeout)
	defer cancel()
	mirror := r.holder.from.Other()
	if r.holder.hooks.Off.PutIfAbsent {
		if _, found, err := r.copier.Row(ctx, mirror, row.Key); found || err != nil {
			return err
		}
	}
	if err := r.copier.PutRow(ctx, mirror, row); err != nil {
		return err
	}
	return r.copier.Check(ctx, mirror, row)
}

// moved reports whether a row that is not in the mirror as it was read is no failure: it was written since.
func (r *run) moved(ctx context.Context, row dual.Row, err error) (moved bool) {
	if !errors.Is(err, dual.ErrNotCopied) {
		return false
	}
	entry, unclean, lookup := r.migration.Journal().Lookup(ctx, row.Key)
	return lookup == nil && unclean && entry.Key == row.Key || errors.Is(r.check(ctx, r.holder.from, row), dual.ErrNotCopied)
}

// check looks whether a store holds a row.
func (r *run) check(ctx context.Context, store dual.Store, row dual.Row) (err error) {
	defer caught(&err)
	ctx, cancel := context.WithTimeout(ctx, r.config.Timeout)
	defer cancel()
	return r.copier.Check(ctx, store, row)
}

// maxShown bounds the failures that a report quotes.
const maxShown = 20

func (r *run) countRow(ctx context.Context, row dual.Row, err error) {
	key := row.Key
	if err == nil {
		r.row.mu.Lock()
		defer r.row.mu.Unlock()
		r.row.inRow = 0
		return
	}
	r.log.WarnContext(ctx, "entity could not be written; it is left to the reconciler", "key", key.String(), "error", err)
	lost := r.leave(context.WithoutCancel(ctx), key, err)
	// A mirror that holds the row, and refuses to write it once more, is not down.
	refused := r.check(ctx, r.holder.from.Other(), row) == nil
	r.row.mu.Lock()
	defer r.row.mu.Unlock()
	if !refused {
		r.row.inRow++
	}
	r.row.total++
	r.row.last = err
	if lost != nil {
		r.row.kill = lost // neither written nor marked: the chunk must be done again
	}
	if len(r.report.Failures) < maxShown {
		r.report.Failures = append(r.report.Failures, fmt.Sprintf("%v: %v", key, err))
	}
}
