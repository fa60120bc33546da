package journal

import (
	"context"

	"github.com/dualgen/dualgen/runtime/phase"
)

// Begin implements Journal.
func (m *Memory) Begin(_ context.Context, owner string, key Key, primary phase.Store) (Token, error) {
	p := m.lock(&key)
	e := p.find(&key)
	if e == nil {
		var err error
		if e, err = m.create(p, &key, primary); err != nil {
			m.unlock(p)
			return Token{}, err
		}
	}
	token := m.take(p, e, owner, primary, false)
	token.at = p.at
	m.unlock(p)
	return token, nil
}

// create makes an entry for a key that has none: with its kind's primary, else with the given one.
func (m *Memory) create(p place, key *Key, primary phase.Store) (*entry, error) {
	if kind := m.kindOf(key); kind != nil {
		primary = kind.primary
	}
	if key.Whole && m.opposed(key.Kind, primary) {
		return nil, ErrConflict
	}
	return p.shard.all.create(key, p.hash(), primary), nil
}

// opposed reports whether a key of the kind is unclean with the other primary. All shards are locked.
func (m *Memory) opposed(kind string, primary phase.Store) (found bool) {
	m.eachKey(func(e *entry) { found = found || e.key.Kind == kind && e.primary != primary })
	return found
}

// take hands a token out, and marks what overlaps it.
func (m *Memory) take(p place, e *entry, owner string, primary phase.Store, copier bool) Token {
	if !m.off.NoAdopt {
		primary = e.primary
	}
	if !m.off.NoOverlap {
		m.overlap(&e.key, e)
	}
	e.seq, e.order = p.shard.next(), m.orders.Load()
	id := p.shard.tokenID(e.seq)
	e.add(held{id: id, owner: owner, copier: copier})
	return Token{ID: id, Owner: owner, Primary: primary}
}

// overlap marks the entries dirty on which a new token of the key meets another one.
func (m *Memory) overlap(key *Key, e *entry) {
	if key.Whole {
		m.eachKey(func(e *entry) {
			if e.key.Kind == key.Kind && e.active > 0 {
				m.overlapped(e)
			}
		})
		return
	}
	if e.active > 0 {
		m.overlapped(e)
	}
	if kind := m.kindOf(key); kind != nil && kind.active > 0 {
		m.overlapped(e)
	}
}

// overlapped makes an entry dirty without a doubt: of two calls that overlap it is known what they did.
func (m *Memory) overlapped(e *entry) {
	e.dirty = true
	if e.doubted.IsZero() {
		e.doubted = m.now()
		m.enqueue(e)
	}
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
		p := m.place(&key)
		e := p.find(&key)
		if e == nil {
			e = p.shard.all.create(&key, p.hash(), primary)
		}
		tokens[i] = m.take(p, e, owner, primary, false)
	}
	return tokens, nil
}

// common returns the one primary that all keys can have.
func (m *Memory) common(keys []Key, primary phase.Store) (phase.Store, error) {
	settled := false
	for _, key := range keys {
		found, adopted := m.direction(key)
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
func (m *Memory) direction(key Key) (phase.Store, bool) {
	p := m.place(&key)
	if e := p.find(&key); e != nil {
		return e.primary, true
	}
	if kind := m.kindOf(&key); kind != nil {
		return kind.primary, true
	}
	return 0, false
}

// End implements Journal.
func (m *Memory) End(_ context.Context, key Key, token Token, clean bool) error {
	if token.at != 0 && !key.Whole {
		p := m.placeAt(token.at)
		p.shard.mu.Lock()
		if e := p.find(&key); e != nil {
			err := m.endEntry(p, e, token, clean)
			p.shard.mu.Unlock()
			return err
		}
		p.shard.mu.Unlock() // it is another key's token, or was taken away
	}
	p := m.lock(&key)
	err := m.end(p, &key, token, clean)
	m.unlock(p)
	return err
}

// EndMany implements Journal.
func (m *Memory) EndMany(_ context.Context, keys []Key, tokens []Token, clean bool) error {
	mask := m.mask(keys)
	m.lockMask(mask)
	defer m.unlockMask(mask)
	var lost error
	for i, key := range keys {
		p := m.place(&key)
		if err := m.end(p, &key, tokens[i], clean); err != nil {
			lost = err
		}
	}
	return lost
}

func (m *Memory) end(p place, key *Key, token Token, clean bool) error {
	e := p.find(key)
	if e == nil {
		return ErrTokenLost
	}
	return m.endEntry(p, e, token, clean)
}

// endEntry ends a token on its key's entry.
func (m *Memory) endEntry(p place, e *entry, token Token, clean bool) error {
	if m.off.SharedTokens {
		e.clearTokens()
		e.dirty = !clean
		m.touch(p, e)
		return nil
	}
	h, ok := e.remove(token.ID)
	switch {
	case !ok || !clean:
		e.dirty = true
		m.doubt(e)
	case h.copier:
		e.attempts, e.cause = 0, ""
	}
	m.touch(p, e)
	if !ok {
		return ErrTokenLost
	}
	return nil
}

// Lookup implements Journal.
func (m *Memory) Lookup(_ context.Context, key Key) (Entry, bool, error) {
	p := m.lock(&key)
	defer m.unlock(p)
	e := p.find(&key)
	if e == nil {
		e = m.kindOf(&key)
	}
	if e == nil {
		return Entry{}, false, nil
	}
	return e.export(m.now()), true, nil
}
