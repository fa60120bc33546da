package control

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dualgen/dualgen/runtime/phase"
)

// Identity says which store a store is, and what its schema is. Whoever makes one chooses the words: equal ones mean equal
// things. An empty one is not known. See sqlcontrol.Identify and cqlcontrol.Identify.
type Identity struct {
	Store  string `json:"store,omitempty"`
	Schema string `json:"schema,omitempty"`
	// Timeout is how long the store lets one statement take; negative if nothing bounds it, 0 if that is not known.
	Timeout time.Duration `json:"timeout,omitempty"`
}

// twoStores: old and new are two stores, the same two for every instance, and every instance knows that. A migration that is
// wired to one store twice verifies perfectly, and an instance that has them the other way round, or another database,
// writes where nobody looks.
func twoStores(v *view, _, _ phase.Phase, _ Step) []Obstacle {
	var unmet []Obstacle
	first := v.firstKnown()
	for n := range v.instances {
		i := &v.instances[n]
		if !i.counts() {
			continue
		}
		problem, remedy := wrongStores(v.record, first, i)
		if problem != "" {
			unmet = append(unmet, Obstacle{Gate: GateStores, Instance: i.ID, Problem: problem, Remedy: remedy})
		}
	}
	return unmet
}

// known reports whether the instance says what both stores are.
func (i *Instance) known() bool { return i.Stores[0].Store != "" && i.Stores[1].Store != "" }

// firstKnown is the first instance that says what its stores are.
func (v *view) firstKnown() *Instance {
	for n := range v.instances {
		if i := &v.instances[n]; i.counts() && i.known() {
			return i
		}
	}
	return nil
}

// wrongStores says what is wrong with an instance's stores, and what to do about it.
func wrongStores(r Record, first, i *Instance) (problem, remedy string) {
	const correct = "correct the instance's configuration"
	old, new := i.Stores[phase.Old].Store, i.Stores[phase.New].Store
	// A store that is down tells a command that starts nothing, and the way out is then needed most. What the command does know is compared
	// with the stores that are pinned.
	blind := i.Command && i.Note != "" && r.Stores != [2]string{}
	switch {
	case !i.known() && i.Alone:
		return "", ""
	case !i.known() && !blind && i.Note != "":
		return fmt.Sprintf("instance %s does not know which stores it has: %s", i.ID, i.Note),
			"see why the stores do not say so; it asks again with each renewal of its lease, and gives them an eighth of the lease to answer"
	case !i.known() && !blind:
		return fmt.Sprintf("instance %s does not say which stores it has", i.ID),
			"set Identify in dual.Config: sqlcontrol.Identify, cqlcontrol.Identify, or a fingerprint of your own (dual.Fingerprints); where it is set, the instance's log says why a store did not answer"
	case old == new && old != "":
		return fmt.Sprintf("instance %s has one store for old and new: %s", i.ID, old), correct
	}
	if other := r.OtherStores(i.Stores); other != "" {
		return fmt.Sprintf("instance %s %s", i.ID, other), correct + "; if the fleet's stores have moved, pin them anew: stores --pin --confirm"
	}
	theirs := [2]string{first.Stores[phase.Old].Store, first.Stores[phase.New].Store}
	if other := otherStores(theirs, i.Stores); other != "" {
		return fmt.Sprintf("instances %s and %s have different stores: %s %s", first.ID, i.ID, i.ID, other), correct
	}
	return "", ""
}

// alone: no other migration in this control store has a kind of this one between the same two stores. Two names are two fleets, of which
// neither looks at the journal of the other. It is asked again before reads are guarded: two that came into the mirrored phases at one
// time did not see each other. The way back asks nothing of it: who steps back is in a hurry, and it makes nothing worse.
func alone(v *view, from, to phase.Phase, step Step) []Obstacle {
	if step.Confirm || from.Mirrored() && !v.record.away(from, to) {
		return nil
	}
	var unmet []Obstacle
	for _, problem := range v.twins() {
		unmet = append(unmet, Obstacle{Gate: GateConfirm, Problem: problem,
			Remedy: "give all instances one migration name; confirm if the kinds are in tables of their own, or nobody runs the other any more"})
	}
	return unmet
}

