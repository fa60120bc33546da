package backfill

import (
	"context"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/internal/ranges"
	"github.com/dualgen/dualgen/runtime/journal"
)

// sheet is a page as it was read.
type sheet struct {
	cursor string
	limit  int
	s0     journal.Seq // of the journal, before anything was read
	rows   []dual.Row
	next   string
	view   view
}

// sheet returns the page after a cursor, and begins to read the one after it.
func (r *run) sheet(ctx context.Context, cursor string) (*sheet, error) {
	s := r.ahead.take(r.holder.hooks)
	r.ahead = nil
	if s == nil {
		s = &sheet{cursor: cursor, limit: r.limit}
		if err := r.fetch(ctx, s); err != nil {
			return nil, err
		}
	}
	if r.overlaps && s.next != "" {
		r.readAhead(ctx, s.next)
	}
	return s, nil
}

// fetch reads a page, and the mirror's rows of it. The journal's sequence comes first: what is written from then on is known.
func (r *run) fetch(ctx context.Context, s *sheet) error {
	err := r.retry(ctx, "read the journal's sequence", func() (err error) {
		s.s0, err = r.migration.Journal().Seq(ctx)
		return err
	})
	if err != nil {
		return err
	}
	if s.rows, s.next, err = r.read(ctx, s.cursor, s.limit); err != nil {
		return err
	}
	if rows, ended := r.end.Cut(s.rows); ended {
		s.rows, s.next = rows, ""
	}
	s.view, err = r.view(ctx, s.cursor, s.next, len(s.rows))
	return err
}

// ahead is a page that is read while the one before it is written.
type ahead struct {
	done chan struct{}
	stop context.CancelFunc
	page *sheet
	err  error
}

// readAhead begins to read the page after a cursor.
func (r *run) readAhead(ctx context.Context, cursor string) {
	ctx, stop := context.WithCancel(ctx)
	a := &ahead{done: make(chan struct{}), stop: stop, page: &sheet{cursor: cursor, limit: r.limit}}
	r.ahead = a
	r.holder.hooks.Go(func() {
		defer close(a.done)
		a.err = r.fetch(ctx, a.page)
	})
}

// take waits for the page and returns it; nil if it was not read: then it is read in its turn, and what failed fails again.
func (a *ahead) take(h hooks.Hooks) *sheet {
	if a == nil {
		return nil
	}
	h.Wait(a.done)
	a.stop()
	if a.err != nil {
		return nil
	}
	return a.page
}

// end stops reading ahead.
func (a *ahead) end(h hooks.Hooks) {
	if a != nil {
		a.stop()
		h.Wait(a.done)
	}
}

// endOf finds where the range ends.
func endOf(ctx context.Context, r *run) (end *ranges.End, err error) {
	source := ranges.Source{Copier: r.copier, Store: r.holder.from, Timeout: r.config.Timeout}
	err = r.retry(ctx, "find the end of the range", func() (err error) {
		end, err = source.EndOf(ctx, r.holder.next)
		return err
	})
	return end, err
}
