package backfill

import (
	"context"
	"errors"
	"fmt"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
)

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
