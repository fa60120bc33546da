package dual

import (
	"slices"
	"sync/atomic"
)

// Uncopied is a kind of entity that generated code writes and reads, and that nothing can copy between the stores: its
// directive names no get and put. A failed mirror write of it is not repaired, and what was there before the migration is
// not moved. So the fleet does not read the other store before somebody gives the kind up by name.
type Uncopied struct {
	// Kind is the entity's kind, as its keys name it.
	Kind string
	// Shape is the kind's, as Entity.Shape.
	Shape string
	// Abandon says that the source gives the kind up: what the store that is left holds of it may be lost. Defaults to false:
	// an operator is asked.
	Abandon bool
}

// AddUncopied tells the migration of a kind that cannot be copied. Constructors of wrappers call it.
func AddUncopied(m *Migration, kind Uncopied) {
	if m.inside != nil {
		return
	}
	m.changeKinds(func() {
		uncopied := slices.DeleteFunc(slices.Clone(*m.uncopied.Load()), func(u Uncopied) bool { return u.Kind == kind.Kind })
		uncopied = append(uncopied, kind)
		m.uncopied.Store(&uncopied)
	})
	m.follower.kick()
	m.follower.awaitJoin()
}

// changeKinds changes the kinds, and lets the state know at once: the control loop may be late, and calls of a kind begin
// when its constructor returns.
func (m *Migration) changeKinds(change func()) {
	stores := m.follower.identities()
	m.mu.Lock()
	defer m.mu.Unlock()
	change()
	st := *m.state.Load() // the counters are shared
	st.admit(stores)
	m.state.Store(&st)
}

// kinds returns the names of the entity kinds, sorted.
func (m *Migration) kinds() []string {
	var kinds []string
	for _, c := range *m.copiers.Load() {
		kinds = append(kinds, c.Kind())
	}
	for _, u := range *m.uncopied.Load() {
		kinds = append(kinds, u.Kind)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// shapes returns the shapes of the kinds that say theirs; nil if none does.
func (m *Migration) shapes() map[string]string {
	var shapes map[string]string
	add := func(kind, shape string) {
		if shape == "" {
			return
		}
		if shapes == nil {
			shapes = make(map[string]string)
		}
		shapes[kind] = shape
	}
	for _, u := range *m.uncopied.Load() {
		add(u.Kind, u.Shape)
	}
	for _, c := range *m.copiers.Load() {
		add(c.Kind(), c.Shape())
	}
	return shapes
}

// loose returns the kinds that cannot be copied and listed, sorted; those of them that can be copied by their keys all the same; and those
// that the source gives up.
func (m *Migration) loose() (loose, unlisted, abandoned []string) {
	copied := make(map[string]bool)
	for _, c := range *m.copiers.Load() {
		if copied[c.Kind()] = true; !c.(writtenCopier).listsAll() {
			loose = append(loose, c.Kind())
		}
		if c.(writtenCopier).unlisted() {
			unlisted = append(unlisted, c.Kind())
		}
	}
	for _, u := range *m.uncopied.Load() {
		if copied[u.Kind] {
			continue // another wrapper of this program copies it
		}
		loose = append(loose, u.Kind)
		if u.Abandon {
			abandoned = append(abandoned, u.Kind)
		}
	}
	slices.Sort(loose)
	slices.Sort(unlisted)
	slices.Sort(abandoned)
	return loose, unlisted, abandoned
}

// Reconciling tells the fleet that this instance runs a reconciler, until the returned function is called.
func (m *Migration) Reconciling() (stop func()) {
	m.reconcilers.Add(1)
	m.follower.kick()
	var stopped atomic.Bool
	return func() {
		if stopped.CompareAndSwap(false, true) {
			m.reconcilers.Add(-1)
		}
	}
}
