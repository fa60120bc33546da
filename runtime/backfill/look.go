package backfill

import (
	"context"
	"slices"

	"github.com/dualgen/dualgen/runtime/dual"
)

// view is what is known of how the mirror's rows of a page can be looked at.
type view struct {
	cursor string // of the page; both stores take it where keyed
	keyed  bool
	limit  int
	whole  bool                  // before holds all that the mirror had when the page was read
	before map[dual.Key]dual.Row // of the mirror, as the page was read
}

// view looks at the mirror's rows of a page by one call, where its listing can be asked for the same page: after the same key, or
// for everything.
func (r *run) view(ctx context.Context, cursor, next string, rows int) (v view, err error) {
	all := r.config.Since.IsZero() // else the mirror's rows of a page are not those that were listed
	v = view{cursor: cursor, keyed: all && r.copier.CursorIsKey(), limit: max(rows, 1), whole: all && cursor == "" && next == "" && r.end == nil}
	if rows == 0 || r.holder.hooks.Off.PutIfAbsent || !v.keyed && !v.whole {
		return v, nil
	}
	v.before, err = r.look(ctx, v)
	return v, err
}

// around is the view of some rows of a part: it begins after the row before them.
func (v view) around(part, rows []dual.Row) view {
	first := slices.IndexFunc(part, func(row dual.Row) bool { return row.Key == rows[0].Key })
	last := slices.IndexFunc(part, func(row dual.Row) bool { return row.Key == rows[len(rows)-1].Key })
	if first > 0 {
		v.cursor = part[first-1].Key.ID
	}
	v.limit = last - first + 1
	return v
}

// look reads the mirror's rows of a page.
func (r *run) look(ctx context.Context, v view) (found map[dual.Key]dual.Row, err error) {
	err = r.retry(ctx, "look at the mirror", func() (err error) {
		defer caught(&err)
		ctx, cancel := context.WithTimeout(ctx, r.config.Timeout)
		defer cancel()
		rows, _, err := r.copier.Page(ctx, r.holder.from.Other(), v.cursor, v.limit)
		found = make(map[dual.Key]dual.Row, len(rows))
		for _, row := range rows {
			found[row.Key] = row
		}
		return err
	})
	return found, err
}

// same reports whether the mirror held a row just as it is when the page began.
func (r *run) same(p *part, row dual.Row) bool {
	if r.holder.hooks.Off.PutIfAbsent {
		return false
	}
	if held, ok := p.view.before[row.Key]; ok || p.view.before != nil {
		return ok && r.copier.Same(row, held)
	}
	return r.check(p.ctx, r.holder.from.Other(), row) == nil
}

// check looks whether a store holds a row.
func (r *run) check(ctx context.Context, store dual.Store, row dual.Row) (err error) {
	defer caught(&err)
	ctx, cancel := context.WithTimeout(ctx, r.config.Timeout)
	defer cancel()
	return r.copier.Check(ctx, store, row)
}
