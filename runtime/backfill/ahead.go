package backfill

import (
	"context"

	"github.com/dualgen/dualgen/runtime/dual"
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
	read   bool
}

// begun is a page that is yet to be read: the journal's sequence comes first.
func (r *run) begun(ctx context.Context, point checkpoint) (*sheet, error) {
	s := &sheet{cursor: point.Cursor, limit: r.limit, s0: point.S0}
	if r.report.Chunks == 0 {
		return s, nil
	}
	return s, r.sequence(ctx, s)
}

func (r *run) sequence(ctx context.Context, s *sheet) error {
	return r.retry(ctx, "read the journal's sequence", func() (err error) {
		s.s0, err = r.migration.Journal().Seq(ctx)
		return err
	})
}

// fetch reads a page, and the mirror's rows of it, unless that was done ahead.
func (r *run) fetch(ctx context.Context, s *sheet) (err error) {
	if s.read {
		return nil
	}
	if s.rows, s.next, err = r.read(ctx, s.cursor, s.limit); err != nil {
		return err
	}
	s.read = true
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

// readAhead begins to read the page after a cursor. What is written since is known by its sequence, as of any other page; the
// checkpoint moves on to it once the present page is done.
func (r *run) readAhead(ctx context.Context, cursor string) {
	if cursor == "" || r.holder.hooks.Manual || r.config.at != nil {
		return
	}
	ctx, stop := context.WithCancel(ctx)
	a := &ahead{done: make(chan struct{}), stop: stop, page: &sheet{cursor: cursor, limit: r.limit}}
	r.ahead = a
	go func() {
		defer close(a.done)
		if a.err = r.sequence(ctx, a.page); a.err == nil {
			a.err = r.fetch(ctx, a.page)
		}
	}()
}

// take waits for the page and returns it; nil if it was not read: then it is read in its turn, and what failed fails again.
func (a *ahead) take() *sheet {
	if a == nil {
		return nil
	}
	<-a.done
	a.stop()
	if a.err != nil {
		return nil
	}
	return a.page
}

// end stops reading ahead.
func (a *ahead) end() {
	if a != nil {
		a.stop()
		<-a.done
	}
}
