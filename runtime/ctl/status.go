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
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// statusReport is what status prints.
type statusReport struct {
	Name      string             `json:"name"`
	Record    control.Record     `json:"record"`
	Settled   bool               `json:"settled"` // every live instance has acknowledged the epoch
	Instances []control.Instance `json:"instances"`
	Kinds     []kindStatus       `json:"kinds"`
	Running   []progress         `json:"running,omitempty"` // copies and passes
	Unclean   journal.Counts     `json:"unclean"`
	Lag       float64            `json:"lagSeconds"` // of the oldest key that waits for its copy
	Forward   step               `json:"forward"`
	Back      step               `json:"back"`
	Self      string             `json:"self"` // this command's own instance
	Warnings  []string           `json:"warnings,omitempty"`
	Gone      int                `json:"gone,omitempty"` // instances that are left out: their lease ran out long ago
	NextSteps []string           `json:"nextSteps"`      // commands that lead to the next phase
}

// step is where one more phase leads, and what stands in the way.
type step struct {
	To      string             `json:"to,omitempty"`
	Blocked []control.Obstacle `json:"blocked,omitempty"`
}

// kindStatus is one entity kind at a glance.
type kindStatus struct {
	Kind        string               `json:"kind"`
	Backfill    backfill.Progress    `json:"backfill"`
	Unclean     journal.Counts       `json:"unclean"`
	Certificate *control.Certificate `json:"certificate,omitempty"`
	Valid       bool                 `json:"valid"`            // the certificate counts, by the rule of the gates
	Reason      string               `json:"reason,omitempty"` // why it does not
	Loose       bool                 `json:"loose,omitempty"`  // nothing can copy and list the kind
	Abandoned   bool                 `json:"abandoned,omitempty"`
}

func bindStatus(flags *flag.FlagSet) func(context.Context, *session) error {
	all := flags.Bool("all", false, "show instances that are long gone too")
	return func(ctx context.Context, s *session) error {
		report, err := s.status(ctx, *all)
		if err != nil {
			return err
		}
		return s.print(report, report.write)
	}
}

func (s *session) status(ctx context.Context, all bool) (statusReport, error) {
	ctx, cancel := context.WithTimeout(ctx, statusTimeout)
	defer cancel()
	if s.migration.Status().Acked > 0 || s.migration.Status().Note == "" { // else it cannot follow, and says why
		if err := s.follow(ctx); err != nil {
			fmt.Fprintln(s.err, "warning:", err)
		}
	} else {
		fmt.Fprintln(s.err, "warning: this command's own instance does not follow the flag record:", line(s.migration.Status().Note))
	}
	state, err := s.coordinator().Status(ctx)
	if err != nil {
		return statusReport{}, err
	}
	report := statusReport{
		Name: s.migration.Name(), Record: state.Record, Settled: true, Unclean: state.Unclean, Lag: state.Lag.Seconds(),
		Forward: step{Blocked: state.Forward}, Back: step{Blocked: state.Back}, Self: s.migration.Instance(), Warnings: state.Warnings,
	}
	report.Instances, report.Gone = alive(state.Instances, all)
	for _, in := range state.Instances {
		report.Settled = report.Settled && (!in.Live || in.Acked == state.Record.Epoch)
	}
	if p := state.Record.Forward(); p.Valid() && state.Record.Phase.Valid() {
		report.Forward.To = p.String()
	}
	if p := state.Record.Phase - 1; p.Valid() {
		report.Back.To = p.String()
	}
	for _, kind := range state.Kinds {
		k, err := s.kindStatus(ctx, state.Record, kind)
		if err != nil {
			return report, err
		}
		report.Kinds = append(report.Kinds, k)
	}
	report.NextSteps = report.nextSteps()
	report.Running, err = s.running(ctx, report.Kinds)
	return report, err
}

// statusTimeout bounds a look at the fleet.
const statusTimeout = time.Minute

// longGone is how long after its lease an instance is still shown. One that keeps its last phase is always shown.
const longGone = time.Minute

// alive leaves out the instances that are long gone, unless all are asked for, and counts them.
func alive(instances []control.Instance, all bool) (shown []control.Instance, gone int) {
	for _, in := range instances {
		if !all && !in.Live && !in.KeepsLast && in.Left < -longGone {
			gone++
			continue
		}
		shown = append(shown, in)
	}
	return shown, gone
}

