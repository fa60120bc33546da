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

// filter remembers which keys were listed, in 8 MB however many there are (a Bloom filter). That a key was not listed is certain;
// that one was is asked only of rows that the mirror holds, so that an error costs nothing but the count of a row as repeated.
type filter struct {
	seed maphash.Seed
	bits []uint64
}

const (
	filterBits = 1 << 26
	probes     = 6
)

func newFilter() *filter {
	return &filter{seed: maphash.MakeSeed(), bits: make([]uint64, filterBits/64)}
}

// places calls visit with the bits of a key until it returns false, and returns what it returned last.
func (f *filter) places(key dual.Key, visit func(word *uint64, bit uint64) bool) bool {
	h := maphash.String(f.seed, key.ID)
	at, step := h, h>>32|1
	for range probes {
		if !visit(&f.bits[at%filterBits/64], 1<<(at%64)) {
			return false
		}
		at += step
	}
	return true
}

func (f *filter) add(key dual.Key) {
	f.places(key, func(word *uint64, bit uint64) bool { *word |= bit; return true })
}

func (f *filter) has(key dual.Key) bool {
	return f.places(key, func(word *uint64, bit uint64) bool { return *word&bit != 0 })
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
