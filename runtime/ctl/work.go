package ctl

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"github.com/dualgen/dualgen/runtime/backfill"
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
