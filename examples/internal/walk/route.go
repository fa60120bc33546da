package walk

import (
	"cmp"
	"context"
	"slices"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/fallback"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Route is the way that a walk takes.
type Route int

const (
	// CopyFirst copies and proves, then moves reads, with one step back.
	CopyFirst Route = iota
	// FallBack moves reads, which fall back to the old store, then copies and proves.
	FallBack
	// Unlisted is FallBack for what cannot be listed, there and back again: nothing is verified, and audits go by key.
	Unlisted
)

// stations is the whole way.
func (w *walker[K, P]) stations() []station {
	switch w.subject.Route {
	case FallBack:
		return w.fallBack()
	case Unlisted:
		return w.thereAndBack()
	}
	return w.copyFirst()
}

// gates is what is said while a step waits.
const gates = "waiting for the gates"

func (w *walker[K, P]) copyFirst() []station {
	return []station{
		{"loading the index", "the index is loaded", true, w.load},
		{"in use", "in use, not yet migrating", false, w.stay},
		{gates, "writes are mirrored", false, w.forward(dual.OldPrimary)},
		{"backfill", "backfill done", false, w.backfill},
		{"verifying", "verified, differences repaired", false, w.verify},
		{gates, "guarded, old still answers", false, w.forward(dual.OldGuarded)},
		{gates, "cut over: new answers", false, w.forward(dual.NewGuarded)},
		{gates, "taken back: old answers again", false, w.back(dual.OldGuarded)},
		{gates, "cut over again", false, w.forward(dual.NewGuarded)},
		{gates, "new is primary, old is mirrored", false, w.forward(dual.NewPrimary)},
		{"in use", "in use after a kill -9", false, w.killed},
		{"verifying", "verified, differences repaired", false, w.verify},
		{"auditing", "audit: both stores, the ledger", true, w.auditBoth},
		{gates, "old is no longer used", false, w.forward(dual.NewOnly)},
		{"auditing", "audit: new store, the ledger", true, w.auditOne(dual.New)},
	}
}

func (w *walker[K, P]) fallBack() []station {
	return []station{
		{"loading the index", "the index is loaded", true, w.load},
		{"in use", "in use, not yet migrating", false, w.stay},
		{gates, "writes are mirrored", false, w.forward(dual.OldPrimary)},
		{"in use", "fallback set: save", false, w.setting(dual.Settings{Fallback: phase.FallbackSave})},
		{gates, "guarded, old still answers", false, w.forward(dual.OldGuarded)},
		{gates, "new answers, or else old", false, w.forward(dual.NewGuarded)},
		{gates, "taken back: old answers again", false, w.back(dual.OldGuarded)},
		{gates, "new answers, or else old", false, w.forward(dual.NewGuarded)},
		{"copying what nobody touched", "the rest is copied", false, w.copyRest},
		{"verifying", "verified, differences repaired", false, w.verify},
		{"in use", "fallback off, reads compared", false, w.setting(dual.Settings{Compare: 0.25})},
		{gates, "new is primary, old is mirrored", false, w.forward(dual.NewPrimary)},
		{"in use", "in use after a kill -9", false, w.killed},
		{"verifying", "verified, differences repaired", false, w.verify},
		{"auditing", "audit: both stores, the ledger", true, w.auditBoth},
		{gates, "old is no longer used", false, w.forward(dual.NewOnly)},
		{"auditing", "audit: new store, the ledger", true, w.auditOne(dual.New)},
	}
}

func (w *walker[K, P]) thereAndBack() []station {
	save, compared := dual.Settings{Fallback: phase.FallbackSave}, dual.Settings{Compare: 0.25}
	return []station{
		{"loading the index", "the index is loaded", true, w.load},
		{"in use", "in use, not yet migrating", false, w.stay},
		{gates, "writes are mirrored", false, w.forward(dual.OldPrimary)},
		{"in use", "fallback set: save", false, w.setting(save)},
		{gates, "guarded, old still answers", false, w.forward(dual.OldGuarded)},
		{gates, "new answers, or else old", false, w.forward(dual.NewGuarded)},
		{"bringing what nobody touched", "the rest is brought", false, w.bring(dual.Old)},
		{"in use", "fallback off, reads compared", false, w.setting(compared)},
		{gates, "new is primary, old is mirrored", false, w.forward(dual.NewPrimary)},
		{"in use", "in use after a kill -9", false, w.killed},
		{"auditing", "audit: both stores, the ledger", true, w.auditBoth},
		{gates, "old is no longer used", false, w.forward(dual.NewOnly)},
		{"auditing", "audit: new store, the ledger", true, w.auditOne(dual.New)},

		{"emptying the old store", "the old store is emptied", false, w.empty},
		{gates, "the way back: old is mirrored", false, w.back(dual.NewPrimary)},
		{"in use", "fallback set: save", false, w.setting(save)},
		{gates, "guarded, new still answers", false, w.back(dual.NewGuarded)},
		{gates, "old answers, or else new", false, w.back(dual.OldGuarded)},
		{"bringing what nobody touched", "the rest is brought", false, w.bring(dual.New)},
		{"in use", "fallback off, reads compared", false, w.setting(compared)},
		{gates, "old is primary, new is mirrored", false, w.back(dual.OldPrimary)},
		{"auditing", "audit: both stores, the ledger", true, w.auditBoth},
		{gates, "new is no longer used", false, w.back(dual.OldOnly)},
		{"auditing", "audit: old store, the ledger", true, w.auditOne(dual.Old)},
	}
}

// setting changes the settings, once all instances have followed, and stays for a while.
func (w *walker[K, P]) setting(settings dual.Settings) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := w.insist(ctx, func() (bool, error) { return true, w.set(ctx, settings) }); err != nil {
			return err
		}
		return w.stay(ctx)
	}
}

// copyRest copies what no call has touched, while reads fall back.
func (w *walker[K, P]) copyRest(ctx context.Context) error {
	return w.insist(ctx, func() (bool, error) {
		report, err := fallback.Copy(ctx, w.world.Migration, kind, fallback.Config{Rate: -1})
		return report.Complete, err
	})
}

// empty empties the old store before the fleet writes it again: what is there is out of date, and a fallback believes what it finds.
func (w *walker[K, P]) empty(ctx context.Context) error {
	if w.options.broken == breakStale {
		return nil
	}
	return w.insist(ctx, func() (bool, error) {
		err := w.world.Empty(ctx)
		return err == nil, err
	})
}

// bring brings by their keys what a store lists. Of one that cannot tell, it is what was ever written: a service that does not know that
// waits until the rest has expired.
func (w *walker[K, P]) bring(from dual.Store) func(context.Context) error {
	return func(ctx context.Context) error {
		names, err := w.world.List(ctx, from)
		if err != nil {
			return err
		}
		if names == nil {
			names = w.ledger.Names()
		}
		return w.insist(ctx, func() (bool, error) {
			var failed error
			names = slices.DeleteFunc(names, func(name string) bool {
				err := w.world.Bring(ctx, name)
				failed = cmp.Or(failed, err)
				return err == nil
			})
			return len(names) == 0, failed
		})
	}
}
