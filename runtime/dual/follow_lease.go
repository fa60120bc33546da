package dual

import (
	"log/slog"
	"time"
)

// extendLease moves the lease's end, counted from before the renewal was sent. A tenth is left to clocks that run at
// different speeds.
func (f *follower) extendLease(sent time.Time) {
	if !f.m.config.leased(f.m.hooks) {
		return
	}
	until := sent.Add(f.m.config.Lease - f.m.config.Lease/10)
	if f.lease != nil && f.lease.valid(f.m.hooks.Now()) {
		f.lease.extend(until)
		return
	}
	regained := f.lease != nil
	f.lease = newLease(f.base, until)
	if regained {
		f.m.config.Logger.LogAttrs(f.ctx, slog.LevelInfo, eventLeaseRegained)
	}
}

// checkLease logs the loss of the lease, once.
func (f *follower) checkLease() {
	if f.lease == nil || f.lost == f.lease || f.lease.valid(f.m.hooks.Now()) {
		return
	}
	f.lost = f.lease
	f.m.config.Logger.LogAttrs(f.ctx, slog.LevelError, eventLeaseLost)
}
