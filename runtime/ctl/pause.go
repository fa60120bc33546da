package ctl

import (
	"context"
	"flag"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/phase"
)

// bindStop binds the emergency stop: writes are refused, and nothing is copied or compared.
func bindStop(flags *flag.FlagSet) func(context.Context, *session) error {
	wait := flags.Duration("wait", 30*time.Second, "how long to wait for all instances to follow")
	return func(ctx context.Context, s *session) error {
		err := s.change(ctx, *wait, func(settings *phase.Settings) {
			settings.Paused, settings.Freeze = true, max(settings.Freeze, phase.FreezeWrites)
		})
		if err == nil && !s.json {
			fmt.Fprintln(s.out, "to go on: resume, then set --freeze none")
		}
		return err
	}
}

// bindPause binds pause and resume.
func bindPause(paused bool) func(*flag.FlagSet) func(context.Context, *session) error {
	return func(flags *flag.FlagSet) func(context.Context, *session) error {
		wait := flags.Duration("wait", 30*time.Second, "how long to wait for all instances to follow")
		return func(ctx context.Context, s *session) error {
			return s.change(ctx, *wait, func(settings *phase.Settings) { settings.Paused = paused })
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
