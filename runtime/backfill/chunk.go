package backfill

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
)

// chunk copies the page after point.Cursor and returns the checkpoint after it. The order of its steps is the protocol's;
// see the package comment.
func (r *run) chunk(ctx context.Context, point checkpoint) (next checkpoint, done bool, err error) {
	if err := r.holder.check(ctx); err != nil {
		return point, false, err
	}
	if r.report.Chunks > 0 {
		if err := r.retry(ctx, "read the journal's sequence", func() (err error) {
			point.S0, err = r.migration.Journal().Seq(ctx)
			return err
		}); err != nil {
			return point, false, err
		}
	}
	if !r.holder.hooks.Off.CheckpointLast {
		if err := r.save(ctx, point); err != nil {
			return point, false, err
		}
	}
	rows, cursor, err := r.read(ctx, point.Cursor)
	if err != nil {
		return point, false, err
	}
	// From here on the chunk is finished even if the caller gives up: a write that is cut off may land later.
	working, cancel := r.holder.lease(context.WithoutCancel(ctx))
	failed, err := r.write(working, ctx, rows)
	cancel()
	if err == nil || !errors.Is(err, errKilled) {
		err = errors.Join(err, r.markChunk(context.WithoutCancel(ctx), rows, point.S0))
	}
	if err != nil {
		return point, false, err
	}
	if err := r.config.reach(afterMarks, dual.Key{}); err != nil {
		return point, false, err
	}
	r.report.Chunks++
	point.Cursor, point.Copied, point.Failed = cursor, point.Copied+int64(len(rows))-failed, point.Failed+failed
	if r.holder.hooks.Off.CheckpointLast {
		if err := r.save(ctx, point); err != nil {
			return point, false, err
		}
	}
	return point, cursor == "", nil
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
func (r *run) read(ctx context.Context, cursor string) (rows []dual.Row, next string, err error) {
	err = r.retry(ctx, "read a page", func() (err error) {
		defer caught(&err)
		ctx, cancel := context.WithTimeout(ctx, r.config.Timeout)
		defer cancel()
		rows, next, err = r.copier.Page(ctx, r.holder.from, cursor, r.config.Chunk)
		return err
	})
	if err != nil {
		return nil, "", err
	}
	if next == cursor && next != "" {
		return nil, "", fmt.Errorf("the scan of %s does not move on from cursor %q", r.kind, cursor)
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
