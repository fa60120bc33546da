package backfill

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/activity"
	"github.com/dualgen/dualgen/runtime/journal"
)

// markChunk marks the chunk's keys that were written since it began: what was read of them may be out of date. If
// somebody took the backfill over meanwhile, every key of the chunk is: this run may have been paused, and written late.
func (r *run) markChunk(ctx context.Context, p *part) error {
	rows := p.rows
	fenced := r.holder.check(ctx)
	if errors.Is(fenced, ErrFenced) {
		return errors.Join(fenced, r.retry(ctx, "mark the chunk", func() error { return r.mark(ctx, keysOf(rows)) }))
	}
	if r.holder.hooks.Off.NoActivity {
		return fenced
	}
	return errors.Join(fenced, r.retry(ctx, "mark what was written during the chunk", func() error {
		written, err := r.written(ctx, p.sheet.s0, r.pass)
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
		for _, key := range p.left { // whose own marks are activity
			if slices.Contains(stale, key) {
				r.report.Marked--
			}
		}
		return nil
	}))
}

// written returns what was written since then. before is the latest verify pass at that moment or earlier: a pass with repair may have
// cleared the mark of a whole kind, without a trace of the writes that it stood for.
func (r *run) written(ctx context.Context, since journal.Seq, before activity.Pass) (activity.Written, error) {
	question := activity.Question{Journal: r.migration.Journal(), Kind: r.kind, Since: since, Sleep: r.holder.hooks.Sleep, Off: r.holder.hooks.Off}
	answer, err := question.Ask(ctx)
	if err != nil || answer.Unnamed || !answer.Whole || r.holder.hooks.Off.NoPassTrace {
		return answer, err
	}
	now, err := activity.LoadPass(ctx, r.migration.Control(), r.kind)
	answer.Unnamed = !activity.NoneSince(before, now)
	return answer, err
}

// staleKeys are the keys of rows that are among those written; all of them if the whole kind may have been.
func staleKeys(rows []dual.Row, written activity.Written) []dual.Key {
	if written.Unnamed {
		return keysOf(rows)
	}
	among := make(map[dual.Key]bool, len(written.Keys))
	for _, key := range written.Keys {
		among[key] = true
	}
	var stale []dual.Key
	for _, row := range rows {
		if among[row.Key] {
			stale = append(stale, row.Key)
			delete(among, row.Key) // it may be listed twice
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
	err := r.migration.Journal().MarkDirty(ctx, keys, r.holder.from)
	if !errors.Is(err, journal.ErrKeyTooLong) {
		return err
	}
	for _, key := range keys {
		switch err := r.migration.Journal().MarkDirty(ctx, []dual.Key{key}, r.holder.from); {
		case errors.Is(err, journal.ErrKeyTooLong):
			// Its writes are refused, so that nobody wrote it but by the whole kind. If it differs, verify names it.
			r.log.WarnContext(ctx, "an entity's key is too long for the journal: it cannot be marked", "error", err)
		case err != nil:
			return err
		}
	}
	return nil
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
	if errors.Is(err, journal.ErrKeyTooLong) {
		return nil
	}
	if err == nil && ok {
		err = j.Fail(ctx, key, token, "backfill: "+cause.Error(), 0)
	}
	if err != nil && !errors.Is(err, journal.ErrTokenLost) {
		return fmt.Errorf("note why %v failed: %w", key, err)
	}
	return nil
}
