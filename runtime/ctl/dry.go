package ctl

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/outlook"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/verify"
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

// wouldWork is the record that a backfill or a verify pass would begin with, or why neither would begin.
func (s *session) wouldWork(ctx context.Context) (control.Record, error) {
	record, err := control.Settled(ctx, s.control)
	if err == nil && !record.Phase.Mirrored() {
		err = fmt.Errorf("in %v only one store is written: there is nothing to copy or to compare", record.Phase)
	}
	return record, err
}

// wouldCopy says what a backfill of the kinds would begin with, or why it would not begin.
func (s *session) wouldCopy(ctx context.Context, kinds []string) error {
	record, err := s.wouldWork(ctx)
	if err != nil {
		return err
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

// comparison is what a verify pass over a kind would begin with.
type comparison struct {
	Kind        string        `json:"kind"`
	Last        verify.Latest `json:"last"` // the pass before
	Certificate string        `json:"certificate"`
}

// wouldCompare says what a verify pass over the kinds would do, and what it would begin with, or why it would not begin.
func (s *session) wouldCompare(ctx context.Context, kinds []string, config verify.Config) error {
	record, err := s.wouldWork(ctx)
	if err != nil {
		return err
	}
	report, err := s.lookout.Look(ctx, false)
	if err != nil {
		return err
	}
	var passes []comparison
	for _, k := range report.Kinds {
		if !slices.Contains(kinds, k.Kind) {
			continue
		}
		last, err := verify.Status(ctx, s.control, k.Kind)
		if err != nil {
			return err
		}
		passes = append(passes, comparison{k.Kind, last, k.CertificateText()})
	}
	return s.print(passes, func(w io.Writer) {
		for _, p := range passes {
			last := "none"
			if !p.Last.Started.IsZero() {
				last = "of " + outlook.Line(p.Last.Instance) + ", " + outlook.Ago(p.Last.Started) + " ago"
			}
			fmt.Fprintf(w, "%s: %s; last pass: %s; certificate: %s\n", outlook.Line(p.Kind), wouldDo(config, record.Complete()), last, p.Certificate)
		}
	})
}

// wouldDo says what a pass does.
func wouldDo(config verify.Config, complete phase.Store) string {
	what := "all keys of both stores would be compared"
	if config.Sample > 0 {
		what = fmt.Sprintf("a share of %g of the keys would be compared, for no certificate", config.Sample)
	}
	if config.Repair {
		what += fmt.Sprintf(", and what differs marked, so that the reconciler copies it; %v is complete", complete)
	}
	return what
}
