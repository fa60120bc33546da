package control

import (
	"context"
	"fmt"
	"slices"
	"strings"

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
			Remedy: v.remedyHeld()})
	}
	return unmet, true
}

// waives reports whether a step leads into a guarded phase in which reads fall back, or may once the next step is made.
func (v *view) waives(from, to phase.Phase) bool {
	return v.record.Settings.Fallback != phase.FallbackOff && (from.Guarded() || from.Primary() == v.record.MirroredFrom) && to.Guarded()
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

// copied: every kind was copied and proved, or reads fall back to the store that it would be copied from. The way back to that store asks
// no copy, which no phase there could make: what was proved when reads moved has been copied, and the calls of other kinds were refused.
func copied(v *view, from, to phase.Phase, step Step) []Obstacle {
	if unmet, waives := v.fallback(from, to, step); waives {
		return unmet
	}
	if !v.record.away(from, to) {
		return proved(v, from, to, step)
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
		Remedy:  v.remedyFallback()}}
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

// Kinds that can be copied by their keys and not listed: sessions in Memcached. No backfill moves them and no verify pass proves them, so
// that what the gates ask of other kinds is asked of the operator.

// unlistedKinds are those of them that are not given up, and that a step does not confirm.
func (v *view) unlistedKinds(step Step) []string {
	return slices.DeleteFunc(v.record.kinds(v.instances), func(kind string) bool {
		return step.Confirm || !v.unlisted(kind) || v.abandoned(kind, step)
	})
}

// emptied: the store that the fleet begins to write holds nothing of these kinds. What it holds from an earlier try, or from before the
// other one took over, no copy overwrites and no verify pass finds; a read that falls back takes it for right.
func emptied(v *view, _, to phase.Phase, step Step) []Obstacle {
	var unmet []Obstacle
	for _, kind := range v.unlistedKinds(step) {
		unmet = append(unmet, Obstacle{Gate: GateConfirm, Kind: kind,
			Problem: fmt.Sprintf("%s cannot be listed: what the %v store may hold of it from before is out of date, and would be read", kind, to.Primary().Other()),
			Remedy:  fmt.Sprintf("empty the %v store of it, and confirm", to.Primary().Other())})
	}
	return unmet
}

// unjournaled: the stores may differ in a kind of which nobody can say where.
func (v *view) unjournaled(kind string, step Step) []Obstacle {
	if !v.record.ParityVoid || step.Confirm {
		return nil
	}
	return []Obstacle{{Gate: GateConfirm, Kind: kind,
		Problem: fmt.Sprintf("a write ran without the journal, and %s cannot be listed: nobody can tell where its stores differ", kind),
		Remedy:  "confirm, where an entity of it that is out of date does no harm"}}
}

// unreadKinds: nobody but an operator knows when the store that reads move to has all of them.
func (v *view) unreadKinds(step Step) []Obstacle {
	var unmet []Obstacle
	for _, kind := range v.unlistedKinds(step) {
		unmet = append(unmet, Obstacle{Gate: GateConfirm, Kind: kind,
			Problem: fmt.Sprintf("%s cannot be listed: nobody can tell what the %v store alone still has", kind, v.record.MirroredFrom),
			Remedy:  remedyUnread + ", and confirm"})
	}
	return unmet
}

const remedyUnread = "wait until all that nobody has read or written since the fleet began to write both has expired, or was brought by its key (dual.Bring)"

// remedyFallback is what to do before nothing falls back any more.
func (v *view) remedyFallback() string {
	kinds := v.unlistedKinds(Step{})
	if len(kinds) == 0 {
		return "run the backfill and a verify pass, then set the fallback off"
	}
	return fmt.Sprintf("of %s, which cannot be listed, %s; run the backfill and a verify pass of all others; then set --fallback off --confirm",
		strings.Join(kinds, ", "), remedyUnread)
}

// remedyHeld is what to do before reads move to a store that nobody proved.
func (v *view) remedyHeld() string {
	other := v.record.MirroredFrom.Other()
	remedy := fmt.Sprintf("see to it that it held nothing when the fleet began to write both (verify says \"0 only in %v, 0 different\"", other)
	if kinds := v.unlistedKinds(Step{}); len(kinds) > 0 {
		remedy += fmt.Sprintf("; it does not see %s: those you emptied before the first step", strings.Join(kinds, ", "))
	}
	return remedy + "), and confirm"
}
