package ctl

import (
	"context"
	"flag"
	"fmt"
	"io"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/phase"
)

func bindCutoff(flags *flag.FlagSet) func(context.Context, *session) error {
	confirm := flags.Bool("confirm", false, "the old store holds nothing of that time or later; while all calls are frozen: what changes its store was copied")
	lead := flags.Duration("lead", 0, "how far ahead of the clock keys may be; 0 for the default")
	wait := flags.Duration("wait", 30*time.Second, "how long to wait for all instances to follow")
	return func(ctx context.Context, s *session) error {
		if len(s.args) > 1 {
			return fmt.Errorf("%w: cutoff takes one time, or none", errUsage)
		}
		step := control.Step{By: s.by, Why: s.why, Confirm: *confirm}
		var changes []func() error
		flags.Visit(func(f *flag.Flag) {
			if f.Name == "lead" {
				changes = append(changes, func() error { return s.setLead(ctx, *lead, step) })
			}
		})
		if len(s.args) == 1 {
			cutoff, err := parseCutoff(s.args[0])
			if err != nil {
				return err
			}
			changes = append(changes, func() error { return errorOf(s.coordinator().Cutoff(ctx, cutoff, step)) })
		}
		for _, change := range changes {
			if err := s.follow(ctx); err != nil {
				return err
			}
			if err := change(); err != nil {
				return err
			}
			if err := s.settle(ctx, *wait); err != nil {
				return err
			}
		}
		record, err := s.printRecord(ctx)
		if err == nil && !s.json && record.Settings.Cutoff.IsZero() {
			fmt.Fprintf(s.out, "no cutoff: all keys belong to old, in OldOnly; lead %v\n", record.Settings.Ahead())
		}
		return err
	}
}

// errorOf is the error of what returns a record too.
func errorOf(_ control.Record, err error) error { return err }

// setLead says at once that the lead has changed: the cutoff beside it may be refused.
func (s *session) setLead(ctx context.Context, lead time.Duration, step control.Step) error {
	err := errorOf(s.coordinator().Lead(ctx, lead, step))
	if err == nil && !s.json && len(s.args) > 0 {
		fmt.Fprintf(s.out, "the lead is %v now\n", phase.Settings{Lead: lead}.Ahead())
	}
	return err
}

// parseCutoff reads a time, a day (its beginning in UTC), or none.
func parseCutoff(text string) (time.Time, error) {
	if text == "none" {
		return time.Time{}, nil
	}
	t, err := parseTime(text)
	if err != nil {
		return t, fmt.Errorf("%w, or none", err)
	}
	return t, nil
}

// parseTime reads a time, or a day (its beginning in UTC).
func parseTime(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%w: %q is no time: want 2026-01-02T15:04:05Z, or 2026-01-02 (its beginning in UTC)", errUsage, text)
}

// writeCutoff says which keys belong to which store, if there is a cutoff.
func writeCutoff(w io.Writer, record control.Record) {
	if settings := record.Settings; !settings.Cutoff.IsZero() {
		fmt.Fprintf(w, "keys before %s belong to old, later ones to new; lead %v\n", settings.Cutoff.UTC().Format(time.RFC3339), settings.Ahead())
	}
}
