package ctl

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/fallback"
	"github.com/dualgen/dualgen/runtime/internal/outlook"
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
	flags.Func("since", "copy only what was stored at this `time` or later, where the rest was copied by other means", func(text string) (err error) {
		config.Since, err = parseTime(text)
		return err
	})
	share := flags.Bool("share", false, "copy beside other processes that are given this flag too, each a range at a time")
	flags.IntVar(&config.Ranges, "ranges", 0, "with --share: into how many ranges a kind is divided that nobody has begun; 0 for the default")
	flags.Func("split", "with --share: the `keys` that divide the kind, with commas between, in the order in which it is listed", func(text string) error {
		config.Splits = strings.Split(text, ",")
		return nil
	})
	return func(ctx context.Context, s *session) error {
		if err := s.follow(ctx); err != nil {
			return err
		}
		kinds, err := s.kinds()
		if err != nil {
			return err
		}
		if !*share && (config.Ranges > 0 || len(config.Splits) > 0) || len(config.Splits) > 0 && len(kinds) != 1 {
			return fmt.Errorf("%w: --ranges and --split go with --share, and --split with one kind", errUsage)
		}
		if s.dry {
			return s.wouldCopy(ctx, kinds)
		}
		s.tellPaused(ctx)
		if record, err := s.control.Load(ctx); err == nil && record.FallsBack() {
			if *share {
				return fmt.Errorf("%w: --share: while reads fall back, one process copies", errUsage)
			}
			if !config.Since.IsZero() {
				return fmt.Errorf("%w: --since: while reads fall back, all is copied that the other store has not", errUsage)
			}
			return s.bring(ctx, kinds, config.Rate)
		}
		teller := s.progressTeller()
		defer teller.end()
		totals := s.lookout.Totals(ctx, kinds)
		config.Holder = s.by
		config.OnProgress = func(p backfill.Progress) {
			teller.tell(p.Kind, "backfill", p.Copied+p.Failed, totals[p.Kind], "; "+outlook.Counted(p))
		}
		copy := copyEach
		if *share {
			copy = backfill.Share
		}
		reports, failed := copy(ctx, s.migration, kinds, config)
		return errors.Join(failed, s.skipped(ctx), s.print(reports, func(w io.Writer) {
			for _, r := range reports {
				writeBackfilled(w, r)
			}
		}))
	}
}

// copyEach backfills kind after kind.
func copyEach(ctx context.Context, m backfill.Migration, kinds []string, config backfill.Config) (reports []backfill.Report, err error) {
	for _, kind := range kinds {
		report, err := backfill.Run(ctx, m, kind, config)
		if report.Kind != "" {
			reports = append(reports, report)
		}
		if err != nil {
			return reports, err
		}
	}
	return reports, nil
}

// tellPaused says why nothing happens.
func (s *session) tellPaused(ctx context.Context) {
	if record, err := s.control.Load(ctx); err == nil && record.Settings.Paused {
		fmt.Fprintln(s.err, "copies are paused: this waits for resume")
	}
}

// writeBackfilled says what the backfill came to, this run's part and those of the runs before, and what it left.
func writeBackfilled(w io.Writer, r backfill.Report) {
	state := "complete"
	if !r.Complete {
		state = "stopped"
	}
	fmt.Fprintf(w, "%s: %s%s, %s\n", r.Kind, state, outlook.Since(r.Since), outlook.Counted(r.Progress))
	writeWorkers(w, r.Progress)
	if !r.Since.IsZero() {
		fmt.Fprintln(w, "  not seen by it: what was deleted since then, and what changed without its time; verify --repair finds both")
	}
	if r.Recovered > 0 {
		fmt.Fprintf(w, "  marked for the reconciler, written since an interrupted run: %d\n", r.Recovered)
	}
	if r.Marked > 0 {
		fmt.Fprintf(w, "  marked for the reconciler, written during their page: %d\n", r.Marked)
	}
	for _, failure := range r.Failures {
		fmt.Fprintf(w, "  failed: %s\n", outlook.Line(fmt.Sprint(failure)))
	}
}

