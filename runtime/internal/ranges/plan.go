// Package ranges divides the listing of an entity kind among several processes.
//
// A listing after keys can start anywhere. Nothing else is known of its order: a database may list numbers as numbers, text by a
// collation, or keys by a hash of them. So neither the plan nor the end of a range compares keys. A range begins after a key, and ends
// where the store itself lists what it lists after the next range's key: see [End]. Whatever keys a plan names, in whatever order, each
// entity is in a range; a bad plan costs time only.
package ranges

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"sort"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
)

// Most is how many ranges a kind may be divided into: each takes room in the flag record, which every instance reads.
const Most = 256

// Source is a kind's listing in the store that is copied from.
type Source struct {
	Copier  dual.Copier
	Store   dual.Store
	Timeout time.Duration // of a page
}

// CanDivide reports whether the listing can start at a key.
func (s Source) CanDivide() bool { return s.Copier.CursorIsKey() }

// page lists at most so many IDs after one.
func (s Source) page(ctx context.Context, after string, limit int) (ids []string, err error) {
	defer func() {
		if p := recover(); p != nil { // of a store, or of a conversion
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	rows, _, err := s.Copier.Page(ctx, s.Store, after, limit)
	for _, row := range rows {
		ids = append(ids, row.Key.ID)
	}
	return ids, err
}

// small is how many entities are not worth dividing.
const small = 1000

// probes is how many keys are looked for to find one that divides a kind.
const probes = 4 * finer

// Plan returns the IDs of keys, at most n-1, that divide the kind into parts of about the same width of its keys. It finds them where
// keys are numbers or UUIDs that are listed in their order. Otherwise, and for a small kind, it returns none, and says why.
func (s Source) Plan(ctx context.Context, n int) (afters []string, why string, err error) {
	if !s.CanDivide() {
		return nil, "its listing cannot start at a key", nil
	}
	first, err := s.page(ctx, "", small)
	if err != nil {
		return nil, "", fmt.Errorf("list the first entities: %w", err)
	}
	if len(first) < small {
		return nil, "it is small", nil
	}
	code := codeOf(first)
	if code == nil {
		return nil, "its keys are neither numbers nor UUIDs; name keys that divide it", nil
	}
	p := planner{source: s, code: code, left: n * probes}
	low, _ := code.parse(first[0])
	p.open = []span{{low, p.top(ctx, low)}}
	for len(p.open) < n*finer && p.left > 0 {
		more, ordered := p.divide(ctx)
		if !ordered {
			return nil, "its keys are not listed in their order; name keys that divide it", nil
		}
		if err := ctx.Err(); err != nil || !more {
			return p.group(n), "", err
		}
	}
	return p.group(n), "", nil
}

// finer is how many spans are found for a range, so that ranges become about equal.
const finer = 4

// group joins neighbouring spans to n ranges of about the same width, and returns the IDs of the keys between them.
func (p *planner) group(n int) (afters []string) {
	slices.SortFunc(p.open, func(a, b span) int { return a.from.Cmp(b.from) })
	all, sum := new(big.Int), new(big.Int)
	for _, s := range p.open {
		all.Add(all, s.width())
	}
	for i, s := range p.open[:len(p.open)-1] {
		if sum.Add(sum, s.width()); new(big.Int).Mul(sum, big.NewInt(int64(n))).Cmp(all) >= 0 {
			afters = append(afters, p.code.text(p.open[i+1].from))
			sum.SetInt64(0)
		}
	}
	return afters
}

// span is a part of the key space: from a key that exists, up to a position.
type span struct{ from, to *big.Int }

func (s span) width() *big.Int { return new(big.Int).Sub(s.to, s.from) }

// planner halves the widest span, again and again.
type planner struct {
	source Source
	code   *code
	open   []span
	left   int // probes
}

// top is a position that is at most twice as far from the least key as the greatest is, where keys are listed in their order.
func (p *planner) top(ctx context.Context, low *big.Int) *big.Int {
	far := func(bits int) *big.Int { return new(big.Int).Add(low, new(big.Int).Lsh(big.NewInt(1), uint(bits))) }
	bits := sort.Search(p.code.top.BitLen(), func(bits int) bool {
		if far(bits).Cmp(p.code.top) >= 0 {
			return true
		}
		ids, err := p.source.page(ctx, p.code.text(far(bits)), 1)
		return err != nil || len(ids) == 0
	})
	if top := far(bits); top.Cmp(p.code.top) < 0 {
		return top
	}
	return p.code.top
}

// divide looks for a key in the upper half of the widest span, which becomes two spans. Where none is, the span loses its upper half. There
// is nothing more to divide once the widest span holds one key.
func (p *planner) divide(ctx context.Context) (more, ordered bool) {
	widest := 0
	for i := range p.open {
		if p.open[i].width().Cmp(p.open[widest].width()) > 0 {
			widest = i
		}
	}
	s := p.open[widest]
	middle := new(big.Int).Add(s.from, new(big.Int).Rsh(s.width(), 1))
	if middle.Cmp(s.from) <= 0 {
		return false, true
	}
	p.left--
	p.open[widest].to = middle
	ids, err := p.source.page(ctx, p.code.text(middle), 1)
	if err != nil || len(ids) == 0 { // a narrower column refuses what it cannot hold
		return true, true
	}
	key, ok := p.code.parse(ids[0])
	if !ok || key.Cmp(middle) <= 0 {
		return false, false
	}
	if key.Cmp(s.to) < 0 {
		p.open = append(p.open, span{key, s.to})
	}
	return true, true
}
