package dual

import (
	"math/rand/v2"
	"slices"
	"sync/atomic"
)

// Kind is what a method does.
type Kind uint8

// The kinds.
const (
	KindRead        Kind = iota + 1 // answered by one store
	KindWrite                       // changes one entity or several
	KindDelete                      // a write; a mirrored one that finds nothing has succeeded
	KindPrimary                     // on the phase's primary only, never mirrored
	KindLifecycle                   // on both stores, errors joined
	KindTransaction                 // a function over the repository, in one transaction of the phase's primary
)

// MirrorAs is how a write reaches the mirror.
type MirrorAs uint8

// The ways.
const (
	Replay MirrorAs = iota // the call is repeated there
	Copy                   // the entity is read from the primary and put there
	Skip                   // not at all; the journal does not hear of it either
)

// MethodInfo describes a method of a wrapped interface.
type MethodInfo struct {
	// Name is the method's name with its interface's, such as "Packages.Save".
	Name string
	Kind Kind
	// Mirror is how the write reaches the mirror; of no meaning for other kinds.
	Mirror MirrorAs
	// Absent says that an error means there is no such entity. A delete whose mirror fails so has succeeded. Defaults to
	// none.
	Absent func(error) bool
	// Timed says that its calls begin with BeginAt or BeginEach. Defaults to false: it cannot tell the time of its keys.
	Timed bool
	// NoEffect says that an error of the primary means that it certainly changed nothing (a violated constraint), so that
	// nothing need be reconciled. Defaults to none: an error may hide an effect.
	NoEffect func(error) bool
}

// Method is a method of one wrapper.
type Method struct {
	info     MethodInfo
	index    int
	class    class
	observer MethodObserver
	copies   bool           // it is the runtime's own, and copies: a freeze is there to do that in
	tells    [2]atomic.Bool // whether a store was seen to tell a key that it made
	counters
}

// Method adds a method to the migration. Constructors of wrappers call it.
func (m *Migration) Method(info MethodInfo) *Method {
	if m.inside != nil {
		return m.inside.method(info)
	}
	method := &Method{info: info, class: classOf(info), observer: m.config.observerOf(info)}
	m.mu.Lock()
	defer m.mu.Unlock()
	method.index = len(m.methods)
	m.methods = append(m.methods, method)
	// The same state with room for one more method; its counters are shared, so that nothing need be drained.
	st := *m.state.Load()
	st.flight = append(slices.Clip(st.flight), new(flight))
	m.state.Store(&st)
	return method
}

func classOf(info MethodInfo) class {
	switch {
	case info.Kind == KindRead:
		return classRead
	case info.Kind == KindPrimary:
		return classPrimary
	case info.Kind == KindLifecycle:
		return classPrimary
	case info.Mirror == Skip:
		return classPrimaryWrite
	}
	return classWrite
}

// Call is one call in flight. It has four words, so that it travels in registers.
type Call struct {
	state  *state
	method *Method
	slot   *slot
	mode   mode
}

// mode is what the state means for the call.
type mode uint8

const (
	modeStore    mode = 1 << iota // the phase's primary: unset for Old, set for New
	modeSingle                    // that store alone serves the call, called directly
	modeSampled                   // the answer is compared with the other store's
	modeObserved                  // somebody is told how long it takes
	modeCanary                    // the key decides which of the guarded phases it is in
)

func (c *Call) store() Store { return Store(c.mode & modeStore) }

// storeOf is the store that decides for one clean key, or for a whole kind.
func (c *Call) storeOf(key Key) Store {
	if c.mode&modeCanary != 0 && c.state.inCanary(key) {
		return c.store().Other()
	}
	return c.store()
}

// storeOfAll is the store that decides for a write on several keys: the phase's primary, unless the canary has them all.
func (c *Call) storeOfAll(keys []Key) Store {
	if c.mode&modeCanary == 0 || len(keys) == 0 || slices.ContainsFunc(keys, func(key Key) bool { return !c.state.inCanary(key) }) {
		return c.store()
	}
	return c.store().Other()
}

func (c *Call) sampled() bool { return c.mode&modeSampled != 0 }

// Begin counts a call in. It refuses (ErrReadOnly, ErrStopped, ErrLeaseLost, ErrNotReady, ErrEvicted, ErrJournalLost,
// ErrClosed) before any store is touched.
func (m *Migration) Begin(method *Method) (Call, error) {
	for {
		st := m.state.Load()
		slot := st.flight[method.index].pick()
		slot.calls.Add(oneCall)
		if m.state.Load() != st {
			// The state changed before the call was counted: whoever drains the old one may not have seen it.
			slot.calls.Add(-oneCall)
			continue
		}
		call := Call{state: st, method: method, slot: slot, mode: st.modes[method.class]}
		if !st.plain[method.class] {
			return m.check(call)
		}
		return call, nil
	}
}

// check is the part of Begin that not every state needs.
func (m *Migration) check(call Call) (Call, error) {
	st, class := call.state, call.method.class
	if st.tx != nil {
		return st.tx.admit(call)
	}
	refusal := st.refusals[class]
	if call.method.copies && (refusal == ErrReadOnly || refusal == ErrStopped) {
		refusal = nil
	}
	if refusal == nil && !st.lease.valid(m.hooks.Now()) {
		refusal = ErrLeaseLost
	}
	if refusal == nil && st.divided && class != classPrimary && !call.method.info.Timed {
		refusal = ErrUntimed
	}
	if refusal != nil {
		return call.refuse(refusal)
	}
	if class == classRead && st.sample > 0 && rand.Uint32() <= st.sample {
		call.mode = call.mode&^modeSingle | modeSampled
	}
	return call, nil
}

// refuse counts the call out as if it had never begun.
func (c Call) refuse(err error) (Call, error) {
	c.slot.calls.Add(-oneCall)
	c.method.refused.Add(1)
	return Call{}, &CallError{Method: c.method.info.Name, Phase: c.state.phase, Err: err}
}

// End counts the call out.
func (c Call) End() { c.slot.calls.Add(-oneInFlight) }

// Single returns the store that alone serves this call, if one does: call it directly.
func (c Call) Single() (Store, bool) { return Store(c.mode & modeStore), c.mode&modeSingle != 0 }

// hold counts the call in once more, for a leg that outlives it. Its End gives that up.
func (c *Call) hold() { c.slot.calls.Add(oneInFlight) }

// fenced returns ErrLeaseLost if the instance's lease ran out since the call began.
func (c *Call) fenced() error {
	if c.state.lease == nil || c.state.lease.valid(c.state.migration.hooks.Now()) {
		return nil
	}
	return ErrLeaseLost
}