// twins names the other migrations that may be this one. One that has made no step does not say which kinds it has.
func (v *view) twins() (problems []string) {
	stores := v.stores()
	for _, name := range slices.Sorted(maps.Keys(v.neighbours)) {
		other := v.neighbours[name]
		if stores == [2]string{} || other.Stores != stores && other.Stores != [2]string{stores[1], stores[0]} {
			continue
		}
		shared := slices.DeleteFunc(v.record.kinds(v.instances), func(kind string) bool { return !slices.Contains(other.Kinds, kind) })
		switch {
		case len(shared) > 0:
			problems = append(problems, fmt.Sprintf("the migration %q in this control store, in %v, has the same two stores, and %s too: neither fleet looks at the unclean keys of the other", name, other.Phase, strings.Join(shared, ", ")))
		case len(other.Kinds) == 0:
			problems = append(problems, fmt.Sprintf("the migration %q in this control store, in %v, has the same two stores: if it has the same kinds, neither fleet looks at the unclean keys of the other", name, other.Phase))
		}
	}
	return problems
}

// OtherStores says how an instance's stores are not those that are pinned in the record, or nothing. What is not known is
// not other.
func (r Record) OtherStores(stores [2]Identity) string { return otherStores(r.Stores, stores) }

func otherStores(fleet [2]string, own [2]Identity) string {
	for _, position := range []phase.Store{phase.Old, phase.New} {
		theirs, ours := fleet[position], own[position].Store
		switch {
		case theirs == "" || ours == "" || theirs == ours:
		case ours == fleet[position.Other()]:
			return fmt.Sprintf("has the stores swapped: its %v store is %s, which is the fleet's %v store", position, ours, position.Other())
		default:
			return fmt.Sprintf("has another %v store than the fleet: %s instead of %s", position, ours, theirs)
		}
	}
	return ""
}

// stores are the two stores that all instances have, by a gate; empty where none says.
func (v *view) stores() [2]string {
	if first := v.firstKnown(); first != nil {
		return [2]string{first.Stores[phase.Old].Store, first.Stores[phase.New].Store}
	}
	return v.record.Stores
}

// Pin makes the given stores the fleet's: an instance that has others refuses calls from then on. Advance to the mirrored
// phases does so by itself; Pin does so before, and after the stores have moved to other servers. In the mirrored phases
// that voids the certificates, and needs Step.Confirm, as it does where other stores are pinned.
func (c *Coordinator) Pin(ctx context.Context, stores [2]Identity, step Step) (Record, error) {
	pinned := [2]string{stores[phase.Old].Store, stores[phase.New].Store}
	switch {
	case pinned[0] == "" || pinned[1] == "":
		return Record{}, errors.New("dualgen: pin the stores: this instance does not know which they are; set Identify in dual.Config")
	case pinned[0] == pinned[1]:
		return Record{}, fmt.Errorf("dualgen: pin the stores: old and new are one: %s", pinned[0])
	}
	return Update(ctx, c.control, func(r *Record) error {
		switch {
		case r.Revision == 0:
			return &Refusal{Unmet: []Obstacle{noRecord()}}
		case r.Stores == pinned:
			return nil
		case r.Stores != [2]string{} && !step.Confirm:
			return &Refusal{From: r.Phase, To: r.Phase, What: "pin other stores", Unmet: []Obstacle{{Gate: GateConfirm,
				Problem: fmt.Sprintf("the fleet's stores are %s and %s, and instances that have them will refuse calls", r.Stores[0], r.Stores[1]),
				Remedy:  "see that this program has the right ones, then confirm"}}}
		}
		r.Stores = pinned
		step.sign(r)
		if r.Phase.Mirrored() {
			r.Voids++
			r.ParityVoid = true
		}
		return nil
	})
}

// reshaped says that a store's schema is no longer what it was when a certificate was issued, or nothing.
func (v *view) reshaped(certificate Certificate) string {
	for _, i := range v.instances {
		for position, store := range i.Stores {
			if proved := certificate.Schemas[position]; i.Live && proved != "" && store.Schema != "" && proved != store.Schema {
				return fmt.Sprintf("was verified before the schema of the %v store changed", phase.Store(position))
			}
		}
	}
	return ""
}
