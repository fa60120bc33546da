package ctl

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/verify"
)

// tellEvery is how often a running command reports its progress.
const tellEvery = 2 * time.Second

// teller prints progress to stderr now and then.
func (s *session) teller() func(format string, args ...any) {
	var last time.Time
	return func(format string, args ...any) {
		if s.json || time.Since(last) < tellEvery {
			return
		}
		last = time.Now()
		fmt.Fprintf(s.err, format, args...)
	}
}

func bindBackfill(flags *flag.FlagSet) func(context.Context, *session) error {
	var config backfill.Config
	flags.Float64Var(&config.Rate, "rate", 0, "entities a second at most; 0 for the default, negative for no limit")
	flags.IntVar(&config.Chunk, "chunk", 0, "entities a page; 0 for the default")
	flags.BoolVar(&config.Restart, "restart", false, "begin at the start")
	return func(ctx context.Context, s *session) error {
		if err := s.follow(ctx); err != nil {
			return err
		}
		kinds, err := s.kinds()
		if err != nil {
			return err
		}
		tell := s.teller()
		config.Holder = s.by
		config.OnProgress = func(p backfill.Progress) { tell("%s: %d copied, %d failed\n", p.Kind, p.Copied, p.Failed) }
		var reports []backfill.Report
		for _, kind := range kinds {
			report, err := backfill.Run(ctx, s.migration, kind, config)
			if err != nil {
				return err
			}
			reports = append(reports, report)
		}
		return s.print(reports, func(w io.Writer) {
			for _, r := range reports {
				fmt.Fprintf(w, "%s: complete, %d copied, %d left to the reconciler\n", r.Kind, r.Copied, r.Failed+r.Marked)
				for _, failure := range r.Failures {
					fmt.Fprintf(w, "  failed: %s\n", line(fmt.Sprint(failure)))
				}
			}
		})
	}
}

func bindVerify(flags *flag.FlagSet) func(context.Context, *session) error {
	var config verify.Config
	flags.BoolVar(&config.Repair, "repair", false, "mark what differs, so that the reconciler copies it")
	flags.Float64Var(&config.Sample, "sample", 0, "check only this share of the keys, 0 to 1; no certificate")
	flags.Float64Var(&config.Rate, "rate", 0, "entities a second at most; 0 for the default, negative for no limit")
	flags.BoolVar(&config.Takeover, "takeover", false, "begin though another pass runs, which then issues no certificate")
	flags.IntVar(&config.Shown, "show", 0, "how many differences to show; 0 for the default")
	return func(ctx context.Context, s *session) error {
		if err := s.follow(ctx); err != nil {
			return err
		}
		kinds, err := s.kinds()
		if err != nil {
			return err
		}
		tell := s.teller()
		config.OnProgress = func(p verify.Progress) {
			tell("%s: %d old and %d new read, %d differ\n", p.Kind, p.Read[0], p.Read[1], p.Differ)
		}
		var reports []verify.Report
		var differ error
		for _, kind := range kinds {
			report, err := verify.Run(ctx, s.migration, kind, config)
			if err != nil {
				return err
			}
			reports = append(reports, report)
			if report.Differed() > 0 {
				differ = errDiffer
			}
		}
		return errors.Join(differ, s.print(reports, func(w io.Writer) {
			for _, r := range reports {
				writeVerified(w, r)
			}
		}))
	}
}

func writeVerified(w io.Writer, r verify.Report) {
	fmt.Fprintf(w, "%s: %d compared by %s in %v: %d only in old, %d only in new, %d different, %d marked for repair\n",
		r.Kind, r.Compared, r.Order, r.Took.Round(time.Millisecond), r.OnlyOld, r.OnlyNew, r.Different, r.Repaired)
	fmt.Fprintf(w, "  writes in flight: %d gone at the second look, %d known to the journal, %d written during each look\n",
		r.Transient, r.Unclean, r.Busy)
	for _, m := range r.Differences {
		fmt.Fprintf(w, "  %v\n", m.Key)
		for _, d := range m.Differences {
			fmt.Fprintf(w, "    %s: old %s, new %s\n", line(d.Path), line(fmt.Sprint(d.Old)), line(fmt.Sprint(d.New)))
		}
	}
	if r.Certified {
		fmt.Fprintln(w, "  certificate issued")
		return
	}
	fmt.Fprintf(w, "  no certificate: %s\n", r.Reason)
}

func bindQuarantine(flags *flag.FlagSet) func(context.Context, *session) error {
	limit := flags.Int("limit", 1000, "how many keys at most")
	return func(ctx context.Context, s *session) error {
		if len(s.args) == 0 || s.args[0] != "list" && s.args[0] != "retry" {
			return fmt.Errorf("%w: quarantine list, or quarantine retry [KEY...]", errUsage)
		}
		entries, err := s.migration.Journal().Unclean(ctx, journal.Query{Quarantined: true, Limit: *limit})
		if err != nil {
			return fmt.Errorf("list the quarantined keys: %w", err)
		}
		if s.args[0] == "list" {
			return s.print(entries, func(w io.Writer) {
				for _, e := range entries {
					fmt.Fprintf(w, "%v  copied from %v, %d attempts, last %v ago\n  %s\n", e.Key, e.Primary, e.Attempts, e.Idle.Round(time.Second), line(e.Cause))
				}
				fmt.Fprintf(w, "%d quarantined\n", len(entries))
			})
		}
		return s.retry(ctx, entries, s.args[1:])
	}
}

// retry gives quarantined keys back to the reconciler: those named, or all.
func (s *session) retry(ctx context.Context, entries []journal.Entry, names []string) error {
	wanted := make(map[string]bool)
	for _, name := range names {
		wanted[name] = true
	}
	retried := []string{}
	for _, e := range entries {
		if len(names) > 0 && !wanted[e.Key.String()] {
			continue
		}
		if err := s.migration.Journal().MarkDirty(ctx, []journal.Key{e.Key}, e.Primary); err != nil {
			return fmt.Errorf("retry %v: %w", e.Key, err)
		}
		retried = append(retried, e.Key.String())
		delete(wanted, e.Key.String())
	}
	for name := range wanted {
		return fmt.Errorf("%s is not quarantined; quarantine list shows those that are", name)
	}
	return s.print(retried, func(w io.Writer) { fmt.Fprintf(w, "%d keys are tried again\n", len(retried)) })
}
