package backfill

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
)

// tally is what stops a run, and guards the counts of its parts.
type tally struct {
	mu     sync.Mutex
	inRow  int  // could not be written, one after the other
	unseen int  // were written, and not seen, one after the other
	drops  bool // a row was accepted, and not seen
	last   error
	kill   error // from a test, or a failure that must end the run
}

// written says that the mirror takes what it is given.
func (t *tally) written() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.inRow = 0
}

// write makes the mirror hold the rows of a part. It stops early, with an error, when too many fail in a row, when the lease lapses, or
// when the caller has ended; what was begun is finished. Rows that the mirror holds already are not written; those that are, are
// looked at afterwards.
func (r *run) write(p *part) error {
	return r.each(p.until, r.todo(p), r.batch(), func(rows []dual.Row) { r.writeRows(p, rows) })
}

// todo are the rows to be written: without those that are listed twice, or that the mirror was seen to hold already.
func (r *run) todo(p *part) []dual.Row {
	todo := make([]dual.Row, 0, len(p.rows))
	among := make(map[dual.Key]bool, len(p.rows))
	for _, row := range p.rows {
		if among[row.Key] {
			p.counts.Repeated++
			continue
		}
		among[row.Key] = true
		if r.listed.add(row.Key) {
			p.again = append(p.again, row.Key)
		}
		if p.view.before != nil && r.same(p, row) {
			r.held(p, row)
		} else {
			todo = append(todo, row)
		}
	}
	return todo
}

// held counts a row that the mirror held already.
func (r *run) held(p *part, row dual.Row) {
	r.row.mu.Lock()
	defer r.row.mu.Unlock()
	r.row.inRow = 0
	if slices.Contains(p.again, row.Key) {
		p.counts.Repeated++
		return
	}
	p.counts.Copied++
	p.counts.Same++
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
	case failed >= r.config.maxFailures:
		return fmt.Errorf("%w: %d; the last one: %w", ErrFailing, failed, r.row.last)
	case r.holder.lapsed():
		return fmt.Errorf("%w: no sign of life could be saved for %v", ErrFenced, r.config.Lease)
	}
	return nil
}

// writeRows overwrites entities in the mirror: several by one call where it takes them, else one. If it does not take them all, each
// is written by itself, so that one that cannot be written is found.
func (r *run) writeRows(p *part, rows []dual.Row) {
	if len(rows) > 1 {
		began := time.Now()
		err := r.putRows(p.ctx, rows)
		r.pacer.Observe(time.Since(began)/time.Duration(1+len(rows)/100), err)
		if err == nil {
			r.row.written()
			r.seeSoon(p, rows)
			return
		}
	}
	for _, row := range rows {
		if !r.goesOn(p.ctx) {
			return
		}
		r.writeRow(p, row)
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
func (r *run) writeRow(p *part, row dual.Row) {
	err := r.config.reach(beforePut, row.Key)
	if err == nil {
		r.putRow(p, row)
		err = r.config.reach(afterPut, row.Key)
	}
	if err != nil {
		r.row.mu.Lock()
		defer r.row.mu.Unlock()
		r.row.kill = err
	}
}

func (r *run) putRow(p *part, row dual.Row) {
	if p.view.before == nil && r.same(p, row) {
		r.held(p, row)
		return
	}
	began := time.Now()
	err := r.put(p.ctx, row)
	r.pacer.Observe(time.Since(began), err)
	switch {
	case err != nil:
		r.fail(p, row, err, &r.row.inRow)
	case p.view.keyed:
		r.row.written()
		r.row.mu.Lock()
		defer r.row.mu.Unlock()
		p.put = append(p.put, row)
	default:
		r.see(p, row)
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
