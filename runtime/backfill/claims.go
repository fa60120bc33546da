package backfill

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/ranges"
)

// loadRange finds where an earlier holder of the range was.
func (h *holder) loadRange(ctx context.Context) (err error) {
	h.resume, err = lastCheckpoint(ctx, h.control, h.fence-1, h.name)
	return err
}

// takeRange takes a range that nobody has, or whose holder is dead. What was begun comes first. It returns false where there is none.
func (h *holder) takeRange(ctx context.Context, current control.Record, dead func(name string) bool) (bool, error) {
	plan := current.Backfills[h.kind]
	h.epoch, h.from = current.MirroredSince, current.Phase.Primary()
	record, err := control.Update(ctx, h.control, func(next *control.Record) error {
		h.alive, h.claim = h.hooks.Now(), nil
		b := next.Backfills[h.kind]
		if b.Fence != plan.Fence || !stands(b, *next) || next.Phase != current.Phase || b.Epoch != h.epoch {
			return ranges.ErrOvertaken
		}
		index := h.free(b, dead)
		if index < 0 {
			return ranges.ErrOvertaken
		}
		h.claim = &ranges.Claim{Kind: h.kind, Holder: h.id, Plan: b.Fence, Index: index, Fence: b.Ranges[index].Fence + 1}
		return h.claim.Take(next)
	})
	if errors.Is(err, ranges.ErrOvertaken) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	b := record.Backfills[h.kind]
	h.track = b.Track
	h.fence, h.after, h.next = h.claim.Fence, b.Ranges[h.claim.Index].After, ranges.Afters(b, h.claim.Index)
	return true, h.loadRange(ctx)
}

// free is the range to take, or -1.
func (h *holder) free(b control.Backfill, dead func(name string) bool) int {
	fresh := -1
	for i, r := range b.Ranges {
		switch {
		case r.Done, ranges.Held(r) && !dead(rangeName(h.kind, b, i, r.Fence)) && !h.hooks.Off.NoTakeoverWait:
		case r.Fence > 0:
			return i
		case fresh < 0:
			fresh = i
		}
	}
	return fresh
}

// name is that of the checkpoint of the holder's backfill, or of its range, under a fence.
func (h *holder) name(fence uint64) string {
	if h.claim != nil {
		return rangeName(h.kind, control.Backfill{Epoch: h.epoch, Fence: h.claim.Plan}, h.claim.Index, fence)
	}
	return checkpointName(h.kind, h.epoch, fence)
}

// has reports whether the record says that the holder has what it took, and who has it.
func (h *holder) has(current control.Record) (by string, has bool) {
	if h.claim != nil {
		is, _ := h.claim.At(current)
		return is.Holder, h.claim.Has(current)
	}
	b := current.Backfills[h.kind]
	return b.Holder, b.Fence == h.fence && b.Holder == h.id
}
