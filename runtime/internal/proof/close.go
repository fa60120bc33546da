package proof

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/verify"
)

// errDiverged says that the stores differ although no key is unclean.
var errDiverged = errors.New("stores diverged")

// maxPasses bounds the passes that empty the journal.
const maxPasses = 6

// close is what happens when no task can go on: time passes, leases of the dead run out, the control loops and one
// reconciler go on until the journal is empty. Then everything is checked.
func (w *World) close() error {
	ctx := context.Background()
	if err := allReturned(w); err != nil {
		return err
	}
	survivor := w.survivor()
	if survivor == nil {
		return errors.New("no instance survived")
	}
	if survivor.repository == nil {
		survivor.wrap()
	}
	if err := w.honest(ctx); err != nil {
		return err
	}
	giveBack(ctx, w)
	w.settle(ctx, survivor)
	if w.scenario.Backfill && !w.copied() {
		w.passes(lease + settle)
		survivor.backfill(false) // somebody runs it again; whether it came to its end shows in the record
		w.settle(ctx, survivor)
	}
	if w.verifyOwed(ctx, survivor) {
		w.passes(lease) // one that died is gone then: a pass waits for whoever has not acknowledged the phase
		for _, kind := range w.scenario.kinds() {
			if _, err := verify.Run(ctx, survivor.migration, kind, verify.Config{
				Repair: true, Workers: 1, Buckets: 64, Rate: -1, Logger: silent, Hooks: survivor.hooks,
			}); err != nil {
				return fmt.Errorf("verify: %w", err)
			}
		}
		w.settle(ctx, survivor)
	}
	if err := w.empty(ctx); err != nil {
		return err
	}
	w.reach(ctx)
	for key := int8(0); key < Keys; key++ {
		op := w.history.Call(Input{Act: Get, Key: key})
		seen, err := survivor.repository.Get(ctx, key)
		switch {
		case errors.Is(err, dual.ErrKindUnproved):
			w.history.Refused(op)
		case err != nil:
			return fmt.Errorf("last read of k%d: %w", key, err)
		default:
			w.history.Return(op, seen)
		}
	}
	if err := w.checker.Check(&w.history); err != nil {
		return err
	}
	return w.equal(survivor)
}

// settle lets time pass until nothing is left to do.
func (w *World) settle(ctx context.Context, survivor *Instance) {
	for n := 0; n < maxPasses && w.unsettled(); n++ {
		w.passes(lease + settle)
		for _, i := range w.instances {
			if !gone(w, i.number) {
				_ = i.hooks.Follow(ctx) // closing knows no faults; what is wrong shows in what is left over
				i.hooks.Retry(ctx)
			}
		}
		survivor.pass()
	}
}

// passes lets time pass.
func (w *World) passes(d time.Duration) {
	w.s.Advance(d)
	if !w.scenario.Leases {
		w.control.heartbeat()
	}
}

// verifyOwed reports whether the protocol asks for a verify pass with repair: a write ran without the journal, and the
// record says so, or a whole kind is unclean; or the world is about a certificate, and has none that
// counts; or another build came beside one.
func (w *World) verifyOwed(ctx context.Context, survivor *Instance) bool {
	if !survivor.migration.Phase().Mirrored() {
		return false
	}
	record, _ := w.record.Load(ctx) // in memory: never fails
	_, whole, _ := w.memory.Lookup(ctx, wholeKind)
	return record.ParityVoid || whole || w.unproved(ctx) || spoiled(record) && !w.scenario.Off.NoShapeGate
}

// spoiled reports whether another build wrote beside a certificate, or after it.
func spoiled(r control.Record) bool {
	certificate, ok := r.Certificates[kind]
	return ok && (certificate.Mixed != "" || certificate.Turn != r.Builds[kind].Turn)
}

// unsettled reports whether a key is unclean, or a living instance has something to do.
func (w *World) unsettled() bool {
	counts, err := w.memory.Counts(context.Background(), "")
	if err != nil || counts.Unclean() > 0 {
		return true
	}
	for _, i := range w.instances {
		if !gone(w, i.number) && i.due() {
			return true
		}
	}
	return false
}

// survivor is an instance that did not crash, and is of the fleet. At least one task set of a world never does.
func (w *World) survivor() *Instance {
	for _, i := range w.instances {
		if !gone(w, i.number) && !w.scenario.differs(i.number) {
			return i
		}
	}
	// All crashed: a new process starts, as an orchestrator would see to.
	i, err := w.instance(len(w.instances))
	if err != nil {
		return nil
	}
	w.instances = append(w.instances, i)
	return i
}

// empty checks that nothing is left in the journal: a token that nobody gives up blocks its key for good.
func (w *World) empty(ctx context.Context) error {
	counts, err := w.memory.Counts(ctx, "")
	if err != nil {
		return err
	}
	if counts.Active > 0 {
		return fmt.Errorf("token leaked: %s", w.unclean())
	}
	if counts.Unclean() > 0 && w.instances[0].migration.Phase().Mirrored() {
		return fmt.Errorf("keys stay unclean: %s", w.unclean())
	}
	return nil
}

func (w *World) unclean() string {
	entries, _ := w.memory.Unclean(context.Background(), journal.Query{}) // in memory: never fails
	text := ""
	for _, e := range entries {
		text += fmt.Sprintf("%v (primary %v, %d active, dirty %v, idle %v) ", e.Key, e.Primary, e.Active, e.Dirty, e.Idle.Round(time.Second))
	}
	return text
}

// equal checks that the stores hold the same entities, where they should.
func (w *World) equal(survivor *Instance) error {
	filling := w.scenario.Settings.Fallback != phase.FallbackOff && !w.copied()
	if !survivor.migration.Phase().Mirrored() || !w.copied() && !filling {
		return nil
	}
	for key := range w.stores[0].rows {
		old, new := w.stores[0].rows[key], w.stores[1].rows[key]
		if filling && !new.Present {
			continue // a key that nobody touched
		}
		if old != new {
			return fmt.Errorf("%w: k%d is %v in old and %v in new", errDiverged, key, old, new)
		}
	}
	return nil
}

// copied reports whether the mirror holds everything: it did from the beginning, or the backfill is complete.
func (w *World) copied() bool {
	if !w.scenario.NewEmpty {
		return true
	}
	record, _ := w.record.Load(context.Background()) // in memory: never fails
	b := record.Backfills[kind]
	return b.Complete && b.Epoch == record.MirroredSince
}

var errStuck = errors.New("a call never ended")

// allReturned checks that every call of a living instance came to its end. An instance of another build may wait for good until it is let in.
func allReturned(w *World) error {
	for _, task := range w.s.Stuck() {
		waits := strings.HasSuffix(task, ": begins") || len(w.scenario.Lossy) > 0 && strings.HasSuffix(task, ": has started")
		if strings.HasPrefix(task, "client ") && !waits {
			return fmt.Errorf("%w: %s", errStuck, task)
		}
	}
	return nil
}
