package backfill

import (
	"bytes"
	"context"
	"fmt"

	"github.com/dualgen/dualgen/runtime/control"
)

// waitOut returns when the holder of b has shown no sign of life for a lease and whatever it sent has landed, or
// ErrRunning as soon as it shows one. It compares no clocks: what counts is that the checkpoint does not change.
func (h *holder) waitOut(ctx context.Context, b control.Backfill) error {
	before, err := h.signs(ctx, b)
	if err != nil {
		return err
	}
	silence := h.config.Lease + h.config.Settle
	h.config.Logger.InfoContext(ctx, "another backfill may be running: waiting for a sign of life",
		"kind", h.kind, "holder", b.Holder, "wait", silence)
	for end := h.hooks.Now().Add(silence); h.hooks.Now().Before(end); {
		if err := h.hooks.Sleep(ctx, min(h.config.Lease/4, end.Sub(h.hooks.Now()))); err != nil {
			return err
		}
		now, err := h.signs(ctx, b)
		if err != nil {
			return err
		}
		if !bytes.Equal(now, before) {
			return fmt.Errorf("%w: %s", ErrRunning, b.Holder)
		}
	}
	return nil
}

// signs are the signs of life of all who have the backfill or a range of it.
func (h *holder) signs(ctx context.Context, b control.Backfill) (all []byte, err error) {
	for _, name := range heldNames(h.kind, b) {
		data, err := h.control.LoadCheckpoint(ctx, name)
		if err != nil {
			return nil, fmt.Errorf("load the checkpoint of %s: %w", h.kind, err)
		}
		all = append(all, data...)
	}
	return all, nil
}
