package verify

import (
	"cmp"
	"context"
	"errors"
	"hash/maphash"
	"strings"

	"github.com/dualgen/dualgen/runtime/dual"
)

// order is a way to compare encoded keys.
type order func(a, b string) int

// byLength orders decimal numbers of different lengths as numbers.
func byLength(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

// orders are those in which two scans can be merged.
var orders = []order{strings.Compare, byLength}

// errOrder says that a scan does not list in the order it began in.
var errOrder = errors.New("scan is not in key order")

// match compares the two stores entity by entity: by a merge, if both list in one key order, or else by passes over
// parts of the key space.
func (p *pass) match(ctx context.Context) error {
	common, err := p.commonOrders(ctx)
	if err != nil {
		return err
	}
	p.report.Order = "merge"
	for _, o := range common {
		if err := p.merge(ctx, o); !errors.Is(err, errOrder) {
			return err
		}
		p.restart()
	}
	p.log.InfoContext(ctx, "the stores list in different orders: comparing by hash of key", "kind", p.kind)
	p.report.Order = "hash"
	return p.matchHashed(ctx)
}

// commonOrders looks at the first page of each store for the orders that both keep.
func (p *pass) commonOrders(ctx context.Context) ([]order, error) {
	var pages [2][]dual.Row
	for _, store := range []dual.Store{dual.Old, dual.New} {
		rows, _, err := p.readPage(ctx, store, "", p.config.Page)
		if err != nil {
			return nil, err
		}
		pages[store] = rows
	}
	var common []order
	for _, o := range orders {
		if o.keeps(pages[dual.Old]) && o.keeps(pages[dual.New]) {
			common = append(common, o)
		}
	}
	return common, nil
}

func (o order) keeps(rows []dual.Row) bool {
	for i := 1; i < len(rows); i++ {
		if o(rows[i-1].Key.ID, rows[i].Key.ID) > 0 {
			return false
		}
	}
	return true
}

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

func (p *pass) hash(key dual.Key) uint64 { return maphash.String(p.seed, key.ID) }

// compare compares two entities of one key as they were listed.
func (p *pass) compare(ctx context.Context, old, new dual.Row) error {
	p.report.Compared++
	if differences, err := p.diff(old, new); err == nil && len(differences) == 0 {
		return nil
	}
	return p.doubt(ctx, old.Key)
}

func (p *pass) diff(old, new dual.Row) (differences []dual.Difference, err error) {
	defer caught(&err)
	return p.copier.Diff(old, new), nil
}

// suspect notes a key that was listed on one side alone.
func (p *pass) suspect(ctx context.Context, key dual.Key) error {
	p.report.Compared++
	return p.doubt(ctx, key)
}

// suspectExtra notes a key that only the new store listed.
func (p *pass) suspectExtra(ctx context.Context, key dual.Key) error {
	if p.config.off.twoSided {
		return nil
	}
	return p.suspect(ctx, key)
}

// seen counts a listed key and adds it to the digest of its side.
func (p *pass) seen(store dual.Store, key dual.Key) {
	p.report.Read[store]++
	p.listed[store].add(p.hash(key))
	if p.config.OnProgress != nil && p.report.Read[store]%int64(p.config.Page) == 0 {
		p.config.OnProgress(Progress{Kind: p.kind, Read: p.report.Read, Suspects: len(p.suspects), Differ: p.report.Differed()})
	}
}

// skips is a fault that this package's tests can build in.
func (p *pass) skips(dual.Store) bool {
	if p.config.off.skip == 0 {
		return false
	}
	p.skipped++
	return p.skipped%p.config.off.skip == 0
}
