package journal

import "context"

var (
	_ Handover     = (*Memory)(nil)
	_ HandoverMany = (*Memory)(nil)
)

// Handover implements Handover.
func (m *Memory) Handover(ctx context.Context, owner string, kind Token, key Key) (Token, error) {
	tokens, err := m.HandoverMany(ctx, owner, kind, []Key{key})
	if err != nil {
		return Token{}, err
	}
	return tokens[0], nil
}

// HandoverMany implements HandoverMany.
func (m *Memory) HandoverMany(_ context.Context, owner string, kind Token, keys []Key) ([]Token, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	m.lockAll()
	defer m.unlockAll()
	whole := Key{Kind: keys[0].Kind, Whole: true}
	if err := m.end(m.place(&whole), &whole, kind, true); err != nil {
		return nil, err
	}
	tokens := make([]Token, len(keys))
	for i, key := range keys {
		p := m.place(&key)
		e := p.find(&key)
		if e == nil {
			var err error
			if e, err = m.create(p, &key, kind.Primary); err != nil {
				return nil, err
			}
		}
		tokens[i] = m.take(p, e, owner, kind.Primary, false)
	}
	return tokens, nil
}
