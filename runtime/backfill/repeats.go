package backfill

import (
	"fmt"
	"hash/maphash"

	"github.com/dualgen/dualgen/runtime/dual"
)

// loop notices a listing whose cursors go round in circles, in constant memory: it keeps one cursor, for twice as many pages each
// time, and in a circle meets it again (Brent's algorithm).
type loop struct {
	kept        string
	pages, span int
}

// closes takes the cursor of a page and that of the next one, and reports whether that was there before.
func (l *loop) closes(cursor, next string) bool {
	if next == "" {
		return false
	}
	if l.pages == l.span {
		l.kept, l.pages, l.span = cursor, 0, max(1, 2*l.span)
	}
	l.pages++
	return next == l.kept || next == cursor
}

// filter remembers which keys were listed, in 8 MB however many there are (a Bloom filter, each key in one line of the processor's
// cache). That a key was not listed is certain; that one was is asked only of rows that the mirror holds, so that an error costs
// nothing but the count of a row as repeated. A block is made when it is first needed, so that a short backfill costs little.
type filter struct {
	seed   maphash.Seed
	blocks [lines / lineBlock]*[lineBlock][8]uint64
}

const (
	lines     = 1 << 17
	lineBlock = 32
	probes    = 5 // each takes 9 bits of a hash, beside the 17 that choose the line
)

func newFilter() *filter { return &filter{seed: maphash.MakeSeed()} }

// add remembers a key, and reports whether it was there before.
func (f *filter) add(key dual.Key) bool {
	h := maphash.String(f.seed, key.ID)
	block := &f.blocks[h%lines/lineBlock]
	if *block == nil {
		*block = new([lineBlock][8]uint64)
	}
	line, known := &(*block)[h%lineBlock], true
	h /= lines
	for range probes {
		word, bit := &line[h%8], uint64(1)<<(h/8%64)
		known = known && *word&bit != 0
		*word |= bit
		h /= 512
	}
	return known
}

// stalePages is how many pages in a row may hold nothing new.
const stalePages = 3

// repeated notices a listing that makes new cursors for the rows that it had.
func (r *run) repeated(rows int, before, after checkpoint) error {
	if rows == 0 || after.Repeated-before.Repeated < int64(rows) {
		r.stale = 0
		return nil
	}
	if r.stale++; r.stale < stalePages {
		return nil
	}
	return fmt.Errorf("%w: %d pages in a row held nothing but %s that were listed before", ErrScanLoops, r.stale, r.kind)
}
