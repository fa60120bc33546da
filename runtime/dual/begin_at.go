package dual

import "time"

// BeginAt is Begin for a call on keys of their own time: in OldOnly with a cutoff, the store that they belong to alone
// serves it. It also refuses keys whose time is further ahead than the lead, with ErrAhead.
func (m *Migration) BeginAt(method *Method, at time.Time) (Call, error) {
	call, err := m.Begin(method)
	if err != nil {
		return Call{}, err
	}
	st := call.state
	if at.After(*st.reach.Load()) && !m.hooks.Off.NoReach {
		return call.refuse(ErrAhead)
	}
	if st.divided && st.settings.Owner(at) == New {
		call.mode |= modeStore
	}
	return call, nil
}

// BeginEach is BeginAt for a call on n keys, each of its own time. It refuses keys on both sides of the cutoff with
// ErrBothSides.
func (m *Migration) BeginEach(method *Method, n int, at func(i int) time.Time) (Call, error) {
	var earliest, latest time.Time
	for i := range n {
		t := at(i)
		if i == 0 || t.Before(earliest) {
			earliest = t
		}
		if i == 0 || t.After(latest) {
			latest = t
		}
	}
	call, err := m.BeginAt(method, latest)
	if err == nil && call.state.divided && call.state.settings.Owner(earliest) != call.store() {
		return call.refuse(ErrBothSides)
	}
	return call, err
}

// timed reports whether every method that reads or writes tells the time of its keys.
func (m *Migration) timed() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, method := range m.methods {
		if method.class != classPrimary && !method.info.Timed {
			return false
		}
	}
	return true
}
