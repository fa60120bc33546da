package verify

import (
	"context"
	"slices"

	"github.com/dualgen/dualgen/runtime/dual"
)

// digest is what a scan listed: for each bucket how many keys, and the sum of their hashes. It does not depend on order.
type digest []struct {
	count uint64
	sum   uint64
}

func (d digest) add(hash uint64) {
	b := &d[hash%uint64(len(d))]
	b.count++
	b.sum += spread(hash)
}

// spread makes sums of hashes as good as hashes.
func spread(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

func (p *pass) newDigest() digest { return make(digest, p.config.Buckets) }

// bucket is the key's part of the key space.
func (p *pass) bucket(key dual.Key) uint64 { return p.hash(key) % uint64(p.config.Buckets) }

// recountPage differs from the comparing scan's page, so that a scan that loses keys where pages meet loses others.
func recountPage(page int) int { return max(1, page*7/10+1) }

// recount lists one store by code that shares nothing with the comparing scan (nor with backfill), in pages of another
// size, and returns how many keys there are.
func (p *pass) recount(ctx context.Context, store dual.Store) (int64, error) {
	p.again[store] = p.newDigest()
	var count int64
	err := p.relist(ctx, store, func(key dual.Key) {
		p.again[store].add(p.hash(key))
		count++
	})
	return count, err
}

func (p *pass) relist(ctx context.Context, store dual.Store, visit func(dual.Key)) error {
	cursor := ""
	for {
		rows, next, err := p.readPage(ctx, store, cursor, recountPage(p.config.Page))
		if err != nil {
			return err
		}
		for i := range rows {
			visit(rows[i].Key)
		}
		if next == "" {
			return nil
		}
		cursor = next
	}
}

// secondOpinion lists both stores once more and compares which keys there are: in each store with what the comparing
// scan listed, and between the stores. Buckets in which a key was written or in doubt say nothing. Keys of buckets that
// disagree are looked at one by one.
func (p *pass) secondOpinion(ctx context.Context) error {
	if p.config.off.secondOpinion {
		p.report.Recounted = 1
		return nil
	}
	for _, store := range []dual.Store{dual.Old, dual.New} {
		if p.again[store] != nil {
			continue // counted beforehand, to divide the key space
		}
		if _, err := p.recount(ctx, store); err != nil {
			return err
		}
	}
	written, err := p.writtenSince(ctx, p.since)
	if err != nil {
		return err
	}
	silent := slices.Clone(p.doubted)
	for key := range written.keys {
		silent[p.bucket(key)] = true
	}
	if written.all {
		return nil // nothing can be said
	}
	disagree := make([]bool, len(silent))
	judged := 0
	for b := range silent {
		if silent[b] {
			continue
		}
		judged++
		old, new := p.again[dual.Old][b], p.again[dual.New][b]
		if old != new || old != p.listed[dual.Old][b] || new != p.listed[dual.New][b] {
			disagree[b] = true
			p.report.Mismatched++
		}
	}
	p.report.Recounted = float64(judged) / float64(len(silent))
	if p.report.Mismatched == 0 {
		return nil
	}
	return p.doubtBuckets(ctx, disagree)
}

// doubtBuckets looks at every key of the given buckets.
func (p *pass) doubtBuckets(ctx context.Context, disagree []bool) error {
	doubted := make(map[dual.Key]bool)
	var keys []dual.Key
	for _, store := range []dual.Store{dual.Old, dual.New} {
		err := p.relist(ctx, store, func(key dual.Key) {
			if disagree[p.bucket(key)] && !doubted[key] {
				doubted[key] = true
				keys = append(keys, key)
			}
		})
		if err != nil {
			return err
		}
	}
	for _, key := range keys {
		if err := p.doubt(ctx, key); err != nil {
			return err
		}
	}
	return p.clearUp(ctx)
}
