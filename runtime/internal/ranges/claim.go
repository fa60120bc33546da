package ranges

import (
	"errors"

	"github.com/dualgen/dualgen/runtime/control"
)

// ErrOvertaken says that the record is no longer what the caller decided by.
var ErrOvertaken = errors.New("overtaken")

// Claim is one process's hold on a range, or on a kind that is copied whole.
type Claim struct {
	Kind    string
	Holder  string
	Divided bool
	Plan    uint64 // the fence of the plan
	Index   int
	Fence   uint64 // of the range
}

// Held reports whether a range has a holder that has not let go of it.
func Held(r control.Range) bool { return r.Holder != "" && !r.Done }

// At returns the range of a claim, if the record still has the plan.
func (c Claim) At(r control.Record) (control.Range, bool) {
	b := r.Backfills[c.Kind]
	if b.Fence != c.Plan || c.Index >= len(b.Ranges) {
		return control.Range{}, false
	}
	return b.Ranges[c.Index], true
}

// Take raises the fence of the range, if nobody took it since the claim was made.
func (c Claim) Take(r *control.Record) error {
	is, ok := c.At(*r)
	if !ok || is.Done || is.Fence != c.Fence-1 {
		return ErrOvertaken
	}
	is.Fence, is.Holder = c.Fence, c.Holder
	c.put(r, is)
	return nil
}

// Has reports whether the claim still holds.
func (c Claim) Has(r control.Record) bool {
	is, ok := c.At(r)
	return ok && is.Fence == c.Fence && is.Holder == c.Holder && !is.Done
}

// End stores what became of the range, and lets go of it. anyRange is for a test: the kind is complete though other ranges are not done.
func (c Claim) End(r *control.Record, outcome control.Range, anyRange bool) {
	is, _ := c.At(*r)
	outcome.After, outcome.Fence = is.After, is.Fence
	if outcome.Done {
		outcome.Holder = c.Holder
	}
	c.put(r, outcome)
	b := r.Backfills[c.Kind]
	b.Complete = outcome.Done && anyRange || Left(b) == 0
	r.Backfills[c.Kind] = b
}

// put replaces the range, and what the record says of the kind.
func (c Claim) put(r *control.Record, is control.Range) {
	b := r.Backfills[c.Kind]
	b.Ranges[c.Index] = is // the record is a copy of its own
	b.Copied, b.Holder = 0, ""
	for _, one := range b.Ranges {
		b.Copied += one.Copied
		if Held(one) {
			b.Holder = one.Holder
		}
	}
	r.Backfills[c.Kind], r.By = b, c.Holder
}

// Left is how many ranges of a backfill are not done.
func Left(b control.Backfill) (n int) {
	for _, r := range b.Ranges {
		if !r.Done {
			n++
		}
	}
	return n
}

// Divide makes a plan of a backfill that nobody has: ranges that begin at the beginning and after each of the keys.
func Divide(b control.Backfill, afters []string) control.Backfill {
	b.Ranges = make([]control.Range, 1, 1+len(afters))
	for _, after := range afters {
		b.Ranges = append(b.Ranges, control.Range{After: after})
	}
	return b
}

// Afters are the keys after which the ranges behind one begin.
func Afters(b control.Backfill, index int) (ids []string) {
	for _, r := range b.Ranges[index+1:] {
		ids = append(ids, r.After)
	}
	return ids
}
