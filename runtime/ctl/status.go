package ctl

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/outlook"
	"github.com/dualgen/dualgen/runtime/phase"
)

func bindStatus(flags *flag.FlagSet) func(context.Context, *session) error {
	all := flags.Bool("all", false, "show instances that are long gone too")
	return func(ctx context.Context, s *session) error {
		report, err := s.status(ctx, *all)
		if err != nil {
			return err
		}
		return s.print(report, func(w io.Writer) { writeStatus(w, report) })
	}
}

func (s *session) status(ctx context.Context, all bool) (outlook.Report, error) {
	ctx, cancel := context.WithTimeout(ctx, statusTimeout)
	defer cancel()
	if s.migration.Status().Acked > 0 || s.migration.Status().Note == "" { // else it cannot follow, and says why
		if err := s.follow(ctx); err != nil {
			fmt.Fprintln(s.err, "warning:", err)
		}
	} else {
		fmt.Fprintln(s.err, "warning: this command's own instance does not follow the flag record:", outlook.Line(s.migration.Status().Note))
	}
	return s.lookout.Look(ctx, all)
}

// statusTimeout bounds a look at the fleet.
const statusTimeout = time.Minute

func writeStatus(w io.Writer, r outlook.Report) {
	if r.Record.Revision == 0 {
		fmt.Fprintf(w, "%s: no flag record yet; make one with init\n", r.Name)
		return
	}
	settled := "settled"
	if !r.Settled {
		settled = "instances are still following"
	}
	fmt.Fprintf(w, "%s: %v, epoch %d, %s\n", r.Name, r.Record.Phase, r.Record.Epoch, settled)
	fmt.Fprintf(w, "reads from %v, writes to %s\n", r.Record.Phase.Primary(), written(r.Record.Phase))
	fmt.Fprintf(w, "mirror %v, compare %g, freeze %v\n", r.Record.Settings.Mirror, r.Record.Settings.Compare, r.Record.Settings.Freeze)
	writeFallback(w, r.Record)
	writeCanary(w, r.Record)
	writeCutoff(w, r.Record)
	if r.Lag > 0 {
		fmt.Fprintf(w, "lag %v: for so long the oldest unclean key has waited for its copy\n", time.Duration(r.Lag*float64(time.Second)).Round(time.Second))
	}
	if r.Record.Settings.Paused {
		fmt.Fprintln(w, "copies are paused: reconcilers, backfills and verify passes wait for resume")
	}
	if n := len(r.Record.Trail); n > 0 {
		writeChange(w, r.Record.Trail[n-1])
	}
	fmt.Fprintln(w)
	writeInstances(w, r)
	writeKinds(w, r)
	for _, p := range r.Running {
		fmt.Fprintf(w, "%s %s%v\n", p.Work, p.Bar(), p)
	}
	for _, k := range r.Kinds {
		if !k.Backfill.Complete && !k.Backfill.Void {
			writeWorkers(w, k.Backfill)
		}
	}
	for _, warning := range r.Warnings {
		fmt.Fprintf(w, "warning: %s\n", warning)
	}
	writeStep(w, r.Forward, "next: advance", "the last phase is reached")
	writeStep(w, r.Back, "way back: back", "this is where it began")
	if len(r.Forward.Blocked) > 0 && len(r.NextSteps) > 0 {
		fmt.Fprintf(w, "to do: %s\n", strings.Join(r.NextSteps, "; "))
	}
}

// writeFallback says what a fallback does at present.
func writeFallback(w io.Writer, record control.Record) {
	switch {
	case record.FallsBack():
		fmt.Fprintf(w, "fallback %v: what %v does not have yet is read from %v; reads of many entities come from %v\n",
			record.Settings.Fallback, record.Phase.Primary(), record.Complete(), record.Complete())
	case record.Settings.Fallback != phase.FallbackOff:
		fmt.Fprintf(w, "fallback %v: once reads ask %v\n", record.Settings.Fallback, record.MirroredFrom.Other())
	}
}

// writeCanary says which keys are in the other guarded phase.
func writeCanary(w io.Writer, record control.Record) {
	if s := record.Settings; s.Canary > 0 {
		to := record.Phase.Crossing()
		fmt.Fprintf(w, "canary %g: that share of the keys is in %v, read from %v and written there first; lists come from %v\n", s.Canary, to, to.Primary(), record.Phase.Primary())
		fmt.Fprintf(w, "canary guard: to 0 where %g more of its calls fail than of the others, or its p99 is over %v\n", s.MaxCanaryErrors(), s.MaxCanaryP99())
	}
}

func written(p phase.Phase) string {
	if p.Mirrored() {
		return "both"
	}
	return p.Primary().String()
}

func writeInstances(w io.Writer, r outlook.Report) {
	table := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "INSTANCE\tPHASE\tEPOCH\tLAG\tLEASE\tNOTE")
	for _, in := range r.Instances {
		lease := in.Left.Round(100 * time.Millisecond).String()
		if !in.Live {
			lease = "ran out"
		}
		note := in.Note
		if in.Command {
			note = strings.TrimSuffix("a command; "+note, "; ")
		}
		if in.ID == r.Self {
			note = "this command"
		}
		fmt.Fprintf(table, "%s\t%v\t%d\t%d\t%s\t%s\n", outlook.Line(in.ID), in.Phase, in.Acked, lag(r.Record.Epoch, in.Acked), lease, outlook.Line(note))
	}
	_ = table.Flush() // an error of w shows at the next write to it
	if r.Gone > 0 {
		fmt.Fprintf(w, "%d more whose lease ran out over %v ago; status --all shows them\n", r.Gone, outlook.LongGone)
	}
	fmt.Fprintln(w)
}

// lag is how many epochs an instance is behind.
func lag(epoch, acked uint64) uint64 {
	if acked >= epoch {
		return 0
	}
	return epoch - acked
}

func writeKinds(w io.Writer, r outlook.Report) {
	table := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "KIND\tBACKFILL\tUNCLEAN\tQUARANTINED\tCERTIFICATE")
	for _, k := range r.Kinds {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", k.Kind, outlook.Describe(k.Backfill), k.UncleanText(), k.Unclean.Text(k.Unclean.Quarantined), k.CertificateText())
	}
	_ = table.Flush() // an error of w shows at the next write to it
	fmt.Fprintln(w)
}

// writeWorkers says which process copied what of a kind that is divided.
func writeWorkers(w io.Writer, p backfill.Progress) {
	for _, one := range p.By {
		fmt.Fprintf(w, "  %s by %s: %d of %d ranges, %d copied", p.Kind, outlook.Line(one.Holder), one.Done, p.Ranges, one.Copied)
		if one.Holds > 0 {
			fmt.Fprintf(w, "; copies another, sign of life %s ago", outlook.Ago(one.Saved))
		}
		fmt.Fprintln(w)
	}
}

func writeStep(w io.Writer, s outlook.Step, what, end string) {
	if s.To == "" {
		fmt.Fprintln(w, what+": "+end)
		return
	}
	if len(s.Blocked) == 0 {
		fmt.Fprintf(w, "%s, to %s\n", what, s.To)
		return
	}
	fmt.Fprintf(w, "%s, to %s, is blocked:\n", what, s.To)
	for _, o := range s.Blocked {
		fmt.Fprintf(w, "  %-10s  %s\n  %-10s  remedy: %s\n", o.Gate, outlook.Line(o.Problem), "", outlook.Line(o.Remedy))
	}
}
