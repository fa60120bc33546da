package outlook

import (
	"slices"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/journal"
)

// nextSteps are the commands that lead to the next phase, as they are typed, in order. What only people can do, such as deploying a
// build, is in the obstacles alone.
func (r Report) nextSteps() []string {
	var steps []string
	add := func(step string) {
		if step != "" && !slices.Contains(steps, step) {
			steps = append(steps, step)
		}
	}
	if r.Record.Revision == 0 {
		return []string{"init"}
	}
	if r.Record.Settings.Paused {
		add("resume")
	}
	for _, o := range r.Forward.Blocked {
		add(r.toward(o))
	}
	if r.Record.FallsBack() {
		return append(steps, r.towardNoFallback()...)
	}
	if len(r.Forward.Blocked) == 0 && r.Forward.To != "" {
		add("advance --to " + r.Forward.To)
	}
	return steps
}

// towardNoFallback are the commands after which nothing need fall back any more.
func (r Report) towardNoFallback() []string {
	var copies, proofs []string
	off := []string{"set --fallback off"}
	for _, k := range r.Kinds {
		if k.Unlisted && !k.Abandoned {
			off = nil // when nothing of it is left in the other store only people know: the obstacle says so
		}
		switch b := r.Record.Backfills[k.Kind]; {
		case k.Loose || k.Abandoned:
		case !b.Complete || b.Epoch != r.Record.MirroredSince:
			copies, proofs = append(copies, "backfill "+k.Kind), append(proofs, "verify "+k.Kind)
		case !k.Valid:
			proofs = append(proofs, "verify "+k.Kind)
		}
	}
	return slices.Concat(copies, proofs, off)
}

// toward is the command that removes an obstacle, empty where none does by itself.
func (r Report) toward(o control.Obstacle) string {
	switch o.Gate {
	case control.GateRecord:
		return "init"
	case control.GateBackfill:
		return "backfill " + o.Kind
	case control.GateParity:
		if slices.Contains(o.Keys, journal.Key{Kind: o.Kind, Whole: true}) {
			return "verify --repair " + o.Kind
		}
		return "verify " + o.Kind
	case control.GateQuarantine:
		return "quarantine list"
	case control.GateDirection:
		if i := slices.IndexFunc(o.Keys, func(k journal.Key) bool { return k.Whole }); i >= 0 {
			return "verify --repair " + o.Keys[i].Kind
		}
		return "reconcile"
	case control.GateStores:
		return "stores"
	case control.GateFleet:
		return "status --all"
	}
	return ""
}
