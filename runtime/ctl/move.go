package ctl

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/phase"
)

func bindInit(*flag.FlagSet) func(context.Context, *session) error {
	return func(ctx context.Context, s *session) error {
		if err := control.Init(ctx, s.control, s.by); err != nil {
			return fmt.Errorf("make the flag record: %w", err)
		}
		if err := s.pinFirst(ctx); err != nil {
			return err
		}
		return errorOf(s.printRecord(ctx))
	}
}

// bindMove binds advance and back.
func bindMove(name string) func(*flag.FlagSet) func(context.Context, *session) error {
	return func(flags *flag.FlagSet) func(context.Context, *session) error {
		confirm := flags.Bool("confirm", false, "accept a step that cannot be undone without a backfill")
		wait := flags.Duration("wait", 30*time.Second, "how long to wait for all instances to follow")
		ready := flags.Duration("ready", 0, "how long to wait for the gates, and make the step once they are met")
		expect := flags.Int("expect-instances", 0, "refuse the step unless so many instances of the service are alive; commands do not count")
		var to phase.Phase
		flags.Func("to", "the `phase` that the step leads to; nothing is done if the fleet is there already", func(text string) error { return to.UnmarshalText([]byte(text)) })
		var abandon []string
		var postpone string
		if name == "advance" {
			flags.StringVar(&postpone, "postpone", "", "a `file`, made if it is not there: the step is not made while it is; the gates are asked, and what is in the way is told")
			flags.Func("abandon", "give up a `kind` that nothing can copy: what the other store alone holds of it may be lost; may be repeated", func(kind string) error {
				abandon = append(abandon, kind)
				return nil
			})
		}
		return func(ctx context.Context, s *session) error {
			if err := s.follow(ctx); err != nil {
				return err
			}
			move := s.coordinator().Back
			if name == "advance" {
				s.known(ctx)
				move = s.coordinator().Advance
			}
			step := control.Step{By: s.by, Why: s.why, Confirm: *confirm, To: to, Abandon: abandon, Expect: *expect}
			if err := s.postponed(ctx, postpone, &step); err != nil {
				return err
			}
			if err := s.moveWhenReady(ctx, move, step, *ready); err != nil {
				return err
			}
			err := errorOf(s.printRecord(ctx))
			s.warn(ctx)
			if err == nil {
				err = s.settle(ctx, *wait)
			}
			return err
		}
	}
}

// askPatience bounds how long a step forward waits to learn which stores this command has. A step back never does.
const askPatience = 3 * time.Second

// known waits, for a while, until the fleet has heard which stores this command has: a busy store may take longer to say so than the
// instance, which has a lease to renew, gives it at first. If it does not say so, the gates do.
func (s *session) known(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, askPatience)
	defer cancel()
	for {
		if own, err := s.migration.Identify(ctx); err == nil && s.reports(ctx, own) {
			return
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return
		}
	}
}

// reports tells whether the fleet has heard of these stores from this command. What it does not know, nobody can hear.
func (s *session) reports(ctx context.Context, own [2]control.Identity) bool {
	instances, err := s.control.Instances(ctx)
	return err != nil || own[0].Store == "" || own[1].Store == "" || slices.ContainsFunc(instances, func(i control.Instance) bool {
		return i.ID == s.migration.Instance() && i.Stores == own
	})
}

// warn says what is likely to be a mistake, though it stood in no step's way.
func (s *session) warn(ctx context.Context) {
	state, err := s.coordinator().Status(ctx)
	if err != nil {
		fmt.Fprintln(s.err, "warning: the fleet cannot be looked at:", err)
		return
	}
	for _, warning := range state.Warnings {
		fmt.Fprintln(s.err, "warning:", warning)
	}
}

// settle waits until every instance has acknowledged the flag record. The step is made by then: that some have not is a
// warning.
func (s *session) settle(outer context.Context, wait time.Duration) error {
	if s.dry {
		return nil
	}
	ctx, cancel := context.WithTimeout(outer, wait)
	defer cancel()
	for {
		_, err := control.Settled(ctx, s.control)
		if err == nil {
			return nil
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			if outer.Err() != nil {
				return fmt.Errorf("it is done; nobody waits any longer for all to follow: %w", outer.Err())
			}
			fmt.Fprintf(s.err, "warning: it is done, but not every instance has followed it in %v; the next one waits for them:\n%v\n", wait, err)
			return nil
		}
	}
}

// printRecord prints the flag record as it is now, and returns it.
func (s *session) printRecord(ctx context.Context) (control.Record, error) {
	record, err := s.control.Load(ctx)
	if err != nil {
		return record, fmt.Errorf("load the flag record: %w", err)
	}
	return record, s.print(record, func(w io.Writer) {
		paused := ""
		if record.Settings.Paused {
			paused = ", paused"
		}
		fmt.Fprintf(w, "%v, epoch %d, mirror %v, compare %g, freeze %v%s\n", record.Phase, record.Epoch,
			record.Settings.Mirror, record.Settings.Compare, record.Settings.Freeze, paused)
		writeFallback(w, record)
		writeCanary(w, record)
		writeCutoff(w, record)
	})
}

func bindRecover(flags *flag.FlagSet) func(context.Context, *session) error {
	confirm := flags.Bool("confirm", false, "accept that acknowledged writes which only one store holds must be found by verify, or may be lost")
	return func(ctx context.Context, s *session) error {
		if _, err := s.coordinator().Recover(ctx, control.Step{By: s.by, Why: s.why, Confirm: *confirm}); err != nil {
			return err
		}
		return errorOf(s.printRecord(ctx))
	}
}
