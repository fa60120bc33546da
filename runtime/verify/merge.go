package verify

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/runtime/dual"
)

// side is one store's scan during a merge, with one entity in hand.
type side struct {
	scan  *scan
	order order
	row   dual.Row
	ok    bool
	begun bool
}

// step takes the next entity in hand. Keys that repeat are counted and passed over.
func (s *side) step(ctx context.Context) error {
	for {
		p, last := s.scan.pass, s.row.Key.ID
		row, ok, err := s.scan.row(ctx)
		if err != nil {
			return err
		}
		if !ok {
			s.ok = false
			return nil
		}
		if p.skips(s.scan.store) {
			continue
		}
		p.seen(s.scan.store, row.Key)
		if s.begun {
			switch c := s.order(last, row.Key.ID); {
			case c > 0:
				return errOrder
			case c == 0:
				p.report.Repeated++
				continue
			}
		}
		s.row, s.ok, s.begun = row, true, true
		return nil
	}
}

func (p *pass) merge(ctx context.Context, o order) error {
	p.report.Passes++
	a := &side{scan: p.scan(dual.Old, p.config.Page), order: o}
	b := &side{scan: p.scan(dual.New, p.config.Page), order: o}
	if err := errors.Join(a.step(ctx), b.step(ctx)); err != nil {
		return err
	}
	for a.ok || b.ok {
		var err error
		switch c := nearer(a, b, o); {
		case c < 0:
			err = errors.Join(p.suspect(ctx, a.row.Key), a.step(ctx))
		case c > 0:
			err = errors.Join(p.suspectExtra(ctx, b.row.Key), b.step(ctx))
		default:
			err = errors.Join(p.compare(ctx, a.row, b.row), a.step(ctx), b.step(ctx))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// nearer says which side's entity comes first; 0 if they are of one key.
func nearer(a, b *side, o order) int {
	switch {
	case !b.ok:
		return -1
	case !a.ok:
		return 1
	}
	return o(a.row.Key.ID, b.row.Key.ID)
}
