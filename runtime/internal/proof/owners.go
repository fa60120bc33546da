package proof

import (
	"fmt"

	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// owners checks that each clean key has one store that answers it, and that its writes begin with. It is nil in worlds where phases or
// shares change.
type owners struct {
	s     *explore.Scheduler
	of    map[journal.Key]phase.Store
	clean map[string]journal.Key // the key that a task's last look at the journal found clean
}

func newOwners(s *explore.Scheduler) *owners {
	return &owners{s: s, of: map[journal.Key]phase.Store{}, clean: map[string]journal.Key{}}
}

// begun is told of a token that a write asks for.
func (o *owners) begun(key journal.Key, primary phase.Store) {
	if o == nil {
		return
	}
	delete(o.clean, o.s.Running())
	o.belongs(key, primary)
}

// lookedUp is told what a task found in the journal.
func (o *owners) lookedUp(key journal.Key, clean bool) {
	if o == nil {
		return
	}
	delete(o.clean, o.s.Running())
	if clean {
		o.clean[o.s.Running()] = key
	}
}

// answered is told of a read of a store. That of a task which has just found the key clean is a client's.
func (o *owners) answered(key journal.Key, from phase.Store) {
	if o == nil {
		return
	}
	if clean, ok := o.clean[o.s.Running()]; ok && clean == key {
		delete(o.clean, o.s.Running())
		o.belongs(key, from)
	}
}

func (o *owners) belongs(key journal.Key, store phase.Store) {
	if known, ok := o.of[key]; ok && known != store {
		o.s.Fail(fmt.Errorf("%v belongs to both stores", key))
	}
	o.of[key] = store
}
