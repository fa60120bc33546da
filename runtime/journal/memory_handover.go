package journal

import "context"

var _ Handover = (*Memory)(nil)

// Handover implements Handover.
func (m *Memory) Handover(_ context.Context, owner string, kind Token, key Key) (Token, error) {
	m.lockAll()
	defer m.unlockAll()
	whole := Key{Kind: key.Kind, Whole: true}
	if err := m.end(m.place(&whole), &whole, kind, true); err != nil {
		return Token{}, err
	}
	p := m.place(&key)
	e := p.find(&key)
	if e == nil {
		var err error
		if e, err = m.create(p, &key, kind.Primary); err != nil {
			return Token{}, err
		}
	}
	return m.take(p, e, owner, kind.Primary, false), nil
}
