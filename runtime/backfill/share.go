package backfill

import (
	"context"
	"sync/atomic"
	"time"
)

// sharing is how many backfills run beside this one in the fleet.
type sharing struct{ atomic.Int64 }

// share is this run's part of a rate that the backfills of the fleet have together. No limit stays none.
func (s *sharing) share(rate float64) float64 {
	if rate <= 0 {
		return rate
	}
	return rate / float64(1+s.Load())
}

// deaf is how many leases without a sign of life a run is counted among those that share a rate. Clocks of two machines may differ.
const deaf = 4

// countOthers counts the other backfills that run, and the other processes that have a range. What cannot be asked stays as it was.
func (h *holder) countOthers(ctx context.Context) {
	record, err := h.control.Load(ctx)
	if err != nil {
		return
	}
	others := int64(0)
	for kind, b := range record.Backfills {
		if b.Holder == "" || b.Complete || b.Epoch != record.MirroredSince || kind == h.kind && len(b.Ranges) == 0 {
			continue
		}
		p, err := Status(ctx, h.control, kind)
		if err != nil {
			return
		}
		if len(b.Ranges) == 0 && h.hears(p.Saved) {
			others++
		}
		for _, w := range p.By {
			if w.Holds > 0 && w.Holder != h.id && h.hears(w.Saved) {
				others++
			}
		}
	}
	h.others.Store(others)
}

// hears reports whether a sign of life is not too long ago.
func (h *holder) hears(saved time.Time) bool { return time.Since(saved) < deaf*h.config.Lease }
