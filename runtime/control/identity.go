package control

import (
	"fmt"

	"github.com/dualgen/dualgen/runtime/phase"
)

// Identity says which store a store is, and what its schema is. Whoever makes one chooses the words: equal ones mean equal
// things. An empty one is not known. See sqlcontrol.Identify and cqlcontrol.Identify.
type Identity struct {
	Store  string `json:"store,omitempty"`
	Schema string `json:"schema,omitempty"`
}

// twoStores: old and new are two stores, and the same two for every instance. A migration that is wired to one store twice
// verifies perfectly.
func twoStores(v *view, _, _ phase.Phase, _ Step) []Obstacle {
	var unmet []Obstacle
	var first *Instance
	for n := range v.instances {
		i := &v.instances[n]
		if !i.Live || i.Stores[0].Store == "" || i.Stores[1].Store == "" {
			continue
		}
		if first == nil {
			first = i
		}
		problem := ""
		switch {
		case i.Stores[0].Store == i.Stores[1].Store:
			problem = fmt.Sprintf("instance %s has one store for old and new: %s", i.ID, i.Stores[0].Store)
		case i.Stores[0].Store != first.Stores[0].Store || i.Stores[1].Store != first.Stores[1].Store:
			problem = fmt.Sprintf("instances %s and %s have different stores: %s and %s, %s and %s", first.ID, i.ID,
				first.Stores[0].Store, first.Stores[1].Store, i.Stores[0].Store, i.Stores[1].Store)
		}
		if problem != "" {
			unmet = append(unmet, Obstacle{Gate: GateStores, Instance: i.ID, Problem: problem, Remedy: "correct the instances' configuration"})
		}
	}
	return unmet
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
