package journal

import (
	"context"

	"github.com/dualgen/dualgen/runtime/phase"
)

// Begin implements Journal.
func (m *Memory) Begin(_ context.Context, owner string, key Key, primary phase.Store) (Token, error) {
	key = canonical(key)
	s := m.lock(key)
	defer m.unlock(s)
	found, adopted := m.direction(s, key)
	if adopted && !m.off.NoAdopt {
		primary = found
	}
	if key.Whole && m.opposed(key.Kind, primary) {
		return Token{}, ErrConflict
	}
	return m.take(s, owner, key, primary, false), nil
}

// BeginMany implements Journal.
func (m *Memory) BeginMany(_ context.Context, owner string, keys []Key, primary phase.Store) ([]Token, error) {
	mask := m.mask(keys)
	m.lockMask(mask)
	defer m.unlockMask(mask)
	primary, err := m.common(keys, primary)
	if err != nil {
		return nil, err
	}
	tokens := make([]Token, len(keys))
	for i, key := range keys {
		key = canonical(key)
		tokens[i] = m.take(m.shardOf(key), owner, key, primary, false)
	}
	return tokens, nil
}

// common returns the one primary that all keys can have.
func (m *Memory) common(keys []Key, primary phase.Store) (phase.Store, error) {
	settled := false
	for _, key := range keys {
		key = canonical(key)
		found, adopted := m.direction(m.shardOf(key), key)
		switch {
		case !adopted || m.off.NoAdopt:
		case settled && found != primary:
			return primary, ErrConflict
		default:
			primary, settled = found, true
		}
	}
	for _, key := range keys {
		if key.Whole && m.opposed(key.Kind, primary) {
			return primary, ErrConflict
		}
	}
	return primary, nil
}

// direction returns the primary that the key has already: its entry's, else its whole kind's.
func (m *Memory) direction(s *shard, key Key) (phase.Store, bool) {
	if e := s.entries[key]; e != nil {
		return e.primary, true
	}
	if kind := m.kindOf(key); kind != nil {
		return kind.primary, true
	}
	return 0, false
}

// opposed reports whether a key of the kind is unclean with the other primary. All shards are locked.
func (m *Memory) opposed(kind string, primary phase.Store) bool {
	for i := range m.shards {
		for key, e := range m.shards[i].entries {
			if key.Kind == kind && e.primary != primary {
				return true
			}
		}
	}
	return false
}

// take hands a token out, and marks what overlaps it.
func (m *Memory) take(s *shard, owner string, key Key, primary phase.Store, copier bool) Token {
	e := s.entries[key]
	if e == nil {
		e = s.create(key, primary)
	}
	if !m.off.NoOverlap {
		m.overlap(key, e)
	}
	seq := m.next()
	e.seq = seq
	e.add(held{id: uint64(seq), owner: owner, copier: copier})
	return Token{ID: uint64(seq), Owner: owner, Primary: primary}
}

// overlap marks the entries dirty on which a new token of the key meets another one.
func (m *Memory) overlap(key Key, e *entry) {
	if key.Whole {
		m.dirtyActive(key.Kind)
		return
	}
	if e.active > 0 {
		e.dirty = true
	}
	if kind := m.kindOf(key); kind != nil && kind.active > 0 {
		e.dirty = true
	}
}

// dirtyActive marks the keys of a kind that have an active token. All shards are locked.
func (m *Memory) dirtyActive(kind string) {
	for i := range m.shards {
		for key, e := range m.shards[i].entries {
			if key.Kind == kind && e.active > 0 {
				e.dirty = true
			}
		}
	}
}

// End implements Journal.
func (m *Memory) End(_ context.Context, key Key, token Token, clean bool) error {
	key = canonical(key)
	s := m.lock(key)
	defer m.unlock(s)
	return m.end(s, key, token, clean)
}

// EndMany implements Journal.
func (m *Memory) EndMany(_ context.Context, keys []Key, tokens []Token, clean bool) error {
	mask := m.mask(keys)
	m.lockMask(mask)
	defer m.unlockMask(mask)
	var lost error
	for i, key := range keys {
		key = canonical(key)
		if err := m.end(m.shardOf(key), key, tokens[i], clean); err != nil {
			lost = err
		}
	}
	return lost
}

func (m *Memory) end(s *shard, key Key, token Token, clean bool) error {
	e := s.entries[key]
	if e == nil {
		return ErrTokenLost
	}
	if m.off.SharedTokens {
		e.clearTokens()
		e.dirty = !clean
		m.touch(s, key, e)
		return nil
	}
	h, ok := e.remove(token.ID)
	switch {
	case !ok:
		e.dirty = true
	case !clean:
		e.dirty = true
	case h.copier:
		e.attempts, e.cause = 0, ""
	}
	m.touch(s, key, e)
	if !ok {
		return ErrTokenLost
	}
	return nil
}

// Lookup implements Journal.
func (m *Memory) Lookup(_ context.Context, key Key) (Entry, bool, error) {
	key = canonical(key)
	s := m.lock(key)
	defer m.unlock(s)
	e := s.entries[key]
	if e == nil {
		if e = m.kindOf(key); e == nil {
			return Entry{}, false, nil
		}
		key = Key{Kind: key.Kind, Whole: true}
	}
	return e.export(key, m.now()), true, nil
}
