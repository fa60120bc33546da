package backfill

import (
	"context"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
)

// loadResume finds where an earlier run was.
func (h *holder) loadResume(ctx context.Context, before control.Backfill) (err error) {
	if len(before.Ranges) > 0 && before.Epoch == h.epoch && before.From == h.from {
		h.left, err = leftOf(ctx, h.control, h.kind, before)
		return err
	}
	if h.config.Restart && h.config.Since.IsZero() {
		return nil
	}
	p, err := loadCheckpoint(ctx, h.control, h.kind, h.epoch, h.fence-1)
	if err != nil {
		return err
	}
	switch {
	case p == nil || p.Epoch != h.epoch || p.From != h.from:
	case h.config.Restart: // what it does not list, nobody copies again
		h.left = p
	case !p.Since.Equal(h.config.Since):
		return fmt.Errorf("%w: %s", ErrOtherSince, sinceText(p.Since))
	default:
		h.resume = p
	}
	return nil
}

// sinceText is a time for people.
func sinceText(since time.Time) string {
	if since.IsZero() {
		return "the beginning"
	}
	return since.UTC().Format(time.RFC3339Nano)
}
