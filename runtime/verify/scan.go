package verify

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
)

// scan reads one store's entities page by page.
type scan struct {
	pass  *pass
	store dual.Store
	page  int

	rows   []dual.Row
	next   int
	cursor string
	ended  bool
}

func (p *pass) scan(store dual.Store, page int) *scan {
	return &scan{pass: p, store: store, page: page}
}

// row returns the next entity; false at the end.
func (s *scan) row(ctx context.Context) (dual.Row, bool, error) {
	for s.next == len(s.rows) {
		if s.ended {
			return dual.Row{}, false, nil
		}
		if err := s.fill(ctx); err != nil {
			return dual.Row{}, false, err
		}
	}
	row := s.rows[s.next]
	s.next++
	return row, true, nil
}

func (s *scan) fill(ctx context.Context) error {
	rows, cursor, err := s.pass.readPage(ctx, s.store, s.cursor, s.page)
	if err != nil {
		return err
	}
	if cursor == s.cursor && cursor != "" {
		return fmt.Errorf("the scan of %s in the %v store does not move on from cursor %q", s.pass.kind, s.store, cursor)
	}
	s.rows, s.next, s.cursor, s.ended = rows, 0, cursor, cursor == ""
	tell(ctx, s.pass)
	return nil
}

// A page that cannot be read is tried again after a pause that doubles. A pass that has read something waits for longer: what it has read would be
// read once more, and a store that is started anew is back soon.
const (
	tries      = 5
	firstPause = 100 * time.Millisecond
	longest    = 5 * time.Second
	patience   = 5 * time.Minute
)

func (p *pass) readPage(ctx context.Context, store dual.Store, cursor string, limit int) ([]dual.Row, string, error) {
	pause, first := firstPause, p.hooks.Now()
	for try := 1; ; try++ {
		began := time.Now()
		rows, next, err := p.onePage(ctx, store, cursor, limit)
		p.pacer.Observe(time.Since(began), err)
		if err == nil {
			return rows, next, p.pacer.Wait(ctx, len(rows))
		}
		patient := p.report.Read[store] > 0 && p.hooks.Now().Sub(first) < patience
		if try >= tries && !patient || ctx.Err() != nil {
			return nil, "", fmt.Errorf("read a page of the %v store: %w", store, err)
		}
		p.log.WarnContext(ctx, "a page could not be read; it is tried again", "store", store, "error", err)
		if err := p.hooks.Sleep(ctx, pause); err != nil {
			return nil, "", err
		}
		pause = min(2*pause, longest)
	}
}

func (p *pass) onePage(ctx context.Context, store dual.Store, cursor string, limit int) (_ []dual.Row, _ string, err error) {
	defer caught(&err)
	ctx, cancel := context.WithTimeout(ctx, p.config.Timeout)
	defer cancel()
	return p.copier.Page(ctx, store, cursor, limit)
}

// caught turns a panic of a store, a conversion or a comparison into an error.
func caught(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
	}
}