func (s *session) kindStatus(ctx context.Context, record control.Record, state control.KindState) (k kindStatus, err error) {
	k.Kind, k.Reason, k.Loose, k.Abandoned = state.Kind, state.Doubt, state.Loose, state.Abandoned
	if k.Backfill, err = backfill.Status(ctx, s.control, k.Kind); err != nil {
		return k, err
	}
	if k.Unclean, err = s.migration.Journal().Counts(ctx, k.Kind); err != nil {
		return k, fmt.Errorf("count the unclean keys of %s: %w", k.Kind, err)
	}
	if certificate, found := record.Certificates[k.Kind]; found {
		k.Certificate = &certificate
	}
	k.Valid = k.Certificate != nil && k.Reason == ""
	return k, nil
}

func (r statusReport) write(w io.Writer) {
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
	r.writeInstances(w)
	r.writeKinds(w)
	for _, p := range r.Running {
		fmt.Fprintf(w, "%s %s%v\n", p.Work, p.bar(), p)
	}
	for _, warning := range r.Warnings {
		fmt.Fprintf(w, "warning: %s\n", warning)
	}
	r.Forward.write(w, "next: advance", "the last phase is reached")
	r.Back.write(w, "way back: back", "this is where it began")
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

func written(p phase.Phase) string {
	if p.Mirrored() {
		return "both"
	}
	return p.Primary().String()
}

func (r statusReport) writeInstances(w io.Writer) {
	table := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "INSTANCE\tPHASE\tEPOCH\tLAG\tLEASE\tNOTE")
	for _, in := range r.Instances {
		lease := in.Left.Round(100 * time.Millisecond).String()
		if !in.Live {
			lease = "ran out"
		}
		note := in.Note
		if in.ID == r.Self {
			note = "this command"
		}
		fmt.Fprintf(table, "%s\t%v\t%d\t%d\t%s\t%s\n", line(in.ID), in.Phase, in.Acked, lag(r.Record.Epoch, in.Acked), lease, line(note))
	}
	_ = table.Flush() // an error of w shows at the next write to it
	if r.Gone > 0 {
		fmt.Fprintf(w, "%d more whose lease ran out over %v ago; status --all shows them\n", r.Gone, longGone)
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

func (r statusReport) writeKinds(w io.Writer) {
	table := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "KIND\tBACKFILL\tUNCLEAN\tQUARANTINED\tCERTIFICATE")
	for _, k := range r.Kinds {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", k.Kind, describe(k.Backfill), k.Unclean.Text(k.Unclean.Unclean()), k.Unclean.Text(k.Unclean.Quarantined), k.certificate())
	}
	_ = table.Flush() // an error of w shows at the next write to it
	fmt.Fprintln(w)
}

func describe(p backfill.Progress) string {
	switch {
	case p.Void:
		return "void: of an earlier stretch"
	case p.Complete:
		return "complete, " + counted(p)
	case p.Holder != "":
		return fmt.Sprintf("%s, sign of life %s ago", counted(p), ago(p.Saved))
	case p.Started.IsZero():
		return "not begun"
	}
	return counted(p) + ", stopped"
}

// counted says what became of all entities that were listed: each is copied, or could not be written; of those that were copied some
// were there before, and what is listed once more is counted apart.
func counted(p backfill.Progress) string {
	text := fmt.Sprintf("%d copied", p.Copied)
	if p.Same > 0 {
		text += fmt.Sprintf(" (%d were there before)", p.Same)
	}
	if p.Failed > 0 {
		text += fmt.Sprintf(", %d could not be written", p.Failed)
	}
	if p.Repeated > 0 {
		text += fmt.Sprintf(", %d listed again", p.Repeated)
	}
	return text
}

func (k kindStatus) certificate() string {
	switch {
	case k.Abandoned:
		return "given up: what the other store alone holds of it may be lost"
	case k.Loose:
		return "cannot be copied and listed"
	}
	if k.Certificate == nil {
		return k.Reason
	}
	text := fmt.Sprintf("%d compared %s ago", k.Certificate.Compared, ago(k.Certificate.Issued))
	if !k.Valid {
		return text + ", not valid: " + line(k.Reason)
	}
	return text + ", valid"
}

func (s step) write(w io.Writer, what, end string) {
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
		fmt.Fprintf(w, "  %-10s  %s\n  %-10s  remedy: %s\n", o.Gate, line(o.Problem), "", line(o.Remedy))
	}
}

func ago(t time.Time) string { return time.Since(t).Round(time.Second).String() }
