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
func (r *run) seeAll(p *part) error {
	if len(p.put) == 0 {
		return nil
	}
	var now map[dual.Key]dual.Row
	if p.view.keyed {
		var err error
		if now, err = r.look(p.ctx, p.view); err != nil {
			return err
		}
	} else {
		now = maps.Clone(p.view.before)
	}
	return r.each(context.WithoutCancel(p.ctx), r.seen(p, p.put, now), 1, func(rows []dual.Row) { r.see(p, rows[0]) })
}

// seeSoon looks at the rows of a batch as soon as it was written, while others are.
func (r *run) seeSoon(p *part, rows []dual.Row) {
	if !r.overlaps {
		r.seeBatch(p, rows)
		return
	}
	p.looks.Go(func() {
		r.looks <- struct{}{}
		defer func() { <-r.looks }()
		r.seeBatch(p, rows)
	})
}

// seeBatch looks at a sample of a batch. If a row of the sample is not there, the rest of the batch is looked at too, and all of
// each batch from then on.
func (r *run) seeBatch(p *part, rows []dual.Row) {
	from, to := r.samples.stretch(len(rows))
	if r.allSeen(p, rows[from:to]) && !r.row.doubted() {
		r.row.accepted(p, len(rows)-(to-from))
		return
	}
	r.row.doubt()
	r.allSeen(p, rows[:from])
	r.allSeen(p, rows[to:])
}

// allSeen looks at rows that were written, and reports whether the mirror has all of them.
func (r *run) allSeen(p *part, rows []dual.Row) bool {
	if len(rows) == 0 {
		return true
	}
	var now map[dual.Key]dual.Row
	if p.view.keyed {
		now, _ = r.look(p.ctx, p.view.around(p.rows, rows)) // without it, each is looked at
	}
	all := true
	for _, row := range r.seen(p, rows, now) {
		if !r.goesOn(p.ctx) {
			return false
		}
		all = r.see(p, row) && all
	}
	return all
}

// seen counts the rows that are among those of the mirror as they were written, and returns the others.
func (r *run) seen(p *part, rows []dual.Row, now map[dual.Key]dual.Row) (rest []dual.Row) {
	for _, row := range rows {
		if held, ok := now[row.Key]; !ok || !r.copier.Same(row, held) {
			rest = append(rest, row)
		}
	}
	r.row.mu.Lock()
	defer r.row.mu.Unlock()
	if len(rest) < len(rows) {
		r.row.unseen = 0
	}
	p.counts.Copied += int64(len(rows) - len(rest))
	return rest
}

// see looks whether a row that was written is in the mirror, and says so.
func (r *run) see(p *part, row dual.Row) bool {
	if r.holder.hooks.Off.PutIfAbsent {
		r.row.accepted(p, 1)
		return true
	}
	err := r.check(p.ctx, r.holder.from.Other(), row)
	if r.moved(p.ctx, row, err) {
		err = r.retry(context.WithoutCancel(p.ctx), "mark a key", func() error { return r.mark(p.ctx, []dual.Key{row.Key}) })
	}
	if err != nil {
		r.fail(p, row, err, &r.row.unseen)
		return false
	}
	r.row.mu.Lock()
	defer r.row.mu.Unlock()
	r.row.inRow, r.row.unseen = 0, 0
	p.counts.Copied++
	return true
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
func (r *run) fail(p *part, row dual.Row, err error, inRow *int) {
	ctx := p.ctx
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
	p.counts.Failed++
	p.left = append(p.left, key)
	r.row.last = err
	if lost != nil {
		r.row.kill = lost // neither written nor marked: the chunk must be done again
	}
	if len(r.report.Failures) < maxShown {
		r.report.Failures = append(r.report.Failures, fmt.Sprintf("%v: %v", key, err))
	}
}
