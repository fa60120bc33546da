package backfill

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
)

// pages copies page after page, beginning at the checkpoint. The order of the steps is the protocol's; see the package comment.
func (r *run) pages(ctx context.Context) error {
	if r.point.Ended {
		return nil
	}
	if !r.holder.hooks.Off.CheckpointLast {
		if err := r.save(ctx, r.point); err != nil {
			return err
		}
	}
	var err error
	for cursor, more := r.point.Cursor, true; err == nil && more; {
		var s *sheet
		if err = r.pacer.Wait(ctx, 0); err == nil { // where the fleet is paused, before the page is read
			err = r.holder.check(ctx)
		}
		if err == nil {
			err = admitted(r.migration)
		}
		if err == nil {
			s, err = r.sheet(ctx, cursor)
		}
		if err == nil {
			err = r.page(ctx, s)
			cursor, more = s.next, s.next != ""
		}
		if err == nil {
			err = ctx.Err()
		}
	}
	return errors.Join(r.settled(), err)
}

// page copies the rows of a page, some at a time: a listing that knows no pages is one long page. While it is looked at what became
// of some, the next ones are written, be they of the next page.
func (r *run) page(ctx context.Context, s *sheet) error {
	began, size := time.Now(), r.limit
	for first := 0; first < len(s.rows) || first == 0; first += size {
		p := r.part(ctx, s, first, size)
		written := r.write(p)
		written = errors.Join(r.settled(), written)
		r.settle(p, written)
		if written != nil || !r.overlaps {
			if err := r.settled(); err != nil {
				return err
			}
		}
		if err := ctx.Err(); err != nil && !p.last {
			return err
		}
	}
	r.adapt(time.Since(began))
	return nil
}

// save persists a checkpoint. Before anything is written there is one; after that, it moves past a part when that is done.
func (r *run) save(ctx context.Context, point checkpoint) error {
	if err := r.config.reach(beforeCheckpoint, dual.Key{}); err != nil {
		return err
	}
	if err := r.retry(ctx, "save the checkpoint", func() error { return r.holder.save(ctx, point) }); err != nil {
		return err
	}
	return r.config.reach(afterCheckpoint, dual.Key{})
}

// read returns the page after cursor, as the primary has it now.
func (r *run) read(ctx context.Context, cursor string, limit int) (rows []dual.Row, next string, err error) {
	err = r.retry(ctx, "read a page", func() (err error) {
		defer caught(&err)
		ctx, cancel := context.WithTimeout(ctx, r.config.Timeout)
		defer cancel()
		if r.config.Since.IsZero() {
			rows, next, err = r.copier.Page(ctx, r.holder.from, cursor, limit)
		} else {
			rows, next, err = r.copier.PageSince(ctx, r.holder.from, r.config.Since, cursor, limit)
		}
		return err
	})
	if err != nil {
		return nil, "", err
	}
	if r.loop.closes(cursor, next) {
		return nil, "", fmt.Errorf("%w: the scan of %s comes back to a cursor that it had", ErrScanLoops, r.kind)
	}
	return rows, next, r.config.reach(afterRead, dual.Key{})
}

// A call that fails is tried again after a pause that doubles.
const (
	tries      = 5
	firstPause = 100 * time.Millisecond
)

// retry repeats a call that can safely be repeated.
func (r *run) retry(ctx context.Context, what string, call func() error) error {
	pause := firstPause
	for try := 1; ; try++ {
		err := call()
		if err == nil || errors.Is(err, errKilled) {
			return err
		}
		if try == tries || ctx.Err() != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		r.log.WarnContext(ctx, "backfill: "+what+" failed; it is tried again", "error", err)
		if err := r.holder.hooks.Sleep(ctx, pause); err != nil {
			return err
		}
		pause *= 2
	}
}

// caught turns a panic of a store or of a conversion into an error.
func caught(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
	}
}
