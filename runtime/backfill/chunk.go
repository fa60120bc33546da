package backfill

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
)

// page copies the page after point.Cursor and returns the checkpoint after it. The order of its steps is the protocol's;
// see the package comment.
func (r *run) page(ctx context.Context, point checkpoint) (next checkpoint, done bool, err error) {
	if err := r.holder.check(ctx); err != nil {
		return point, false, err
	}
	began := time.Now()
	sheet := r.ahead.take()
	r.ahead = nil
	if sheet == nil {
		if sheet, err = r.begun(ctx, point); err != nil {
			return point, false, err
		}
	}
	point.S0 = sheet.s0
	if !r.holder.hooks.Off.CheckpointLast {
		if err := r.save(ctx, point); err != nil {
			return point, false, err
		}
	}
	if err := r.fetch(ctx, sheet); err != nil {
		return point, false, err
	}
	rows, cursor := sheet.rows, sheet.next
	r.readAhead(ctx, cursor)
	before := point
	point, err = r.parts(ctx, point, sheet)
	if err != nil {
		return point, false, err
	}
	if err := r.repeated(len(rows), before, point); err != nil {
		return point, false, err
	}
	r.report.Chunks++
	r.adapt(time.Since(began))
	point.Cursor = cursor
	if r.holder.hooks.Off.CheckpointLast {
		if err := r.save(ctx, point); err != nil {
			return point, false, err
		}
	}
	return point, cursor == "", nil
}

// parts copies the rows of a page, some at a time: a listing that knows no pages is one long page. It returns the checkpoint
// with what became of them; the one that is saved meanwhile counts them apart, since they count again where the page is redone.
func (r *run) parts(ctx context.Context, point checkpoint, sheet *sheet) (checkpoint, error) {
	rows := sheet.rows
	// From here on a part is finished even if the caller gives up: a write that is cut off may land later.
	working, cancel := r.holder.lease(context.WithoutCancel(ctx))
	defer cancel()
	within := point
	for first := 0; first < len(rows) || first == 0; first += r.limit {
		part, view := rows[first:min(first+r.limit, len(rows))], sheet.view
		if first > 0 {
			view.cursor = rows[first-1].Key.ID // where it is a cursor
		}
		view.limit = max(len(part), 1)
		c, err := r.write(working, ctx, view, part)
		if err == nil || !errors.Is(err, errKilled) {
			err = errors.Join(err, r.markChunk(context.WithoutCancel(ctx), part, point.S0))
		}
		if err == nil {
			err = r.config.reach(afterMarks, dual.Key{})
		}
		if err != nil {
			return point, err
		}
		within.Within = within.Within.add(c)
		if first+r.limit < len(rows) {
			if err := errors.Join(ctx.Err(), r.holder.save(ctx, within)); err != nil {
				return point, err
			}
			r.tell(point.add(within.Within), false)
		}
	}
	return point.add(within.Within), nil
}

// save persists the checkpoint before anything of its chunk is written.
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
		rows, next, err = r.copier.Page(ctx, r.holder.from, cursor, limit)
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
