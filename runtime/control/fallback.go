package control

import (
	"context"
	"fmt"

	"github.com/dualgen/dualgen/runtime/phase"
)

// fallback: reads may move to a store that is not complete yet, where they fall back to the one that is. Then what the other gates ask
// of the copy is asked before the fallback is set off; and before reads move, what the fallback rests on.
func (v *view) fallback(from, to phase.Phase, step Step) (unmet []Obstacle, waives bool) {
	r := v.record
	if !v.waives(from, to) {
		return nil, false
	}
	if r.ParityVoid {
		unmet = append(unmet, Obstacle{Gate: GateParity,
			Problem: fmt.Sprintf("a write ran without the journal, so that the %v store may hold something out of date, and a fallback asks only for what it lacks", r.MirroredFrom.Other()),
			Remedy:  "run verify passes with repair, and again until they find nothing"})
	}
	if to.Primary() != r.MirroredFrom || !from.Guarded() {
		unmet = append(unmet, v.interrupted(step)...)
	}
	if !from.Guarded() && !step.Confirm {
		unmet = append(unmet, Obstacle{Gate: GateConfirm,
			Problem: fmt.Sprintf("with the fallback %v, reads will move to the %v store before it was proved: only what it lacks is asked of the other one, not what it holds out of date",
				r.Settings.Fallback, r.MirroredFrom.Other()),
			Remedy: fmt.Sprintf("see to it that it held nothing when the fleet began to write both (verify says \"0 only in %v, 0 different\"), and confirm", r.MirroredFrom.Other())})
	}
	return unmet, true
}

// waives reports whether a step leads into a guarded phase in which reads fall back, or may once the next step is made.
func (v *view) waives(from, to phase.Phase) bool {
	return v.record.Settings.Fallback != phase.FallbackOff && (from.Guarded() || from.Primary() == v.record.MirroredFrom) && to.Guarded()
}

// unreadKinds are the kinds that cannot be listed: nobody but an operator knows when the store that reads move to has all of them.
func (v *view) unreadKinds(step Step) []Obstacle {
	var unmet []Obstacle
	for _, kind := range v.record.kinds(v.instances) {
		if !v.unlisted(kind) || v.abandoned(kind, step) || step.Confirm {
			continue
		}
		unmet = append(unmet, Obstacle{Gate: GateConfirm, Kind: kind,
			Problem: fmt.Sprintf("%s cannot be listed: nobody can tell what the %v store alone still has", kind, v.record.MirroredFrom),
			Remedy:  "wait until all that nobody has read or written since the fleet began to write both has expired, or was brought by its key (dual.Bring), and confirm"})
	}
	return unmet
}

// interrupted: no backfill has the store half done that reads move to. One that did not come to its end, or to an orderly stop, may have
// left something out of date there that it has not marked yet.
func (v *view) interrupted(step Step) []Obstacle {
	var unmet []Obstacle
	for _, kind := range v.asked(step) {
		b := v.record.Backfills[kind]
		if b.Epoch != v.record.MirroredSince || b.Complete || b.Holder == "" {
			continue
		}
		unmet = append(unmet, Obstacle{Gate: GateBackfill, Kind: kind,
			Problem: fmt.Sprintf("the backfill of %s runs, or was killed: it may leave something out of date where reads move to", kind),
			Remedy:  "run it to its end, or run it and interrupt it"})
	}
	return unmet
}

// copied: every kind was copied and proved, or reads fall back to the store that it would be copied from.
func copied(v *view, from, to phase.Phase, step Step) []Obstacle {
	if unmet, waives := v.fallback(from, to, step); waives {
		return unmet
	}
	return append(backfilled(v, from, to, step), proved(v, from, to, step)...)
}

// stillProved is copied of a store that was entered by copied.
func stillProved(v *view, from, to phase.Phase, step Step) []Obstacle {
	if unmet, waives := v.fallback(from, to, step); waives {
		return unmet
	}
	return proved(v, from, to, step)
}

// noFallback: the step leads to a phase in which nothing falls back, with a fallback set.
func (v *view) noFallback(to phase.Phase) []Obstacle {
	r := v.record
	if r.Settings.Fallback == phase.FallbackOff || to.Guarded() || !to.Mirrored() || to.Primary() == r.MirroredFrom {
		return nil
	}
	return []Obstacle{{Gate: GateSettings,
		Problem: fmt.Sprintf("nothing falls back in %v: what was not copied from the %v store would not be found", to, r.MirroredFrom),
		Remedy:  "run the backfill and a verify pass, then set the fallback off"}}
}

// mayFallBack says why the fallback cannot be changed as the settings want it. In the guarded phases it may be set off only once all
// that reads may fall back for was copied and proved: in that of the complete store, too, keys may still follow the other one.
func (c *Coordinator) mayFallBack(ctx context.Context, settings phase.Settings, step Step) error {
	v, err := c.look(ctx)
	if err != nil {
		return err
	}
	r := v.record
	on := settings.Fallback != phase.FallbackOff
	switch {
	case on == (r.Settings.Fallback != phase.FallbackOff) || v.lax:
		return nil
	case on && !r.Phase.Guarded() && r.Phase.Primary() != r.MirroredFrom:
		return fmt.Errorf("dualgen: in %v reads come from the %v store alone, into which all was copied: there is nothing to fall back for", r.Phase, r.Phase.Primary())
	case on || !r.Phase.Guarded() || c.off.NoGate:
		return nil
	}
	step.Confirm = step.Confirm && r.FallsBack()
	unmet := append(backfilled(&v, r.Phase, r.Phase, step), unmetProofs(&v, step)...)
	unmet = append(unmet, v.unreadKinds(step)...)
	if len(unmet) == 0 {
		return nil
	}
	if !r.FallsBack() {
		for i := range unmet {
			unmet[i].Remedy = fmt.Sprintf("go back to where reads come from the %v store alone, and set it off there", r.MirroredFrom)
		}
	}
	return &Refusal{From: r.Phase, To: r.Phase, What: "set the fallback off", Unmet: unmet}
}

// unmetProofs lists the kinds whose certificate does not count.
func unmetProofs(v *view, step Step) []Obstacle {
	var unmet []Obstacle
	for _, kind := range v.asked(step) {
		if problem := v.doubt(kind, true); problem != "" {
			unmet = append(unmet, v.unprovedKind(kind, problem))
		}
	}
	return unmet
}
