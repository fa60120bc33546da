package ctl

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
)

func bindInit(*flag.FlagSet) func(context.Context, *session) error {
	return func(ctx context.Context, s *session) error {
		if err := control.Init(ctx, s.migration.Control(), s.by); err != nil {
			return fmt.Errorf("make the flag record: %w", err)
		}
		return errorOf(s.printRecord(ctx))
	}
}

// bindMove binds advance and back.
func bindMove(name string) func(*flag.FlagSet) func(context.Context, *session) error {
	return func(flags *flag.FlagSet) func(context.Context, *session) error {
		confirm := flags.Bool("confirm", false, "accept a step that cannot be undone without a backfill")
		wait := flags.Duration("wait", 30*time.Second, "how long to wait for all instances to follow")
		return func(ctx context.Context, s *session) error {
			if err := s.follow(ctx); err != nil {
				return err
			}
			move := s.coordinator().Advance
			if name == "back" {
				move = s.coordinator().Back
			}
			if _, err := move(ctx, control.Step{By: s.by, Confirm: *confirm}); err != nil {
				return err
			}
			return errors.Join(errorOf(s.printRecord(ctx)), s.settle(ctx, *wait))
		}
	}
}

// settle waits until every instance has acknowledged the flag record.
func (s *session) settle(ctx context.Context, wait time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for {
		_, err := control.Settled(ctx, s.migration.Control())
		if err == nil {
			return nil
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("the step is made, but not every instance has followed it in %v:\n%w", wait, err)
		}
	}
}

// printRecord prints the flag record as it is now, and returns it.
func (s *session) printRecord(ctx context.Context) (control.Record, error) {
	record, err := s.migration.Control().Load(ctx)
	if err != nil {
		return record, fmt.Errorf("load the flag record: %w", err)
	}
	return record, s.print(record, func(w io.Writer) {
		fmt.Fprintf(w, "%v, epoch %d, mirror %v, compare %g, freeze %v\n", record.Phase, record.Epoch,
			record.Settings.Mirror, record.Settings.Compare, record.Settings.Freeze)
		writeCutoff(w, record)
	})
}

func bindSet(flags *flag.FlagSet) func(context.Context, *session) error {
	mirror := flags.String("mirror", "", "inline, parallel or async")
	compare := flags.Float64("compare", 0, "share of reads, 0 to 1, that are compared")
	compareSelf := flags.Bool("compare-self", false, "compare the primary with itself")
	freeze := flags.String("freeze", "", "none, writes or all")
	return func(ctx context.Context, s *session) error {
		record, err := s.migration.Control().Load(ctx)
		if err != nil {
			return fmt.Errorf("load the flag record: %w", err)
		}
		settings, given := record.Settings, 0
		flags.Visit(func(f *flag.Flag) {
			var wrong error
			switch f.Name {
			case "mirror":
				wrong = settings.Mirror.UnmarshalText([]byte(*mirror))
			case "compare":
				settings.Compare = *compare
			case "compare-self":
				settings.CompareSelf = *compareSelf
			case "freeze":
				wrong = settings.Freeze.UnmarshalText([]byte(*freeze))
			default:
				return
			}
			given++
			if wrong != nil {
				err = fmt.Errorf("%w: %w", errUsage, wrong)
			}
		})
		if given == 0 && err == nil {
			err = fmt.Errorf("%w: set needs at least one setting", errUsage)
		}
		if err != nil {
			return err
		}
		if _, err := s.coordinator().Set(ctx, settings, control.Step{By: s.by}); err != nil {
			return err
		}
		return errorOf(s.printRecord(ctx))
	}
}

func bindRecover(flags *flag.FlagSet) func(context.Context, *session) error {
	confirm := flags.Bool("confirm", false, "accept that acknowledged writes which only the other store holds may be lost")
	return func(ctx context.Context, s *session) error {
		if _, err := s.coordinator().Recover(ctx, control.Step{By: s.by, Confirm: *confirm}); err != nil {
			return err
		}
		return errorOf(s.printRecord(ctx))
	}
}

func bindEvict(*flag.FlagSet) func(context.Context, *session) error {
	return func(ctx context.Context, s *session) error {
		if len(s.args) != 1 {
			return fmt.Errorf("%w: evict needs one instance; status lists them", errUsage)
		}
		instances, err := s.migration.Control().Instances(ctx)
		if err != nil {
			return fmt.Errorf("list the instances: %w", err)
		}
		for _, in := range instances {
			if in.ID != s.args[0] {
				continue
			}
			if err := s.migration.Control().Evict(ctx, in.ID); err != nil {
				return fmt.Errorf("evict %s: %w", in.ID, err)
			}
			return s.print(in, func(w io.Writer) { fmt.Fprintf(w, "evicted %s\n", in.ID) })
		}
		return fmt.Errorf("there is no instance %q; status lists them", s.args[0])
	}
}
