package verify

import (
	"cmp"
	"context"
	"errors"
	"hash/fnv"
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

// hash is that of a key. A test that schedules the steps itself needs the same one in each run.
func (p *pass) hash(key dual.Key) uint64 {
	if p.hooks.Manual {
		h := fnv.New64a()
		_, _ = h.Write([]byte(key.ID)) // never fails
		return h.Sum64()
	}
	return maphash.String(p.seed, key.ID)
}

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
