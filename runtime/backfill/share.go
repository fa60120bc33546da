package backfill

import (
	"context"
	"sync/atomic"
	"time"
)

// sharing is how many backfills run beside this one in the fleet.
type sharing struct{ atomic.Int64 }

// share is this run's part of a rate that the backfills of the fleet have together. No limit stays none.
func (h *holder) share(rate float64) float64 {
	if rate <= 0 {
		return rate
	}
	return rate / float64(1+h.others.Load())
}

// deaf is how many leases without a sign of life a run is counted among those that share a rate. Clocks of two machines may differ.
const deaf = 4

// countOthers counts the backfills of other kinds that run. What cannot be asked stays as it was.
func (h *holder) countOthers(ctx context.Context) {
	record, err := h.control.Load(ctx)
	if err != nil {
		return
	}
	others := int64(0)
	for kind, b := range record.Backfills {
		if kind == h.kind || b.Holder == "" || b.Complete || b.Epoch != record.MirroredSince {
			continue
		}
		p, err := Status(ctx, h.control, kind)
		if err != nil {
			return
		}
		if time.Since(p.Saved) < deaf*h.config.Lease {
			others++
		}
	}
	h.others.Store(others)
}
