package backfill

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
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
		r.countRow(ctx, row.Key, put)
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
	return r.copier.PutRow(ctx, mirror, row)
}

// maxShown bounds the failures that a report quotes.
const maxShown = 20

func (r *run) countRow(ctx context.Context, key dual.Key, err error) {
	if err == nil {
		r.row.mu.Lock()
		defer r.row.mu.Unlock()
		r.row.inRow = 0
		return
	}
	r.log.WarnContext(ctx, "entity could not be written; it is left to the reconciler", "key", key.String(), "error", err)
	lost := r.leave(context.WithoutCancel(ctx), key, err)
	r.row.mu.Lock()
	defer r.row.mu.Unlock()
	r.row.inRow++
	r.row.total++
	r.row.last = err
	if lost != nil {
		r.row.kill = lost // neither written nor marked: the chunk must be done again
	}
	if len(r.report.Failures) < maxShown {
		r.report.Failures = append(r.report.Failures, fmt.Sprintf("%v: %v", key, err))
	}
}

// leave marks a key that could not be written dirty, with the cause in its entry where nobody else is busy with it.
func (r *run) leave(ctx context.Context, key dual.Key, cause error) error {
	if err := r.retry(ctx, "mark a failed key", func() error { return r.mark(ctx, []dual.Key{key}) }); err != nil {
		return err
	}
	j := r.migration.Journal()
	if err := j.Renew(ctx, r.holder.id, r.config.Lease); err != nil { // a crash here must not leave the token behind
		return fmt.Errorf("take a journal lease: %w", err)
	}
	token, ok, err := j.BeginCopy(ctx, r.holder.id, key, 0)
	if err == nil && ok {
		err = j.Fail(ctx, key, token, "backfill: "+cause.Error(), 0)
	}
	if err != nil && !errors.Is(err, journal.ErrTokenLost) {
		return fmt.Errorf("note why %v failed: %w", key, err)
	}
	return nil
}

// markChunk marks the chunk's keys that were written since it began: what was read of them may be out of date. If
// somebody took the backfill over meanwhile, every key of the chunk is: this run may have been paused, and written late.
func (r *run) markChunk(ctx context.Context, rows []dual.Row, since journal.Seq) error {
	fenced := r.holder.check(ctx)
	if errors.Is(fenced, ErrFenced) {
		return errors.Join(fenced, r.retry(ctx, "mark the chunk", func() error { return r.mark(ctx, keysOf(rows)) }))
	}
	if r.holder.hooks.Off.NoActivity {
		return fenced
	}
	return errors.Join(fenced, r.retry(ctx, "mark what was written during the chunk", func() error {
		written, err := r.migration.Journal().Activity(ctx, r.kind, since)
		if err != nil {
			return err
		}
		if err := r.config.reach(afterActivity, dual.Key{}); err != nil {
			return err
		}
		stale := staleKeys(rows, written)
		if err := r.mark(ctx, stale); err != nil {
			return err
		}
		r.report.Marked += int64(len(stale))
		return nil
	}))
}

// staleKeys are the keys of rows that are among those written; all of them if the whole kind was.
func staleKeys(rows []dual.Row, written []dual.Key) []dual.Key {
	among := make(map[dual.Key]bool, len(written))
	for _, key := range written {
		if key.Whole {
			return keysOf(rows)
		}
		among[key] = true
	}
	var stale []dual.Key
	for _, row := range rows {
		if among[row.Key] {
			stale = append(stale, row.Key)
		}
	}
	return stale
}

func keysOf(rows []dual.Row) []dual.Key {
	keys := make([]dual.Key, len(rows))
	for i, row := range rows {
		keys[i] = row.Key
	}
	return keys
}

// mark marks keys dirty, with the store that is copied from for those that are clean.
func (r *run) mark(ctx context.Context, keys []dual.Key) error {
	if len(keys) == 0 {
		return nil
	}
	return r.migration.Journal().MarkDirty(ctx, keys, r.holder.from)
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
