package proof

import (
	"context"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dualtest/explore"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// follow is the instance's control loop: it makes a pass whenever one has something to do.
func (i *Instance) follow() {
	ctx := context.Background()
	s := i.world.s
	reads := explore.Footprint{Reads: 1<<recordBit | instanceState(i.number)}
	for s.Wait("has something to do", reads, i.due) {
		record, err := i.world.record.Load(ctx)
		if err == nil {
			i.seen = record.Revision
		}
		i.followed = s.Now()
		if err := i.hooks.Follow(ctx); err != nil && s.Tracing() {
			s.Note("pass: %v", err)
		}
		i.hooks.Retry(ctx)
	}
}

// due reports whether the control loop would make a pass now: the record changed, the lease wants renewal, or something
// is owed.
func (i *Instance) due() bool {
	w := i.world
	if i.hooks.Due() {
		return true
	}
	record, err := w.record.Load(context.Background())
	if err != nil || record.Revision != i.seen {
		return true
	}
	return w.scenario.Leases && w.s.Now()-i.followed >= lease/4
}

// coordinate walks the scenario's phases. It tries each step as soon as the coordinator's own gates, asked without a
// point in between, would let it pass.
func (w *World) coordinate() {
	ctx := context.Background()
	reads := explore.Footprint{Reads: 1<<recordBit | 1<<fleetBit | allJournal}
	for _, to := range w.scenario.Walk {
		passed := false
		for !passed {
			ok := w.s.Wait("may advance", reads, func() bool { return w.advance(ctx, w.record, w.memory, to, true) == nil })
			if !ok {
				return
			}
			err := w.advance(ctx, w.control, w.journal, to, false)
			passed = err == nil
			if w.s.Tracing() {
				w.s.Note("advance to %v: %v", to, err)
			}
		}
	}
}

func (w *World) advance(ctx context.Context, c control.Control, j journal.Journal, to phase.Phase, dry bool) error {
	record, err := control.Settled(ctx, c)
	if err != nil || dry {
		return err
	}
	record.Phase = to
	record.Epoch++
	return c.Swap(ctx, record.Revision, record)
}
