package backfill

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
)

// divided sums up the ranges of a backfill. What is done stands in the record; of the others, the checkpoints tell.
func (p *Progress) divided(ctx context.Context, c control.Control, b control.Backfill) error {
	p.Ranges, p.Copied = len(b.Ranges), 0
	by := make(map[string]*Worker)
	for i, r := range b.Ranges {
		sum := counts{r.Copied, r.Same, r.Repeated, r.Failed}
		var point *checkpoint
		if !r.Done {
			var err error
			if point, err = lastOf(ctx, c, p.Kind, b, i); err != nil {
				return err
			}
		}
		if point != nil {
			all := point.add(point.Within)
			sum = counts{all.Copied, all.Same, all.Repeated, all.Failed}
			p.Started = earlier(p.Started, point.Started)
			p.Saved = later(p.Saved, point.Saved)
		}
		p.Copied, p.Same, p.Repeated, p.Failed = p.Copied+sum.Copied, p.Same+sum.Same, p.Repeated+sum.Repeated, p.Failed+sum.Failed
		if r.Done {
			p.Done++
		}
		if r.Holder == "" {
			continue
		}
		w := by[r.Holder]
		if w == nil {
			w = &Worker{Holder: r.Holder}
			by[r.Holder] = w
		}
		w.Copied += sum.Copied
		if r.Done {
			w.Done++
			continue
		}
		w.Holds++
		if point != nil {
			w.Saved = later(w.Saved, point.Saved)
		}
	}
	for _, w := range by {
		p.By = append(p.By, *w)
	}
	slices.SortFunc(p.By, func(a, b Worker) int { return cmp.Compare(a.Holder, b.Holder) })
	return nil
}

// lastOf is the last checkpoint of a range, or nil.
func lastOf(ctx context.Context, c control.Control, kind string, b control.Backfill, index int) (*checkpoint, error) {
	return lastCheckpoint(ctx, c, b.Ranges[index].Fence, func(fence uint64) string { return rangeName(kind, b, index, fence) })
}

// leftOf is what is left of a plan that is given up: of the checkpoints of ranges that are not done, the one with the oldest sequence.
func leftOf(ctx context.Context, c control.Control, kind string, b control.Backfill) (left *checkpoint, err error) {
	for i, r := range b.Ranges {
		if r.Done {
			continue
		}
		point, err := lastOf(ctx, c, kind, b, i)
		if err != nil && !errors.Is(err, errDamaged) { // nobody knows what it left: what is listed is copied anew, the rest verify finds
			return nil, err
		}
		if point != nil && (left == nil || point.S0 < left.S0) {
			left = point
		}
	}
	return left, nil
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
