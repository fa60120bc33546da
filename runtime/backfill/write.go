package backfill

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
)

// tally counts what becomes of rows.
type tally struct {
	mu     sync.Mutex
	counts            // of the present part
	put    []dual.Row // were written, and are yet to be seen
	inRow  int        // could not be written, one after the other
	unseen int        // were written, and not seen, one after the other
	last   error
	kill   error // from a test, or a failure that must end the run
}

// write makes the mirror hold the rows and returns what became of them. It stops early, with an error, when too many fail in a row,
// when the lease lapses, or when caller has ended; what was begun is finished. Rows that the mirror holds already are not
// written; those that are, are looked at afterwards.
func (r *run) write(ctx, caller context.Context, v view, rows []dual.Row) (counts, error) {
	r.row.counts, r.row.put = counts{}, nil
	v.part = rows
	todo := r.todo(ctx, v, rows)
	err := r.each(caller, todo, r.batch(), func(rows []dual.Row) { r.writeRows(ctx, v, rows) })
	if err == nil || !errors.Is(err, errKilled) {
		err = errors.Join(err, r.seeAll(ctx, v))
	}
	if err == nil {
		err = r.config.reach(afterWrite, dual.Key{})
	}
	for _, row := range rows {
		r.listed.add(row.Key)
	}
	r.row.mu.Lock()
	defer r.row.mu.Unlock()
	return r.row.counts, err
}

// todo are the rows to be written: without those that are listed twice, or that the mirror was seen to hold already.
func (r *run) todo(ctx context.Context, v view, rows []dual.Row) []dual.Row {
	var todo []dual.Row
	among := make(map[dual.Key]bool, len(rows))
	for _, row := range rows {
		if among[row.Key] {
			r.row.Repeated++
			continue
		}
		among[row.Key] = true
		if v.before != nil && r.same(ctx, v, row) {
			r.row.held(r.listed.has(row.Key))
		} else {
			todo = append(todo, row)
		}
	}
	return todo
}

// held counts a row that the mirror held already.
func (t *tally) held(listed bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.inRow = 0
	if listed {
		t.Repeated++
		return
	}
	t.Copied++
	t.Same++
}

// each has the rows worked at, some at a time, with a bounded number of workers.
func (r *run) each(caller context.Context, rows []dual.Row, size int, work func(rows []dual.Row)) (err error) {
	slots := make(chan struct{}, max(r.config.Workers, 1))
	var workers sync.WaitGroup
	for first := 0; first < len(rows) && err == nil; first += size {
		some := rows[first:min(first+size, len(rows))]
		slots <- struct{}{}
		if err = r.mayWrite(caller, len(some)); err != nil {
			break
		}
		if r.holder.hooks.Manual { // on the caller's goroutine, for a test that schedules the steps itself
			work(some)
			<-slots
			continue
		}
		workers.Go(func() {
			defer func() { <-slots }()
			work(some)
		})
	}
	workers.Wait()
	r.row.mu.Lock()
	defer r.row.mu.Unlock()
	if r.row.kill != nil {
		return r.row.kill
	}
	return err
}

// mayWrite waits until the next rows are due and says why they must not be written.
func (r *run) mayWrite(caller context.Context, n int) error {
	if err := r.pacer.Wait(caller, n); err != nil {
		return err
	}
	r.row.mu.Lock()
	defer r.row.mu.Unlock()
	switch failed := max(r.row.inRow, r.row.unseen); {
	case r.row.kill != nil:
		return r.row.kill
	case failed >= r.config.MaxFailures:
		return fmt.Errorf("%w: %d; the last one: %w", ErrFailing, failed, r.row.last)
	case r.holder.lapsed():
		return fmt.Errorf("%w: no sign of life could be saved for %v", ErrFenced, r.config.Lease)
	}
	return nil
}

// writeRows overwrites entities in the mirror: several by one call where it takes them, else one. If it does not take them all, each
// is written by itself, so that one that cannot be written is found.
func (r *run) writeRows(ctx context.Context, v view, rows []dual.Row) {
	if len(rows) > 1 {
		began := time.Now()
		err := r.putRows(ctx, rows)
		r.pacer.Observe(time.Since(began)/time.Duration(1+len(rows)/100), err)
		if err == nil {
			r.seeBatch(ctx, v, rows)
			return
		}
	}
	for _, row := range rows {
		if !r.goesOn(ctx) {
			return
		}
		r.writeRow(ctx, v, row)
	}
}

// goesOn reports whether the rest of a batch may be worked at; if not, the run ends, and the page is not done.
func (r *run) goesOn(ctx context.Context) bool {
	err := r.mayWrite(ctx, 0)
	if err == nil {
		return true
	}
	r.row.mu.Lock()
	defer r.row.mu.Unlock()
	if r.row.kill == nil {
		r.row.kill = err
	}
	return false
}

// putRows writes several entities by one call.
func (r *run) putRows(ctx context.Context, rows []dual.Row) (err error) {
	defer caught(&err)
	ctx, cancel := context.WithTimeout(ctx, r.config.Timeout)
	defer cancel()
	return r.copier.PutRows(ctx, r.holder.from.Other(), rows)
}

// writeRow overwrites one entity in the mirror. One that cannot be written is left to the reconciler, with the cause.
func (r *run) writeRow(ctx context.Context, v view, row dual.Row) {
	err := r.config.reach(beforePut, row.Key)
	if err == nil {
		r.putRow(ctx, v, row)
		err = r.config.reach(afterPut, row.Key)
	}
	if err != nil {
		r.row.mu.Lock()
		defer r.row.mu.Unlock()
		r.row.kill = err
	}
}

func (r *run) putRow(ctx context.Context, v view, row dual.Row) {
	if v.before == nil && r.same(ctx, v, row) {
		r.row.held(r.listed.has(row.Key))
		return
	}
	began := time.Now()
	err := r.put(ctx, row)
	r.pacer.Observe(time.Since(began), err)
	switch {
	case err != nil:
		r.fail(ctx, row, err, &r.row.inRow)
	case v.keyed:
		r.row.mu.Lock()
		defer r.row.mu.Unlock()
		r.row.inRow = 0
		r.row.put = append(r.row.put, row)
	default:
		r.see(ctx, row)
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
	return r.copier.PutRow(ctx, mirror, row)
}
