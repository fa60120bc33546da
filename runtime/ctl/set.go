package ctl

import (
	"context"
	"encoding"
	"errors"
	"flag"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/phase"
)

func bindSet(flags *flag.FlagSet) func(context.Context, *session) error {
	var wrong error
	byFlag := bindSettings(flags, &wrong)
	confirm := flags.Bool("confirm", false, "fallback off: the other store has nothing more of the kinds that cannot be listed")
	wait := flags.Duration("wait", 30*time.Second, "how long to wait for all instances to follow")
	return func(ctx context.Context, s *session) error {
		var edits []func(*phase.Settings)
		flags.Visit(func(f *flag.Flag) {
			if edit, ok := byFlag[f.Name]; ok {
				edits = append(edits, edit())
			}
		})
		switch {
		case wrong != nil:
			return fmt.Errorf("%w: %w", errUsage, wrong)
		case len(edits) == 0:
			return fmt.Errorf("%w: set needs at least one setting", errUsage)
		}
		change := func(settings *phase.Settings) {
			for _, edit := range edits {
				edit(settings)
			}
		}
		step := s.step()
		step.Confirm = *confirm
		if _, err := s.coordinator().Change(ctx, change, step); err != nil {
			return err
		}
		if err := errorOf(s.printRecord(ctx)); err != nil {
			return err
		}
		return s.settle(ctx, *wait)
	}
}

// edit returns, once the flags are parsed, what changes a setting.
type edit func() func(*phase.Settings)

// bindSettings binds a flag for each setting, and returns what each changes. A value that is none is noted in wrong.
func bindSettings(flags *flag.FlagSet, wrong *error) map[string]edit {
	edits := map[string]edit{}
	share := func(name, usage string, setting func(*phase.Settings) *float64) {
		value := flags.Float64(name, 0, usage)
		edits[name] = func() func(*phase.Settings) { return func(s *phase.Settings) { *setting(s) = *value } }
	}
	duration := func(name, usage string, setting func(*phase.Settings) *time.Duration) {
		value := flags.Duration(name, 0, usage)
		edits[name] = func() func(*phase.Settings) { return func(s *phase.Settings) { *setting(s) = *value } }
	}
	compareSelf := flags.Bool("compare-self", false, "compare the primary with itself")
	edits["compare-self"] = func() func(*phase.Settings) { return func(s *phase.Settings) { s.CompareSelf = *compareSelf } }
	mirror := flags.String("mirror", "", "inline, parallel, async, async-guarded or queued")
	edits["mirror"] = func() func(*phase.Settings) {
		return setTo(*mirror, wrong, func(s *phase.Settings) *phase.Mirror { return &s.Mirror })
	}
	freeze := flags.String("freeze", "", "none, writes or all")
	edits["freeze"] = func() func(*phase.Settings) {
		return setTo(*freeze, wrong, func(s *phase.Settings) *phase.Freeze { return &s.Freeze })
	}
	fallback := flags.String("fallback", "", "off, lookup or save: what becomes of a read that finds nothing while the store is still being filled")
	edits["fallback"] = func() func(*phase.Settings) {
		return setTo(*fallback, wrong, func(s *phase.Settings) *phase.Fallback { return &s.Fallback })
	}
	share("compare", "share of reads, 0 to 1, that are compared", func(s *phase.Settings) *float64 { return &s.Compare })
	share("canary", "share of the keys, 0 to 1, that are in the other guarded phase already", func(s *phase.Settings) *float64 { return &s.Canary })
	share("canary-errors", "how much larger the share of failing calls may be on the canary's keys; 0 for the default, 0.01",
		func(s *phase.Settings) *float64 { return &s.CanaryErrors })
	duration("canary-p99", "in what time the store of the canary's keys must answer 99 of 100 calls; 0 for the default, 1s",
		func(s *phase.Settings) *time.Duration { return &s.CanaryP99 })
	duration("certificate-age", "how long a certificate counts; 0 for the default, 24h", func(s *phase.Settings) *time.Duration { return &s.CertificateAge })
	share("backfill-rate", "entities a second that the backfills of the fleet write at most, all together; 0 for what each was started with, negative for no limit",
		func(s *phase.Settings) *float64 { return &s.BackfillRate })
	share("recount", "least share, 0 to 1, that verify must have counted again; 0 for the default, 0.5", func(s *phase.Settings) *float64 { return &s.Recount })
	return edits
}

// setTo returns what sets a setting to the value of that name, and notes in wrong that there is no such value.
func setTo[T any, P interface {
	*T
	encoding.TextUnmarshaler
}](name string, wrong *error, setting func(*phase.Settings) P) func(*phase.Settings) {
	var value T
	*wrong = errors.Join(*wrong, P(&value).UnmarshalText([]byte(name)))
	return func(s *phase.Settings) { *setting(s) = value }
}