func bindVerify(flags *flag.FlagSet) func(context.Context, *session) error {
	var config verify.Config
	flags.BoolVar(&config.Repair, "repair", false, "mark what differs, so that the reconciler copies it")
	flags.Float64Var(&config.Sample, "sample", 0, "check only this share of the keys, 0 to 1; no certificate")
	flags.Float64Var(&config.Rate, "rate", 0, "entities a second at most; 0 for the default, negative for no limit")
	flags.BoolVar(&config.Takeover, "takeover", false, "begin though another pass runs, which then issues no certificate")
	flags.IntVar(&config.Shown, "show", 0, "how many differences to show; 0 for the default")
	resume := flags.Bool("resume", false, "go on after an interruption: leave out the kinds that have a certificate which counts")
	every := flags.Duration("every", 0, "verify again that long after each pass, until it is interrupted: certificates stay young while a fleet waits")
	return func(ctx context.Context, s *session) error {
		if err := s.follow(ctx); err != nil {
			return err
		}
		kinds, err := s.kinds()
		if err != nil {
			return err
		}
		if *resume {
			if kinds, err = s.unproved(ctx, kinds); err != nil {
				return err
			}
		}
		if s.dry {
			return s.wouldCompare(ctx, kinds, config)
		}
		s.tellPaused(ctx)
		config.By = s.by
		for {
			err := s.verify(ctx, kinds, config)
			if *every <= 0 {
				return err
			}
			if err != nil && ctx.Err() == nil { // the next pass may find it mended
				fmt.Fprintln(s.err, "warning:", outlook.Line(err.Error()))
			}
			select {
			case <-time.After(*every):
			case <-ctx.Done():
				return err
			}
		}
	}
}

// unproved are the kinds without a certificate that counts. The others are named.
func (s *session) unproved(ctx context.Context, kinds []string) (left []string, err error) {
	report, err := s.lookout.Look(ctx, false)
	for _, k := range report.Kinds {
		switch {
		case !slices.Contains(kinds, k.Kind):
		case k.Valid:
			fmt.Fprintf(s.err, "%s: left out, since it is proved: %s\n", outlook.Line(k.Kind), k.CertificateText())
		default:
			left = append(left, k.Kind)
		}
	}
	return left, err
}

// verify makes a pass over each kind, and says what it came to.
func (s *session) verify(ctx context.Context, kinds []string, config verify.Config) error {
	teller := s.progressTeller()
	defer teller.end()
	totals := s.lookout.Totals(ctx, kinds)
	config.OnProgress = func(p verify.Progress) {
		also := fmt.Sprintf("; %d old and %d new read, %d differ", p.Read[0], p.Read[1], p.Differ)
		teller.tell(p.Kind, "verify", outlook.Compared(p.Read), totals[p.Kind], also)
	}
	var reports []verify.Report
	var open error // what stands in the way of a certificate
	for _, kind := range kinds {
		report, err := verify.Run(ctx, s.migration, kind, config)
		if err != nil {
			return err
		}
		reports = append(reports, report)
		switch {
		case report.Differed() > 0:
			open = errors.Join(open, fmt.Errorf("%w: %s", errDiffer, kind))
		case !report.Certified && config.Sample == 0:
			open = errors.Join(open, fmt.Errorf("%w: %s has no certificate", errUnproved, kind))
		}
	}
	return errors.Join(open, s.skipped(ctx), s.print(reports, func(w io.Writer) {
		for _, r := range reports {
			writeVerified(w, r)
		}
	}))
}

func writeVerified(w io.Writer, r verify.Report) {
	fmt.Fprintf(w, "%s: %d compared by %s in %v: %d only in old, %d only in new, %d different, %d marked for repair\n",
		r.Kind, r.Compared, r.Order, r.Took.Round(time.Millisecond), r.OnlyOld, r.OnlyNew, r.Different, r.Repaired)
	fmt.Fprintf(w, "  writes in flight: %d gone at the second look, %d known to the journal, %d written during each look\n",
		r.Transient, r.Unclean, r.Busy)
	for _, m := range r.Differences {
		fmt.Fprintf(w, "  %v\n", m.Key)
		for _, d := range m.Differences {
			fmt.Fprintf(w, "    %s: old %s, new %s\n", outlook.Line(d.Path), outlook.Line(fmt.Sprint(d.Old)), outlook.Line(fmt.Sprint(d.New)))
		}
	}
	if r.Certified {
		fmt.Fprintln(w, "  certificate issued")
		return
	}
	fmt.Fprintf(w, "  no certificate: %s\n", r.Reason)
}

// bring is what the command backfill does while reads fall back.
func (s *session) bring(ctx context.Context, kinds []string, rate float64) error {
	tell := s.teller()
	config := fallback.Config{By: s.by, Rate: rate, OnProgress: func(r fallback.Report) {
		tell("%s: %d listed, %d brought\n", r.Kind, r.Listed, r.Brought)
	}}
	var reports []fallback.Report
	var failed error
	for _, kind := range kinds {
		report, err := fallback.Copy(ctx, s.migration, kind, config)
		reports = append(reports, report)
		if failed = err; failed != nil {
			break
		}
	}
	return errors.Join(failed, s.skipped(ctx), s.print(reports, func(w io.Writer) {
		for _, r := range reports {
			state := "complete"
			if !r.Complete {
				state = "stopped"
			}
			fmt.Fprintf(w, "%s: %s, %d listed, %d brought (the others were there)\n", r.Kind, state, r.Listed, r.Brought)
		}
	}))
}
