package ctl

import (
	"context"
	"fmt"
	"io"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/outlook"
)

// dryControl is a control store for a dry run: the record that is stored in it stays in it, so that gates are asked and the outcome
// is shown while the fleet sees nothing.
type dryControl struct {
	control.Control
	stored *control.Record
}

// Load implements control.Control.
func (d *dryControl) Load(ctx context.Context) (control.Record, error) {
	if d.stored != nil {
		return d.stored.Clone(), nil
	}
	return d.Control.Load(ctx)
}

// Swap implements control.Control.
func (d *dryControl) Swap(ctx context.Context, expected uint64, next control.Record) error {
	present, err := d.Load(ctx)
	if err != nil {
		return err
	}
	if present.Revision != expected {
		return control.ErrConflict
	}
	next = next.Clone()
	next.Revision = expected + 1
	d.stored = &next
	return nil
}

// Evict implements control.Control.
func (d *dryControl) Evict(context.Context, string) error { return nil }

// wouldCopy says what a backfill, or a verify pass, of the kinds would begin with, or why it would not begin.
func (s *session) wouldCopy(ctx context.Context, kinds []string) error {
	record, err := control.Settled(ctx, s.control)
	if err != nil {
		return err
	}
	if !record.Phase.Mirrored() {
		return fmt.Errorf("in %v only one store is written: there is nothing to copy or to compare", record.Phase)
	}
	var progress []backfill.Progress
	for _, kind := range kinds {
		p, err := backfill.Status(ctx, s.control, kind)
		if err != nil {
			return err
		}
		progress = append(progress, p)
	}
	return s.print(progress, func(w io.Writer) {
		for i, kind := range kinds {
			fmt.Fprintf(w, "%s: %v is the primary; backfill so far: %s\n", kind, record.Phase.Primary(), outlook.Describe(progress[i]))
		}
	})
}
