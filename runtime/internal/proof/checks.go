package proof

import (
	"context"
	"fmt"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/quarantine"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/verify"
)

// Check is a verify pass.
type Check struct {
	Instance int
	Repair   bool
	// After, if set, is what the record must say before it begins.
	After func(control.Record) bool
}

// makeDoubtful makes keys stuck and the kind unclean, as the scenario says.
func makeDoubtful(w *World, primary phase.Store) {
	ctx, j := context.Background(), w.memory // which never fails
	for key := range Keys {
		old, stuck := w.scenario.Stuck[int8(key)]
		if !stuck {
			continue
		}
		w.stores[primary.Other()].rows[key] = old
		name := keyOf(int8(key))
		_ = j.MarkDirty(ctx, []journal.Key{name}, primary)
		token, _, _ := j.BeginCopy(ctx, "past", name, 0)
		_ = j.Fail(ctx, name, token, "stuck", 1)
	}
	if w.scenario.Whole {
		_ = j.MarkDirty(ctx, []journal.Key{wholeKind}, primary)
	}
}

// checks starts the verify passes, and the operator who drops keys.
func (w *World) checks() {
	for _, check := range w.scenario.Verify {
		task := w.s.Go(fmt.Sprintf("verify on i%d", check.Instance), check.Instance, func() { w.instances[check.Instance].verify(check.Repair) })
		if check.After != nil {
			task.When(w.recordSays(check.After))
		}
	}
	if w.scenario.Drop {
		w.s.Go("operator", 0, w.drop)
	}
}

func (i *Instance) verify(repair bool) {
	report, err := verify.Run(context.Background(), i.migration, kind, verify.Config{
		Repair: repair, Workers: 1, Buckets: 64, Rate: -1, Lease: lease, Logger: silent, Hooks: i.hooks,
	})
	if i.world.s.Tracing() {
		i.world.s.Note("verify ends: certified %v, %s, differed %d, repaired %d, whole %v; %v",
			report.Certified, report.Reason, report.Differed(), report.Repaired, report.Whole, err)
	}
}

// drop is what an operator does about the keys that are quarantined.
func (w *World) drop() {
	ctx := context.Background()
	entries, err := w.journal.Unclean(ctx, journal.Query{Quarantined: true})
	if err == nil {
		err = quarantine.Drop{Journal: w.journal, Control: w.control, Owner: "operator", Lease: lease, Off: w.scenario.Off}.Keys(ctx, entries)
	}
	if w.s.Tracing() {
		w.s.Note("drop ends: %v", err)
	}
}

// giveBack gives what is still quarantined back to the reconciler, as an operator does in the end.
func giveBack(ctx context.Context, w *World) {
	if len(w.scenario.Stuck) == 0 {
		return
	}
	entries, _ := w.memory.Unclean(ctx, journal.Query{Quarantined: true}) // in memory: never fails
	for _, e := range entries {
		_ = w.memory.MarkDirty(ctx, []journal.Key{e.Key}, e.Primary)
	}
}

// certified reports whether a certificate counts.
func (w *World) certified(ctx context.Context) bool {
	doubt, err := control.NewCoordinator(w.record, w.memory, control.WithRules(w.scenario.Off)).Doubt(ctx, kind)
	return err == nil && doubt == ""
}

// unproved reports whether the world is about a certificate, and there is none that counts.
func (w *World) unproved(ctx context.Context) bool {
	return (len(w.scenario.Verify) > 0 || w.scenario.Drop) && !w.certified(ctx)
}

// honest checks that with a certificate that counts each key that differs is known to the journal.
func (w *World) honest(ctx context.Context) error {
	if len(w.scenario.Verify) == 0 || !w.copied() || !w.certified(ctx) {
		return nil
	}
	for _, i := range w.instances {
		if !gone(w, i.number) && i.due() {
			return nil // what it owes the journal is not there yet
		}
	}
	for key := range Keys {
		old, new := w.stores[0].rows[key], w.stores[1].rows[key]
		_, unclean, err := w.memory.Lookup(ctx, keyOf(int8(key)))
		if err == nil && old != new && !unclean {
			return fmt.Errorf("a certificate counts though k%d, which is clean, is %v in old and %v in new", key, old, new)
		}
	}
	return nil
}
