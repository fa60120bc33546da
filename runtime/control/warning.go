package control

import (
	"context"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// warnings are what stands in no step's way, and is likely to be a mistake all the same.
func (v *view) warnings() []string {
	var warnings []string
	live, reconciling := 0, 0
	for _, i := range v.instances {
		if i.serves() && len(i.Kinds) > 0 {
			live++
		}
		if i.serves() && i.Reconciles {
			reconciling++
		}
	}
	mirrored := v.record.Phase.Mirrored()
	switch {
	case v.record.Revision == 0:
	case live == 0:
		warnings = append(warnings, "no instance with a wrapper is alive: a service that runs without one, or with another control store or migration's name, writes where the fleet does not see it")
	case mirrored && reconciling == 0:
		warnings = append(warnings, fmt.Sprintf("no instance runs a reconciler: the %s unclean keys, and those to come, are not copied; run reconcile.Run beside the wrapper in each instance, or the command reconcile", v.counts.Text(v.counts.Unclean())))
	}
	warnings = append(warnings, v.twins()...)
	for _, r := range v.renamed() {
		warnings = append(warnings, r.String())
	}
	return append(warnings, v.lagging()...)
}

// lag is for how long the oldest key has waited for its copy, of those that are retried.
func lag(ctx context.Context, j journal.Journal) (time.Duration, error) {
	waiting, err := j.Unclean(ctx, journal.Query{SettledFor: 1})
	if err != nil {
		return 0, err
	}
	return oldest(waiting), nil
}

func oldest(entries []journal.Entry) (age time.Duration) {
	for _, e := range entries {
		if e.Dirty && !e.Quarantined {
			age = max(age, e.Settled)
		}
	}
	return age
}

// maxLag is how old a key may become that waits for its copy before that is worth a warning: settle windows are shorter.
const maxLag = time.Minute

// lagging warns of a mirror that falls behind, where it is left to the reconciler.
func (v *view) lagging() []string {
	if v.record.Settings.Mirror != phase.Queued || v.lag <= maxLag {
		return nil
	}
	return []string{fmt.Sprintf("the mirror is queued and lags by %v: more is written than the reconcilers copy, or the mirror fails; look at unclean", v.lag.Round(time.Second))}
}
