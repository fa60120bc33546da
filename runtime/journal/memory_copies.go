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
		if key.Whole && m.whole.entries[canonical(key)] == nil && m.opposed(key.Kind, primary) {
			return ErrConflict
		}
	}
	for _, key := range keys {
		key = canonical(key)
		m.mark(m.shardOf(key), key, primary)
	}
	return nil
}

func (m *Memory) mark(s *shard, key Key, primary phase.Store) {
	e := s.entries[key]
	if e == nil {
		if found, adopted := m.direction(s, key); adopted {
			primary = found
		}
		e = s.create(key, primary)
	}
	e.dirty = true
	if e.quarantined {
		e.quarantined, e.attempts, e.cause = false, 0, ""
	}
	m.touch(s, key, e)
}

// BeginCopy implements Journal.
func (m *Memory) BeginCopy(_ context.Context, owner string, key Key, idle time.Duration) (Token, bool, error) {
	key = canonical(key)
	s := m.lock(key)
	defer m.unlock(s)
	e := s.entries[key]
	if e == nil || !e.dirty || e.active > 0 || e.quarantined {
		return Token{}, false, nil
	}
	if idle > 0 && m.now().Sub(e.idleSince) < idle {
		return Token{}, false, nil
	}
	if kind := m.kindOf(key); kind != nil && kind.active > 0 {
		return Token{}, false, nil
	}
	e.dirty = false
	return m.take(s, owner, key, e.primary, true), true, nil
}

// Fail implements Journal.
func (m *Memory) Fail(_ context.Context, key Key, token Token, cause string, quarantineAfter int) error {
	key = canonical(key)
	s := m.lock(key)
	defer m.unlock(s)
	e := s.entries[key]
	if e == nil {
		return ErrTokenLost
	}
	_, ok := e.remove(token.ID)
	e.dirty = true
	if ok {
		e.attempts++
		e.cause = cause
		e.quarantined = quarantineAfter > 0 && e.attempts >= quarantineAfter
	}
	m.touch(s, key, e)
	if !ok {
		return ErrTokenLost
	}
	return nil
}

// Unclean implements Journal.
func (m *Memory) Unclean(_ context.Context, query Query) ([]Entry, error) {
	var entries []Entry
	m.lockAll()
	now := m.now()
	m.each(func(_ *shard, key Key, e *entry) {
		if out := e.export(key, now); query.matches(out) {
			entries = append(entries, out)
		}
	})
	m.unlockAll()
	slices.SortFunc(entries, func(a, b Entry) int { return cmp.Compare(a.Seq, b.Seq) })
	limit := query.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	return entries[:min(limit, len(entries))], nil
}

func (q Query) matches(e Entry) bool {
	switch {
	case q.Kind != "" && e.Key.Kind != q.Kind:
	case q.Copyable && (!e.Dirty || e.Active > 0 || e.Quarantined):
	case q.Quarantined && !e.Quarantined:
	case q.IdleFor > 0 && (e.Active > 0 || e.Idle < q.IdleFor):
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
	m.each(func(_ *shard, key Key, e *entry) {
		if kind != "" && key.Kind != kind {
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
