package journaltest

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// model is a journal as the interface describes it, in the plainest form.
type model struct {
	entries map[journal.Key]*modelEntry
	held    []modelToken // every token ever handed out
}

type modelEntry struct {
	primary     phase.Store
	tokens      map[uint64]bool // by the real journal's id: whether it is a copy's
	dirty       bool
	attempts    int
	quarantined bool
}

type modelToken struct {
	key   journal.Key
	token journal.Token
}

func newModel() *model { return &model{entries: make(map[journal.Key]*modelEntry)} }

func (m *model) describe(k journal.Key) string {
	e := m.entries[k]
	if e == nil && !k.Whole {
		k = whole
		e = m.entries[k]
	}
	if e == nil {
		return "clean"
	}
	return fmt.Sprintf("%v: %v %d %v %d %v", k, e.primary, len(e.tokens), e.dirty, e.attempts, e.quarantined)
}

// step makes a random call on both, and compares what they return.
func (m *model) step(s *script, random *rand.Rand, keys []journal.Key) string {
	k := keys[random.IntN(len(keys))]
	primary := phase.Store(random.IntN(2))
	switch random.IntN(10) {
	case 0, 1:
		return m.stepBegin(s, k, primary)
	case 2:
		return m.stepMark(s, k, primary)
	case 3, 4, 5:
		return m.stepCopy(s, k)
	}
	if len(m.held) == 0 {
		return "nothing"
	}
	i := random.IntN(len(m.held))
	h := m.held[i]
	if random.IntN(8) > 0 { // else it stays, to be ended twice
		m.held = slices.Delete(m.held, i, i+1)
	}
	if random.IntN(4) == 0 {
		return m.stepFail(s, h)
	}
	return m.stepEnd(s, h, random.IntN(3) > 0)
}

func (m *model) compare(s *script, what string, got, want error) string {
	s.Helper()
	if !sameError(got, want) {
		s.Fatalf("%s: the error is %v, and in the model %v", what, got, want)
	}
	return what
}

// direction is the primary that a key would get, or ErrConflict.
func (m *model) direction(k journal.Key, primary phase.Store) (phase.Store, error) {
	if e := m.entries[k]; e != nil {
		return e.primary, nil
	}
	if kind := m.entries[whole]; kind != nil {
		return kind.primary, nil
	}
	if k.Whole {
		for _, e := range m.entries {
			if e.primary != primary {
				return primary, journal.ErrConflict
			}
		}
	}
	return primary, nil
}

func (m *model) entry(k journal.Key, primary phase.Store) *modelEntry {
	if m.entries[k] == nil {
		m.entries[k] = &modelEntry{primary: primary, tokens: make(map[uint64]bool)}
	}
	return m.entries[k]
}

func (m *model) take(k journal.Key, e *modelEntry, token journal.Token, copies bool) {
	if !k.Whole && len(e.tokens) > 0 {
		e.dirty = true
	}
	if kind := m.entries[whole]; !k.Whole && kind != nil && len(kind.tokens) > 0 {
		e.dirty = true
	}
	if k.Whole {
		for other := range maps.Values(m.entries) {
			if other != e && len(other.tokens) > 0 {
				other.dirty = true
			}
		}
	}
	e.tokens[token.ID] = copies
	m.held = append(m.held, modelToken{k, token})
}

func (m *model) stepBegin(s *script, k journal.Key, primary phase.Store) string {
	want, wantErr := m.direction(k, primary)
	token, err := s.j.Begin(ctx, "x", k, primary)
	what := m.compare(s, fmt.Sprintf("Begin(%v, %v)", k, primary), err, wantErr)
	if err != nil {
		return what
	}
	if token.Primary != want {
		s.Errorf("%s: the token's primary is %v, and in the model %v", what, token.Primary, want)
	}
	m.take(k, m.entry(k, want), token, false)
	return what
}

func (m *model) stepMark(s *script, k journal.Key, primary phase.Store) string {
	want, wantErr := m.direction(k, primary)
	err := s.j.MarkDirty(ctx, []journal.Key{k}, primary)
	what := m.compare(s, fmt.Sprintf("MarkDirty(%v, %v)", k, primary), err, wantErr)
	if err != nil {
		return what
	}
	e := m.entry(k, want)
	e.dirty = true
	if e.quarantined {
		e.quarantined, e.attempts = false, 0
	}
	return what
}

func (m *model) stepCopy(s *script, k journal.Key) string {
	e, kind := m.entries[k], m.entries[whole]
	want := e != nil && e.dirty && len(e.tokens) == 0 && !e.quarantined && (k.Whole || kind == nil || len(kind.tokens) == 0)
	token, ok, err := s.j.BeginCopy(ctx, "x", k, 0)
	what := m.compare(s, fmt.Sprintf("BeginCopy(%v)", k), err, nil)
	if ok != want {
		s.Fatalf("%s returns %v, and in the model %v", what, ok, want)
	}
	if ok {
		e.dirty = false
		m.take(k, e, token, true)
	}
	return what
}

// giveUp takes a token back in the model. It returns the entry and whether the token was a copy's.
func (m *model) giveUp(h modelToken) (e *modelEntry, copies bool, err error) {
	e = m.entries[h.key]
	if e == nil {
		return nil, false, journal.ErrTokenLost
	}
	copies, ok := e.tokens[h.token.ID]
	if !ok {
		e.dirty = true
		return nil, false, journal.ErrTokenLost
	}
	delete(e.tokens, h.token.ID)
	return e, copies, nil
}

func (m *model) stepEnd(s *script, h modelToken, clean bool) string {
	e, copies, wantErr := m.giveUp(h)
	what := m.compare(s, fmt.Sprintf("End(%v, %d, %v)", h.key, h.token.ID, clean), s.j.End(ctx, h.key, h.token, clean), wantErr)
	if e == nil {
		return what
	}
	if !clean {
		e.dirty = true
	} else if copies {
		e.attempts = 0
	}
	if !e.dirty && len(e.tokens) == 0 {
		delete(m.entries, h.key)
	}
	return what
}

func (m *model) stepFail(s *script, h modelToken) string {
	e, _, wantErr := m.giveUp(h)
	what := m.compare(s, fmt.Sprintf("Fail(%v, %d)", h.key, h.token.ID), s.j.Fail(ctx, h.key, h.token, "cause", 3), wantErr)
	if e == nil {
		return what
	}
	e.dirty = true
	e.attempts++
	e.quarantined = e.attempts >= 3
	return what
}
