package ctl

import (
	"context"
	"flag"
	"fmt"
	"io"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
)

func bindEvict(flags *flag.FlagSet) func(context.Context, *session) error {
	confirm := flags.Bool("confirm", false, "evict an instance though its lease runs: its process has ended")
	return func(ctx context.Context, s *session) error {
		if len(s.args) != 1 {
			return fmt.Errorf("%w: evict needs one instance; status lists them", errUsage)
		}
		instances, err := s.control.Instances(ctx)
		if err != nil {
			return fmt.Errorf("list the instances: %w", err)
		}
		for _, in := range instances {
			switch {
			case in.ID != s.args[0]:
				continue
			case in.Evicted:
				return s.print(in, func(w io.Writer) {
					fmt.Fprintf(w, "%s was evicted before; its lease runs for another %v\n", in.ID, in.Left.Round(time.Second))
				})
			case in.Live && !*confirm:
				return &control.Refusal{What: "evict " + in.ID, Unmet: []control.Obstacle{{Gate: control.GateConfirm, Instance: in.ID,
					Problem: fmt.Sprintf("the instance is alive: it was heard of, and its lease runs for another %v; its calls will be refused for good", in.Left),
					Remedy:  "end its process, and it leaves by itself; if it hangs, confirm"}}}
			}
			if err := s.control.Evict(ctx, in.ID); err != nil {
				return fmt.Errorf("evict %s: %w", in.ID, err)
			}
			if err := s.note(ctx, "evicted "+in.ID); err != nil {
				return err
			}
			return s.print(in, func(w io.Writer) {
				fmt.Fprintf(w, "evicted %s\n", in.ID)
				if in.Live {
					fmt.Fprintf(w, "one that only hangs may go on until its lease has run out, in %v: the fleet waits for that\n", in.Left.Round(time.Second))
				}
			})
		}
		return fmt.Errorf("there is no instance %q; status lists them", s.args[0])
	}
}

func bindForget(flags *flag.FlagSet) func(context.Context, *session) error {
	confirm := flags.Bool("confirm", false, "accept that what the stores hold of the kind stays where it is")
	return func(ctx context.Context, s *session) error {
		if len(s.args) != 1 {
			return fmt.Errorf("%w: forget needs one kind; status lists them", errUsage)
		}
		if _, err := s.coordinator().Forget(ctx, s.args[0], control.Step{By: s.by, Why: s.why, Confirm: *confirm}); err != nil {
			return err
		}
		return s.print(s.args[0], func(w io.Writer) { fmt.Fprintf(w, "forgot %s\n", s.args[0]) })
	}
}

// pinFirst makes this command's stores those of the fleet, if it knows them and no others are pinned: so an instance that is
// deployed with them the other way round lets no call in.
func (s *session) pinFirst(ctx context.Context) error {
	record, err := s.control.Load(ctx)
	if err != nil {
		return fmt.Errorf("load the flag record: %w", err)
	}
	own, err := s.migration.Identify(ctx)
	if err != nil {
		return err
	}
	if record.Stores != [2]string{} || own[0].Store == "" || own[1].Store == "" {
		return nil
	}
	return errorOf(s.coordinator().Pin(ctx, own, s.step()))
}

func bindStores(flags *flag.FlagSet) func(context.Context, *session) error {
	pin := flags.Bool("pin", false, "make this command's stores those of the fleet: instances with others refuse calls")
	confirm := flags.Bool("confirm", false, "pin though other stores are pinned")
	return func(ctx context.Context, s *session) error {
		if *pin {
			own, err := s.migration.Identify(ctx)
			if err != nil {
				return err
			}
			if _, err := s.coordinator().Pin(ctx, own, control.Step{By: s.by, Why: s.why, Confirm: *confirm}); err != nil {
				return err
			}
		}
		record, err := s.control.Load(ctx)
		if err != nil {
			return fmt.Errorf("load the flag record: %w", err)
		}
		return s.print(record.Stores, func(w io.Writer) {
			if record.Stores == [2]string{} {
				fmt.Fprintln(w, "no stores are pinned: the first step to OldPrimary does so, or stores --pin")
				return
			}
			fmt.Fprintf(w, "old: %s\nnew: %s\n", record.Stores[0], record.Stores[1])
		})
	}
}
