package outlook

import (
	"context"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
)

// Lookout looks at a migration, again and again: it keeps what it has seen of copies that run, so that it knows their rates. It is not
// safe for concurrent use.
type Lookout struct {
	Migration *dual.Migration
	Control   control.Control // of the migration; a dry run has its own

	estimators map[string]*Estimator
	totals     map[string]Total
	counted    time.Time
}

// Coordinator moves the fleet, for this process.
func (l *Lookout) Coordinator() *control.Coordinator {
	return control.NewCoordinator(l.Control, l.Migration.Journal())
}

// Look reports where the migration is. all asks for the instances that are long gone too.
func (l *Lookout) Look(ctx context.Context, all bool) (Report, error) {
	m := l.Migration
	state, err := l.Coordinator().Status(ctx)
	if err != nil {
		return Report{}, err
	}
	report := Report{
		Name: m.Name(), Record: state.Record, Settled: true, Unclean: state.Unclean, Lag: state.Lag.Seconds(),
		Forward: Step{Blocked: state.Forward}, Back: Step{Blocked: state.Back}, Self: m.Instance(), Warnings: state.Warnings,
	}
	report.Instances, report.Gone = alive(state.Instances, all)
	for _, in := range state.Instances {
		report.Settled = report.Settled && (!in.Live || in.Acked == state.Record.Epoch && !in.Evicted)
	}
	if p := state.Record.Forward(); p.Valid() && state.Record.Phase.Valid() {
		report.Forward.To = p.String()
	}
	if p := state.Record.Phase - 1; p.Valid() {
		report.Back.To = p.String()
	}
	for _, kind := range state.Kinds {
		k, err := l.Kind(ctx, state.Record, kind)
		if err != nil {
			return report, err
		}
		report.Kinds = append(report.Kinds, k)
	}
	report.NextSteps = report.nextSteps()
	report.Running, err = l.running(ctx, report.Kinds)
	return report, err
}

// Kind looks at one kind, of which the coordinator knows what state says.
func (l *Lookout) Kind(ctx context.Context, record control.Record, state control.KindState) (k Kind, err error) {
	k.Kind, k.Reason, k.Loose, k.Unlisted, k.Abandoned = state.Kind, state.Doubt, state.Loose, state.Unlisted, state.Abandoned
	if k.Backfill, err = backfill.Status(ctx, l.Control, k.Kind); err != nil {
		return k, err
	}
	if k.Unclean, err = l.Migration.Journal().Counts(ctx, k.Kind); err != nil {
		return k, fmt.Errorf("count the unclean keys of %s: %w", k.Kind, err)
	}
	if k.Unclean.Unclean() > 0 {
		if _, k.Whole, err = l.Migration.Journal().Lookup(ctx, journal.Key{Kind: k.Kind, Whole: true}); err != nil {
			return k, fmt.Errorf("look whether all of %s is unclean: %w", k.Kind, err)
		}
	}
	if certificate, found := record.Certificates[k.Kind]; found {
		k.Certificate = &certificate
	}
	k.Valid = k.Certificate != nil && k.Reason == ""
	return k, nil
}
