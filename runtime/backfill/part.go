package backfill

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
)

// part is some rows of a page: written, looked at and marked.
type part struct {
	sheet *sheet
	rows  []dual.Row
	view  view
	last  bool            // of its page
	ctx   context.Context // of its writes: ends with the lease, and not because the caller gives up
	until context.Context // the caller's: nothing is begun after it
	end   context.CancelFunc

	again  []dual.Key     // were listed before
	counts counts         // guarded by tally.mu
	left   []dual.Key     // could not be written, and are marked for that; guarded by tally.mu
	put    []dual.Row     // were written, and are yet to be seen; guarded by tally.mu
	looks  sync.WaitGroup // at batches that were written
	err    error
	done   chan struct{}
}

// part makes a part of at most size rows. A part is finished even if the caller gives up: a write that is cut off may land later.
func (r *run) part(ctx context.Context, s *sheet, first, size int) *part {
	p := &part{
		sheet: s, rows: s.rows[first:min(first+size, len(s.rows))], view: s.view, last: first+size >= len(s.rows),
		until: ctx, done: make(chan struct{}),
	}
	p.ctx, p.end = r.holder.lease(context.WithoutCancel(ctx))
	if first > 0 {
		p.view.cursor = s.rows[first-1].Key.ID // where it is a cursor
	}
	p.view.limit = max(len(p.rows), 1)
	return p
}

// settle looks at what became of a part that was written, marks what was written meanwhile, and moves the checkpoint past it. It does
// so beside the writes of the next part where the run overlaps; see settled.
func (r *run) settle(p *part, written error) {
	r.settling = p
	work := func() {
		defer close(p.done)
		defer p.end()
		p.err = r.conclude(p, written)
	}
	if r.overlaps {
		r.holder.hooks.Go(work)
		return
	}
	work()
}

// settled waits until the part that is settling has, if any is, and returns how that went.
func (r *run) settled() error {
	p := r.settling
	r.settling = nil
	if p == nil {
		return nil
	}
	r.holder.hooks.Wait(p.done)
	return p.err
}

func (r *run) conclude(p *part, err error) error {
	p.looks.Wait()
	if !errors.Is(err, errKilled) {
		err = errors.Join(err, r.seeAll(p))
	}
	if err == nil {
		err = r.config.reach(afterWrite, dual.Key{})
	}
	if !errors.Is(err, errKilled) {
		err = errors.Join(err, r.markChunk(context.WithoutCancel(p.until), p))
	}
	if err == nil {
		err = r.config.reach(afterMarks, dual.Key{})
	}
	if err != nil {
		return err
	}
	return r.advance(p)
}

// advance moves the checkpoint past a part that is done. What was done of a page counts apart until all of it is: it counts again
// where the page is redone.
func (r *run) advance(p *part) error {
	r.point.S0 = p.sheet.s0 // the next page may have been read since: what was written from here on is marked again
	if r.holder.hooks.Off.YoungSeq {
		if seq, err := r.migration.Journal().Seq(p.until); err == nil {
			r.point.S0 = seq
		}
	}
	r.point.Within = r.point.Within.add(p.counts)
	if p.last {
		before := r.point
		r.point = r.point.add(r.point.Within)
		r.point.Within, r.point.Cursor, r.point.Ended = counts{}, p.sheet.next, p.sheet.next == ""
		if err := r.repeated(len(p.sheet.rows), before, r.point); err != nil {
			return err
		}
		r.report.Chunks++
	}
	if now := r.holder.hooks.Now(); !r.overlaps || r.point.Ended || now.Sub(r.saved) >= saveEvery {
		// What was done is kept even if the caller gives up.
		if err := r.save(context.WithoutCancel(p.until), r.point); err != nil {
			return err
		}
		r.saved = now
	}
	r.tell(r.point.add(r.point.Within), false)
	return nil
}

// saveEvery is how much work may be done again after a crash, where pages are quick. A checkpoint that lags behind is as right as
// any: its sequence is older.
const saveEvery = 250 * time.Millisecond
