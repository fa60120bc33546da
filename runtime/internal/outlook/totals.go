package outlook

import (
	"context"
	"time"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/verify"
)

// Total is how many entities a kind has; 0 where nobody knows.
type Total struct {
	N     int64
	About bool // it was counted at another time
}

// Compared is how many entities a pass has done that has read so many of each store: one is done when both stores have shown it.
func Compared(read [2]int64) int64 { return (read[0] + read[1]) / 2 }

// countTimeout bounds the count of one kind: a figure for people is worth no more.
const countTimeout = 10 * time.Second

// Totals are what is known of the kinds' sizes: what the program counts in the primary (dual.AddCount), else what the last complete backfill or
// the certificate's pass has counted. A figure that nothing counted is left out.
func (l *Lookout) Totals(ctx context.Context, kinds []string) map[string]Total {
	all := make(map[string]Total, len(kinds))
	record, err := l.Control.Load(ctx)
	if err != nil {
		return all
	}
	for _, kind := range kinds {
		if n, ok := l.count(ctx, kind, record.Phase.Primary()); ok {
			all[kind] = Total{N: n}
			continue
		}
		if copied, err := backfill.Status(ctx, l.Control, kind); err == nil && copied.Complete && !copied.Void {
			all[kind] = Total{N: copied.Copied + copied.Failed, About: true}
		} else if certificate, found := record.Certificates[kind]; found {
			all[kind] = Total{N: certificate.Compared, About: true}
		}
	}
	return all
}

// count counts a kind in a store, where the program says how.
func (l *Lookout) count(ctx context.Context, kind string, store phase.Store) (n int64, ok bool) {
	defer func() {
		if recover() != nil { // of the store's: a figure is missing, no more
			ok = false
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, countTimeout)
	defer cancel()
	n, known, err := dual.Count(ctx, l.Migration, kind, store)
	return n, known && err == nil
}

// countEvery is how long a count is good for.
const countEvery = time.Minute

// running are the copies and passes that run now, with the rate at which this lookout has seen them go on.
func (l *Lookout) running(ctx context.Context, kinds []Kind) ([]Progress, error) {
	var all []Progress
	for _, k := range kinds {
		pass, err := verify.Status(ctx, l.Control, k.Kind)
		if err != nil {
			return nil, err
		}
		if k.Backfill.Holder != "" && !k.Backfill.Complete && !k.Backfill.Void {
			t := l.totalOf(ctx, k.Kind, kinds)
			all = append(all, l.sight(k.Kind, "backfill", k.Backfill.Copied+k.Backfill.Failed, t))
		}
		if !pass.Saved.IsZero() && !pass.Ended {
			t := l.totalOf(ctx, k.Kind, kinds)
			all = append(all, l.sight(k.Kind, "verify", Compared(pass.Read), t))
		}
	}
	return all, nil
}

func (l *Lookout) totalOf(ctx context.Context, kind string, kinds []Kind) Total {
	if time.Since(l.counted) >= countEvery {
		var names []string
		for _, k := range kinds {
			names = append(names, k.Kind)
		}
		l.totals, l.counted = l.Totals(ctx, names), time.Now()
	}
	return l.totals[kind]
}

func (l *Lookout) sight(kind, work string, done int64, of Total) Progress {
	if l.estimators == nil {
		l.estimators = make(map[string]*Estimator)
	}
	e := l.estimators[work+" "+kind]
	if e == nil {
		e = new(Estimator)
		l.estimators[work+" "+kind] = e
	}
	return e.Estimate(kind, work, done, of, time.Now())
}
