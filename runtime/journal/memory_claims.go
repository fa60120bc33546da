package journal

import (
	"context"
	"time"
)

var _ Claims = (*Memory)(nil)

// BeginCopies implements Claims.
func (m *Memory) BeginCopies(_ context.Context, owner string, keys []Key, idle time.Duration) ([]Token, error) {
	mask := m.mask(keys)
	m.lockMask(mask)
	defer m.unlockMask(mask)
	tokens := make([]Token, len(keys))
	for i, key := range keys {
		if token, ok := m.claim(m.place(&key), &key, owner, idle); ok {
			tokens[i] = token
		}
	}
	return tokens, nil
}

// claim is BeginCopy of a key whose shard is locked.
func (m *Memory) claim(p place, key *Key, owner string, idle time.Duration) (Token, bool) {
	e := p.find(key)
	if e == nil || !e.dirty || e.active > 0 || e.quarantined {
		return Token{}, false
	}
	if idle > 0 && m.now().Sub(e.doubted) < idle && !m.off.NoClaimSettle {
		return Token{}, false
	}
	if kind := m.kindOf(key); kind != nil && kind.active > 0 {
		return Token{}, false
	}
	e.dirty = false
	return m.take(p, e, owner, e.primary, true), true
}
