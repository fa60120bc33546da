package control

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// kinds returns every entity kind that the record or an instance knows of, sorted. What only the dead report counts until
// it is forgotten.
func (r Record) kinds(instances []Instance) []string {
	all := slices.Clone(r.Kinds)
	for kind := range r.Backfills {
		all = append(all, kind)
	}
	for kind := range r.Certificates {
		all = append(all, kind)
	}
	for _, i := range instances {
		for _, kind := range i.Kinds {
			if i.counts() || !slices.Contains(r.Forgotten, kind) {
				all = append(all, kind)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// KindState is what the fleet knows of one entity kind.
type KindState struct {
	Kind string
	// Loose says that no instance can copy and list the kind.
	Loose bool
	// Unlisted says that it can be copied by its keys all the same, so that reads of it may fall back.
	Unlisted bool
	// Abandoned says that the kind is given up, by an operator or by a directive: no gate asks for it.
	Abandoned bool
	// Doubt says why the kind's certificate does not count for a step to the other store; empty where it does.
	Doubt string
}

// kindStates returns what is known of each kind, as a step would find it.
func (v *view) kindStates(step Step) []KindState {
	var states []KindState
	for _, kind := range v.record.kinds(v.instances) {
		state := KindState{Kind: kind, Loose: v.loose(kind), Unlisted: v.unlisted(kind), Abandoned: v.abandoned(kind, step)}
		if !state.Loose && !state.Abandoned {
			state.Doubt = v.doubt(kind, true)
		}
		states = append(states, state)
	}
	return states
}

// asked are the kinds that must be copied and proved: all but those that nobody can copy, which copyable names, and those
// that are given up.
func (v *view) asked(step Step) []string {
	return slices.DeleteFunc(v.record.kinds(v.instances), func(kind string) bool {
		return v.loose(kind) || v.abandoned(kind, step)
	})
}

// loose reports whether some instance has the kind, and none can copy and list it.
func (v *view) loose(kind string) bool {
	found := false
	for _, i := range v.instances {
		if !i.has(kind) {
			continue
		}
		if !slices.Contains(i.Loose, kind) {
			return false
		}
		found = true
	}
	return found
}

// unlisted reports whether a kind is loose, and every instance that has it can copy it by its keys.
func (v *view) unlisted(kind string) bool {
	return v.loose(kind) && !slices.ContainsFunc(v.instances, func(i Instance) bool {
		return i.has(kind) && !slices.Contains(i.Unlisted, kind)
	})
}

// abandoned reports whether a kind is given up: by an operator, or by the directive of every instance that has it.
func (v *view) abandoned(kind string, step Step) bool {
	if slices.Contains(v.record.Abandoned, kind) || slices.Contains(step.Abandon, kind) {
		return true
	}
	found := false
	for _, i := range v.instances {
		if !i.has(kind) {
			continue
		}
		if !slices.Contains(i.Abandoned, kind) {
			return false
		}
		found = true
	}
	return found
}

// copyable: what the other store must hold can be copied there, or an operator gave it up by name. A failed mirror write of
// a kind without a copier is never repaired, and what was there before the migration is never moved. What can be copied by its keys
// and not listed is moved as it is read, as long as reads fall back.
func copyable(v *view, from, to phase.Phase, step Step) []Obstacle {
	var unmet []Obstacle
	away := v.record.away(from, to)
	for _, kind := range v.record.kinds(v.instances) {
		if !v.loose(kind) || v.abandoned(kind, step) || !away && v.unproved(kind) || v.unlisted(kind) && v.waives(from, to) {
			continue
		}
		if !away && v.unlisted(kind) { // it is complete where reads go, and journaled all the time
			unmet = append(unmet, v.unjournaled(kind, step)...)
			continue
		}
		o := Obstacle{Gate: GateCopies, Kind: kind,
			Problem: fmt.Sprintf("%s cannot be copied and listed: what the %v store alone holds of it will not be found once reads ask the other", kind, v.record.MirroredFrom),
			Remedy:  fmt.Sprintf("name get=, put=, delete= and scan= in its //dualgen:entity line; or give it up by name: advance --abandon %s", kind)}
		if v.unlisted(kind) {
			o.Problem = fmt.Sprintf("%s cannot be listed: what the %v store alone holds of it will not be found once reads ask the other", kind, v.record.MirroredFrom)
			o.Remedy = fmt.Sprintf("let reads fall back: set --fallback save; or name scan= in its //dualgen:entity line; or give it up by name: advance --abandon %s", kind)
		}
		unmet = append(unmet, o)
	}
	return unmet
}

// givenUp are the kinds whose unclean keys stand in nobody's way: those that were abandoned or forgotten.
func (v *view) givenUp() []string {
	up := slices.DeleteFunc(slices.Clone(v.record.Forgotten), v.knownAgain)
	for _, kind := range v.record.kinds(v.instances) {
		if v.abandoned(kind, Step{}) {
			up = union(up, []string{kind})
		}
	}
	return up
}

// knownAgain reports whether a kind that was forgotten came back: an instance has it, or it was copied or verified since.
func (v *view) knownAgain(kind string) bool {
	_, copied := v.record.Backfills[kind]
	_, verified := v.record.Certificates[kind]
	return copied || verified || slices.ContainsFunc(v.instances, func(i Instance) bool { return i.has(kind) })
}

// union is a, and what b has beside it.
func union(a, b []string) []string {
	for _, name := range b {
		if !slices.Contains(a, name) {
			a = append(a, name)
		}
	}
	return a
}

// checkAbandon refuses to give up what can be copied, and what nobody knows.
func (v *view) checkAbandon(step Step) error {
	for _, kind := range step.Abandon {
		known := v.record.kinds(v.instances)
		switch {
		case !slices.Contains(known, kind):
			return fmt.Errorf("dualgen: there is no kind %q to abandon; known are: %s", kind, orNobody(known))
		case !v.loose(kind) && !slices.Contains(v.record.Abandoned, kind):
			return fmt.Errorf("dualgen: %s can be copied: run a backfill and a verify pass instead of abandoning it", kind)
		}
	}
	return nil
}

// orNobody joins names, for people.
func orNobody(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// Forget takes a kind away that no build has any more, removed or renamed: no gate asks for it from then on. It refuses
// while an instance that may run calls has the kind. What the stores hold of it stays where it is, and keys of it that are
// unclean are never copied, so that Forget needs Step.Confirm.
func (c *Coordinator) Forget(ctx context.Context, kind string, step Step) (Record, error) {
	v, err := c.look(ctx)
	if err != nil {
		return Record{}, err
	}
	if known := v.record.kinds(v.instances); !slices.Contains(known, kind) {
		return v.record, fmt.Errorf("dualgen: there is no kind %q to forget; known are: %s", kind, orNobody(known))
	}
	unclean, err := c.journal.Counts(ctx, kind)
	if err != nil {
		return v.record, fmt.Errorf("count the unclean keys of %s: %w", kind, err)
	}
	var unmet []Obstacle
	for _, i := range v.instances {
		if i.counts() && slices.Contains(i.Kinds, kind) {
			unmet = append(unmet, Obstacle{Gate: GateKinds, Kind: kind, Instance: i.ID,
				Problem: fmt.Sprintf("instance %s has %s", i.ID, kind), Remedy: "deploy the build without it everywhere, and this command from that build"})
		}
	}
	if !step.Confirm {
		unmet = append(unmet, Obstacle{Gate: GateConfirm, Kind: kind,
			Problem: fmt.Sprintf("what the stores hold of %s stays where it is, %s unclean keys of it are never copied%s", kind, unclean.Text(unclean.Unclean()), voids(unclean)),
			Remedy:  "see that nobody asks for it, then confirm"})
	}
	if len(unmet) > 0 {
		return v.record, &Refusal{From: v.record.Phase, To: v.record.Phase, What: "forget " + kind, Unmet: unmet}
	}
	next := v.record.Clone()
	next.forget(kind)
	step.sign(&next)
	if unclean.Unclean() > 0 && next.Phase.Mirrored() { // another kind may be this one under its new name, and was verified without them
		next.Voids++
		next.ParityVoid = true
	}
	return c.swap(ctx, v.record, next)
}

// voids says what forgetting unclean keys does to the other kinds.
func voids(unclean journal.Counts) string {
	if unclean.Unclean() == 0 {
		return ""
	}
	return ", and the certificates become void, since it may live on under another name"
}

// forget removes all that the record says of a kind.
func (r *Record) forget(kind string) {
	without := func(kinds []string) []string {
		return slices.DeleteFunc(kinds, func(k string) bool { return k == kind })
	}
	r.Kinds, r.Proved, r.Abandoned = without(r.Kinds), without(r.Proved), without(r.Abandoned)
	delete(r.Backfills, kind)
	delete(r.Builds, kind)
	delete(r.Certificates, kind)
	delete(r.Shapes, kind)
	if !slices.Contains(r.Forgotten, kind) {
		r.Forgotten = append(r.Forgotten, kind)
	}
}

// remember takes the kinds that instances report alive out of Forgotten.
func (r *Record) remember(instances []Instance) {
	r.Forgotten = slices.DeleteFunc(r.Forgotten, func(kind string) bool {
		return slices.ContainsFunc(instances, func(i Instance) bool { return i.has(kind) })
	})
	if len(r.Forgotten) == 0 {
		r.Forgotten = nil
	}
}
