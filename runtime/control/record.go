package control

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Init stores the first record, at OldOnly, if there is none. It is a step of its own, made once by an operator or an
// installation script: an instance never makes up a phase, because a control store that lost its record would send a
// finished migration back to its start.
func Init(ctx context.Context, control Control, by string) error {
	record, err := control.Load(ctx)
	if err != nil || record.Revision > 0 {
		return err
	}
	first := Record{Epoch: 1, Phase: phase.OldOnly, Updated: time.Now().UTC(), By: by}
	first.note("made the flag record, at " + first.Phase.String())
	err = control.Swap(ctx, 0, first)
	if errors.Is(err, ErrConflict) {
		return nil // somebody else was quicker
	}
	return err
}

// FallsBack reports whether the phase's primary may lack what the store that the fleet came from holds, so that reads by key fall back
// to that one.
func (r Record) FallsBack() bool {
	return r.Settings.Fallback != phase.FallbackOff && r.Phase.Guarded() && r.Phase.Primary() != r.MirroredFrom
}

// Complete is the store that holds every entity, but for keys that are unclean: the phase's primary, or the other one while reads fall
// back to it.
func (r Record) Complete() phase.Store {
	if r.FallsBack() {
		return r.MirroredFrom
	}
	return r.Phase.Primary()
}

// PrimaryOf is the store that answers for a key which is clean: Complete, but for the canary's keys the other one.
func (r Record) PrimaryOf(key journal.Key) phase.Store {
	if !key.Whole && r.Phase.Guarded() && r.Settings.InCanary(key.Kind, key.ID) {
		return r.Phase.Primary().Other()
	}
	return r.Complete()
}

// Update changes the record by compare-and-swap: it loads it, lets change alter it, stores it, and begins again if
// somebody else came first. An error of change ends it and is returned. By and Why are empty when change sees the record.
func Update(ctx context.Context, control Control, change func(*Record) error) (Record, error) {
	for {
		record, err := control.Load(ctx)
		if err != nil {
			return Record{}, err
		}
		next := record.Clone()
		next.By, next.Why = "", ""
		if err := change(&next); err != nil {
			return record, err
		}
		next.Updated = time.Now().UTC()
		if next, err = record.audited(next); err != nil {
			return record, err
		}
		err = control.Swap(ctx, record.Revision, next)
		if err == nil {
			next.Revision = record.Revision + 1
			return next, nil
		}
		if !errors.Is(err, ErrConflict) {
			return record, err
		}
		if err := ctx.Err(); err != nil {
			return record, err
		}
	}
}

// VoidParity voids every certificate issued or begun so far: a write ran without the journal.
func VoidParity(ctx context.Context, control Control, by string) error {
	_, err := Update(ctx, control, func(r *Record) error {
		r.Voids++
		r.ParityVoid = true
		r.By = by
		return nil
	})
	return err
}

// Refute voids the certificate of a kind: a key that the journal did not know as unclean was found to differ. by says who
// found it. A certificate that does not count, or was refuted already, stays as it is.
func Refute(ctx context.Context, control Control, kind, by string) error {
	_, err := Update(ctx, control, func(r *Record) error {
		certificate, ok := r.Certificates[kind]
		if !ok || certificate.Refuted != "" || certificate.Epoch != r.MirroredSince {
			return errNothing
		}
		certificate.Refuted = by
		r.Certificates[kind], r.By = certificate, by
		return nil
	})
	if errors.Is(err, errNothing) {
		return nil
	}
	return err
}

// StopCanary sets the canary to 0, where the record is still of that epoch: a guard judged by what it saw under it.
func StopCanary(ctx context.Context, control Control, epoch uint64, by, why string) error {
	_, err := Update(ctx, control, func(r *Record) error {
		if r.Epoch != epoch || r.Settings.Canary == 0 {
			return errNothing
		}
		r.Settings.Canary, r.By, r.Why = 0, by, why
		r.Epoch++
		return nil
	})
	if errors.Is(err, errNothing) {
		return nil
	}
	return err
}

// errNothing ends an Update that has nothing to change.
var errNothing = errors.New("dualgen: nothing is to be changed")

// Settled returns the record if every live instance has acknowledged it: no call that began under an older epoch is in
// flight. Backfills and verify passes begin here. Otherwise the error is a *Refusal that names the instances.
func Settled(ctx context.Context, control Control) (Record, error) {
	record, err := control.Load(ctx)
	if err != nil {
		return Record{}, err
	}
	instances, err := control.Instances(ctx)
	if err != nil {
		return Record{}, err
	}
	if unmet := unacknowledged(record, instances); len(unmet) > 0 {
		return record, &Refusal{From: record.Phase, To: record.Phase, Unmet: unmet}
	}
	return record, nil
}

// Certify stores the certificate of a verify pass that began at the record began, which Begin returned. It returns
// ErrConflict if the fleet has left the mirrored phases since.
func Certify(ctx context.Context, control Control, kind string, began Record, certificate Certificate) error {
	_, err := Update(ctx, control, func(r *Record) error {
		instances, err := control.Instances(ctx)
		if err != nil {
			return fmt.Errorf("certificate of %s: look for other builds: %w", kind, err)
		}
		if certificate.Mixed == "" {
			certificate.Mixed = beside(kind, certificate.Shape, instances)
		}
		if r.MirroredSince != began.MirroredSince || !r.Phase.Mirrored() {
			return fmt.Errorf("certificate of %s: the mirrored phases were left during the pass: %w", kind, ErrConflict)
		}
		certificate.Epoch, certificate.Voids, certificate.Turn, r.By = began.MirroredSince, began.Voids, began.Builds[kind].Turn, certificate.By
		if r.Certificates == nil {
			r.Certificates = make(map[string]Certificate)
		}
		r.Certificates[kind] = certificate
		r.ParityVoid = slices.ContainsFunc(r.kinds(nil), func(kind string) bool {
			return r.Certificates[kind].Voids < r.Voids && !slices.Contains(r.Abandoned, kind)
		})
		return nil
	})
	return err
}
