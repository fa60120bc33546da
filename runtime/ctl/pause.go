package ctl

import (
	"context"
	"flag"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/outlook"
	"github.com/dualgen/dualgen/runtime/phase"
)

// bindEdit binds stop, pause and resume, and says what follows.
func bindEdit(name, then string) func(*flag.FlagSet) func(context.Context, *session) error {
	return func(flags *flag.FlagSet) func(context.Context, *session) error {
		wait := flags.Duration("wait", 30*time.Second, "how long to wait for all instances to follow")
		return func(ctx context.Context, s *session) error {
			err := s.change(ctx, *wait, outlook.Edits[name])
			if err == nil && !s.json && then != "" {
				fmt.Fprintln(s.out, then)
			}
			return err
		}
	}
}

// change stores other settings, prints the record, and waits until the fleet follows.
func (s *session) change(ctx context.Context, wait time.Duration, edit func(*phase.Settings)) error {
	record, err := s.control.Load(ctx)
	if err != nil {
		return fmt.Errorf("load the flag record: %w", err)
	}
	settings := record.Settings
	if edit(&settings); settings != record.Settings || record.Revision == 0 {
		if _, err := s.coordinator().Change(ctx, edit, s.step()); err != nil {
			return err
		}
	}
	if err := errorOf(s.printRecord(ctx)); err != nil {
		return err
	}
	return s.settle(ctx, wait)
}
