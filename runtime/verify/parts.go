package verify

import (
	"context"

	"github.com/dualgen/dualgen/runtime/dual"
)

// matchHashed compares the stores in passes. Each pass reads both stores whole and keeps the entities of one part of the
// key space; a scan beforehand counts them, so that no part is larger than MaxRows by much.
func (p *pass) matchHashed(ctx context.Context) error {
	largest := int64(0)
	for _, store := range []dual.Store{dual.Old, dual.New} {
		count, err := p.recount(ctx, store)
		if err != nil {
			return err
		}
		largest = max(largest, count)
	}
	parts := uint64(largest/int64(p.config.MaxRows)) + 1
	for part := range parts {
		if err := p.matchPart(ctx, part, parts); err != nil {
			return err
		}
	}
	return nil
}

func (p *pass) matchPart(ctx context.Context, part, parts uint64) error {
	p.report.Passes++
	rows := make(map[string]dual.Row)
	err := p.each(ctx, dual.Old, func(row dual.Row) error {
		if p.hash(row.Key)%parts != part || p.skips(dual.Old) {
			return nil
		}
		p.seen(dual.Old, row.Key)
		if _, twice := rows[row.Key.ID]; twice {
			p.report.Repeated++
		}
		rows[row.Key.ID] = row
		return nil
	})
	if err != nil {
		return err
	}
	met := make(map[string]bool)
	err = p.each(ctx, dual.New, func(row dual.Row) error {
		if p.hash(row.Key)%parts != part {
			return nil
		}
		p.seen(dual.New, row.Key)
		if met[row.Key.ID] {
			p.report.Repeated++
			return nil
		}
		met[row.Key.ID] = true
		if old, ok := rows[row.Key.ID]; ok {
			delete(rows, row.Key.ID)
			return p.compare(ctx, old, row)
		}
		return p.suspectExtra(ctx, row.Key)
	})
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := p.suspect(ctx, row.Key); err != nil {
			return err
		}
	}
	return nil
}

func (p *pass) each(ctx context.Context, store dual.Store, visit func(dual.Row) error) error {
	s := p.scan(store, p.config.Page)
	for {
		row, ok, err := s.row(ctx)
		if err != nil || !ok {
			return err
		}
		if err := visit(row); err != nil {
			return err
		}
	}
}

// sample compares about the given share of each store's keys with the other store, a read at a time.
func (p *pass) sample(ctx context.Context) error {
	p.report.Order = "sample"
	p.report.Passes++
	const fine = 1 << 20
	for _, store := range []dual.Store{dual.Old, dual.New} {
		err := p.each(ctx, store, func(row dual.Row) error {
			if float64(p.hash(row.Key)%fine) >= p.config.Sample*fine {
				return nil
			}
			p.seen(store, row.Key)
			other, found, err := p.readRow(ctx, store.Other(), row.Key)
			switch {
			case err != nil:
				return err
			case !found:
				return p.suspect(ctx, row.Key)
			case store == dual.Old:
				return p.compare(ctx, row, other)
			}
			return nil // compared from the other side
		})
		if err != nil {
			return err
		}
	}
	return nil
}
