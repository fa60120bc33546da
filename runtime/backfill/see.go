package backfill

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/dualgen/dualgen/runtime/dual"
)

// seeAll looks at the rows that were written: by one call where the mirror lists them, and at each that was not among those by
// itself.
func (r *run) seeAll(ctx context.Context, v view) error {
	rows := r.row.put
	if len(rows) == 0 {
		return nil
	}
	var now map[dual.Key]dual.Row
	if v.keyed {
		var err error
		if now, err = r.look(ctx, v); err != nil {
			return err
		}
	} else {
		now = maps.Clone(v.before)
	}
	var rest []dual.Row
	for _, row := range rows {
		if held, ok := now[row.Key]; ok && r.copier.Same(row, held) {
			r.row.Copied++
			r.row.unseen = 0
		} else {
			rest = append(rest, row)
		}
	}
	return r.each(context.WithoutCancel(ctx), rest, 1, func(rows []dual.Row) { r.see(ctx, rows[0]) })
}

// seeBatch looks at the rows of a batch as soon as it was written, while others are.
func (r *run) seeBatch(ctx context.Context, v view, rows []dual.Row) {
	var now map[dual.Key]dual.Row
	if v.keyed {
		now, _ = r.look(ctx, v.around(v.part, rows)) // without it, each is looked at
	}
	copied := int64(0)
	var rest []dual.Row
	for _, row := range rows {
		if held, ok := now[row.Key]; ok && r.copier.Same(row, held) {
			copied++
		} else {
			rest = append(rest, row)
		}
	}
	r.row.mu.Lock()
	r.row.inRow = 0
	if copied > 0 {
		r.row.unseen = 0
	}
	r.row.Copied += copied
	r.row.mu.Unlock()
	for _, row := range rest {
		if !r.goesOn(ctx) {
			return
		}
		r.see(ctx, row)
	}
}

// see looks whether a row that was written is in the mirror.
func (r *run) see(ctx context.Context, row dual.Row) {
	if r.holder.hooks.Off.PutIfAbsent {
		r.row.mu.Lock()
		defer r.row.mu.Unlock()
		r.row.Copied++
		return
	}
	err := r.check(ctx, r.holder.from.Other(), row)
	if r.moved(ctx, row, err) {
		err = r.retry(context.WithoutCancel(ctx), "mark a key", func() error { return r.mark(ctx, []dual.Key{row.Key}) })
	}
	if err != nil {
		r.fail(ctx, row, err, &r.row.unseen)
		return
	}
	r.row.mu.Lock()
	defer r.row.mu.Unlock()
	r.row.inRow, r.row.unseen = 0, 0
	r.row.Copied++
}

// moved reports whether a row that is not in the mirror as it was read is no failure: it was written since.
func (r *run) moved(ctx context.Context, row dual.Row, err error) (moved bool) {
	if !errors.Is(err, dual.ErrNotCopied) {
		return false
	}
	entry, unclean, lookup := r.migration.Journal().Lookup(ctx, row.Key)
	return lookup == nil && unclean && entry.Key == row.Key || errors.Is(r.check(ctx, r.holder.from, row), dual.ErrNotCopied)
}

// maxShown bounds the failures that a report quotes.
const maxShown = 20

// fail leaves a row that could not be written, or was not seen afterwards, to the reconciler, and counts it in a row of such.
func (r *run) fail(ctx context.Context, row dual.Row, err error, inRow *int) {
	key := row.Key
	r.log.WarnContext(ctx, "entity could not be written; it is left to the reconciler", "key", key.String(), "error", err)
	lost := r.leave(context.WithoutCancel(ctx), key, err)
	// A mirror that holds the row, and refuses to write it once more, is not down.
	refused := r.check(ctx, r.holder.from.Other(), row) == nil
	r.row.mu.Lock()
	defer r.row.mu.Unlock()
	if !refused {
		*inRow++
	}
	r.row.Failed++
	r.row.last = err
	if lost != nil {
		r.row.kill = lost // neither written nor marked: the chunk must be done again
	}
	if len(r.report.Failures) < maxShown {
		r.report.Failures = append(r.report.Failures, fmt.Sprintf("%v: %v", key, err))
	}
}
