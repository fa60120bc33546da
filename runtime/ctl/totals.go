package ctl

import (
	"context"
	"time"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/verify"
)

// total is how many entities a kind has; 0 where nobody knows.
type total struct {
	n     int64
	about bool // it was counted at another time
}

// twice is the total of both stores.
func (t total) twice() total { return total{n: 2 * t.n, about: t.about} }

// countTimeout bounds the count of one kind: a figure for people is worth no more.
const countTimeout = 10 * time.Second

// totals are what is known of the kinds' sizes: what the program counts in the primary (dual.AddCount), else what the last complete backfill or
// the certificate's pass has counted. A figure that nothing counted is left out.
func (s *session) totals(ctx context.Context, kinds []string) map[string]total {
	all := make(map[string]total, len(kinds))
	record, err := s.control.Load(ctx)
	if err != nil {
		return all
	}
	for _, kind := range kinds {
		if n, ok := s.count(ctx, kind, record.Phase.Primary()); ok {
			all[kind] = total{n: n}
			continue
		}
		if progress, err := backfill.Status(ctx, s.control, kind); err == nil && progress.Complete && !progress.Void {
			all[kind] = total{n: progress.Copied + progress.Failed, about: true}
		} else if certificate, found := record.Certificates[kind]; found {
			all[kind] = total{n: certificate.Compared, about: true}
		}
	}
	return all
}

// count counts a kind in a store, where the program says how.
func (s *session) count(ctx context.Context, kind string, store phase.Store) (n int64, ok bool) {
	defer func() {
		if recover() != nil { // of the store's: a figure is missing, no more
			ok = false
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, countTimeout)
	defer cancel()
	n, known, err := dual.Count(ctx, s.migration, kind, store)
	return n, known && err == nil
}

// sights keeps what watch has seen, so that it knows rates.
type sights struct {
	estimators map[string]*estimator
	totals     map[string]total
	counted    time.Time
}

// countEvery is how often watch counts again.
const countEvery = time.Minute

// running are the copies and passes that run now, with the rate at which this command has seen them go on.
func (s *session) running(ctx context.Context, kinds []kindStatus) ([]progress, error) {
	var all []progress
	for _, k := range kinds {
		pass, err := verify.Status(ctx, s.control, k.Kind)
		if err != nil {
			return nil, err
		}
		if k.Backfill.Holder != "" && !k.Backfill.Complete && !k.Backfill.Void {
			t := s.totalOf(ctx, k.Kind, kinds)
			all = append(all, s.sight(k.Kind, "backfill", k.Backfill.Copied+k.Backfill.Failed, t))
		}
		if !pass.Saved.IsZero() && !pass.Ended {
			t := s.totalOf(ctx, k.Kind, kinds)
			all = append(all, s.sight(k.Kind, "verify", pass.Read[0]+pass.Read[1], t.twice()))
		}
	}
	return all, nil
}

func (s *session) totalOf(ctx context.Context, kind string, kinds []kindStatus) total {
	if time.Since(s.seen.counted) >= countEvery {
		var names []string
		for _, k := range kinds {
			names = append(names, k.Kind)
		}
		s.seen.totals, s.seen.counted = s.totals(ctx, names), time.Now()
	}
	return s.seen.totals[kind]
}

func (s *session) sight(kind, work string, done int64, of total) progress {
	if s.seen.estimators == nil {
		s.seen.estimators = make(map[string]*estimator)
	}
	e := s.seen.estimators[work+" "+kind]
	if e == nil {
		e = new(estimator)
		s.seen.estimators[work+" "+kind] = e
	}
	return e.estimate(kind, work, done, of, time.Now())
}
