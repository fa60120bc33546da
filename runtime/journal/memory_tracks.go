package journal

import (
	"context"
	"maps"
	"time"
)

// Track implements Journal.
func (m *Memory) Track(_ context.Context, name string) (Seq, error) {
	m.lockAll()
	defer m.unlockAll()
	since, ok := m.tracks[name]
	if !ok {
		since = m.level()
		m.tracks[name] = since
	}
	return since, nil
}

// Untrack implements Journal.
func (m *Memory) Untrack(_ context.Context, name string) error {
	m.lockAll()
	defer m.unlockAll()
	delete(m.tracks, name)
	if len(m.tracks) > 0 {
		return nil
	}
	m.whole.past = past{}
	for i := range m.shards {
		m.shards[i].past = past{}
	}
	return nil
}

// Activity implements Journal.
func (m *Memory) Activity(_ context.Context, kind string, since Seq) ([]Key, error) {
	m.lockAll()
	defer m.unlockAll()
	var keys []Key
	seen := make(map[Key]bool)
	m.each(func(e *entry) {
		if e.key.Kind == kind && (e.active > 0 || e.seq > since) {
			keys = append(keys, e.key)
			seen[e.key] = true
		}
	})
	clean := func(key Key) {
		if key.Kind == kind && !seen[key] {
			keys = append(keys, key)
		}
	}
	m.whole.past.since(since, clean)
	for i := range m.shards {
		m.shards[i].past.since(since, clean)
	}
	return keys, nil
}

// Renew implements Journal.
func (m *Memory) Renew(_ context.Context, owner string, ttl time.Duration) error {
	m.leaseMu.Lock()
	defer m.leaseMu.Unlock()
	m.leases[owner] = m.now().Add(ttl)
	return nil
}

// forgetLeases is how long a lease that ran out is remembered.
const forgetLeases = 24 * time.Hour

// Expire implements Journal. A lease that ran out is remembered for a day, so that tokens which its owner takes afterwards
// are taken away too.
func (m *Memory) Expire(context.Context) (int, error) {
	// The shards come first, so that no lease is renewed between being found to have run out and its tokens being taken.
	m.lockAll()
	defer m.unlockAll()
	m.leaseMu.Lock()
	defer m.leaseMu.Unlock()
	now := m.now()
	gone := make(map[string]bool)
	for owner, until := range m.leases {
		if !now.Before(until) {
			gone[owner] = true
		}
	}
	if len(gone) == 0 {
		return 0, nil
	}
	defer maps.DeleteFunc(m.leases, func(_ string, until time.Time) bool { return now.Sub(until) >= forgetLeases })
	keys := 0
	m.each(func(e *entry) {
		if e.removeOwners(gone) {
			keys++
			e.dirty = true
			m.doubt(e)
			m.touch(m.place(&e.key), e) // drops nothing: the entry is dirty
		}
	})
	return keys, nil
}
