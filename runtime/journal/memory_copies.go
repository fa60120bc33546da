package journal

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/dualgen/dualgen/runtime/phase"
)

// defaultLimit bounds a listing whose query names no limit.
const defaultLimit = 1000

// MarkDirty implements Journal.
func (m *Memory) MarkDirty(_ context.Context, keys []Key, primary phase.Store) error {
	mask := m.mask(keys)
	m.lockMask(mask)
	defer m.unlockMask(mask)
	for _, key := range keys {
		if p := m.place(&key); key.Whole && p.find(&key) == nil && m.opposed(key.Kind, primary) {
			return ErrConflict
		}
	}
	for _, key := range keys {
		p := m.place(&key)
		if err := m.mark(p, &key, primary); err != nil {
			return err
		}
	}
	return nil
}

func (m *Memory) mark(p place, key *Key, primary phase.Store) error {
	e := p.find(key)
	if e == nil {
		var err error
		if e, err = m.create(p, key, primary); err != nil {
			return err
		}
	}
	e.dirty = true
	if e.quarantined {
		e.quarantined, e.attempts, e.cause = false, 0, ""
	}
	m.doubt(e)
	m.touch(p, e)
	return nil
}

// BeginCopy implements Journal.
func (m *Memory) BeginCopy(_ context.Context, owner string, key Key, idle time.Duration) (Token, bool, error) {
	p := m.lock(&key)
	defer m.unlock(p)
	token, ok := m.claim(p, &key, owner, idle)
	return token, ok, nil
}

// Fail implements Journal.
func (m *Memory) Fail(_ context.Context, key Key, token Token, cause string, quarantineAfter int) error {
	p := m.lock(&key)
	defer m.unlock(p)
	e := p.find(&key)
	if e == nil {
		return ErrTokenLost
	}
	_, ok := e.remove(token.ID)
	e.dirty = true
	m.doubt(e)
	if ok {
		e.attempts++
		e.cause = cause
		if e.quarantined = quarantineAfter > 0 && e.attempts >= quarantineAfter; e.quarantined {
			m.enqueue(e)
		}
	}
	m.touch(p, e)
	if !ok {
		return ErrTokenLost
	}
	return nil
}

// Unclean implements Journal.
func (m *Memory) Unclean(_ context.Context, query Query) ([]Entry, error) {
	limit := query.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	if query.Copyable || query.Quarantined || query.IdleFor > 0 || query.SettledFor > 0 { // only dirty ones
		m.lockAll()
		defer m.unlockAll()
		return m.oldest(query, limit, m.now()), nil
	}
	var found []listed
	m.lockAll()
	now := m.now()
	m.each(func(e *entry) {
		if out := e.export(now); query.matches(out) {
			found = append(found, listed{out, e.order})
		}
	})
	m.unlockAll()
	slices.SortFunc(found, listed.compare)
	entries := make([]Entry, min(limit, len(found)))
	for i := range entries {
		entries[i] = found[i].Entry
	}
	return entries, nil
}

// listed is an entry of a listing, and its place in it.
type listed struct {
	Entry
	order uint64
}

// compare puts the oldest activity first; of active entries between which none turned idle, it goes by their keys, so that
// a replayed schedule lists them alike.
func (l listed) compare(other listed) int {
	return cmp.Or(cmp.Compare(l.order, other.order), cmp.Compare(min(l.Active, 1), min(other.Active, 1)),
		cmp.Compare(l.Key.Kind, other.Key.Kind), cmp.Compare(l.Key.ID, other.Key.ID))
}

func (q Query) matches(e Entry) bool {
	switch {
	case q.Kind != "" && e.Key.Kind != q.Kind:
	case q.Copyable && (!e.Dirty || e.Active > 0 || e.Quarantined):
	case q.Quarantined && !e.Quarantined:
	case q.IdleFor > 0 && (e.Active > 0 || e.Idle < q.IdleFor):
	case q.SettledFor > 0 && (!e.Dirty || e.Settled < q.SettledFor):
	default:
		return true
	}
	return false
}

// Counts implements Journal.
func (m *Memory) Counts(_ context.Context, kind string) (Counts, error) {
	var counts Counts
	m.lockAll()
	defer m.unlockAll()
	m.each(func(e *entry) {
		if kind != "" && e.key.Kind != kind {
			return
		}
		counts.Primary[e.primary]++
		if e.active > 0 {
			counts.Active++
		}
		if e.dirty {
			counts.Dirty++
		}
		if e.quarantined {
			counts.Quarantined++
		}
	})
	return counts, nil
}
