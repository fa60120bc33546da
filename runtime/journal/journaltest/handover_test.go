package journaltest_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/journal/journaltest"
)

// handsOver is a journal with another Handover than its own.
type handsOver struct {
	*journal.Memory
	hand func(ctx context.Context, m *journal.Memory, owner string, kind journal.Token, key journal.Key) (journal.Token, error)
}

func (h handsOver) Handover(ctx context.Context, owner string, kind journal.Token, key journal.Key) (journal.Token, error) {
	return h.hand(ctx, h.Memory, owner, kind, key)
}

// The suite notices a Handover that is not one step, or that leaves one of its two halves out.
func TestSuiteFailsBrokenHandovers(t *testing.T) {
	whole := func(key journal.Key) journal.Key { return journal.Key{Kind: key.Kind, Whole: true} }
	for name, hand := range map[string]func(context.Context, *journal.Memory, string, journal.Token, journal.Key) (journal.Token, error){
		"the tokens overlap": func(ctx context.Context, m *journal.Memory, owner string, kind journal.Token, key journal.Key) (journal.Token, error) {
			token, err := m.Begin(ctx, owner, key, kind.Primary)
			return token, errors.Join(err, m.End(ctx, whole(key), kind, true))
		},
		"the kind's token stays": func(ctx context.Context, m *journal.Memory, owner string, kind journal.Token, key journal.Key) (journal.Token, error) {
			return m.Begin(ctx, owner, key, kind.Primary)
		},
		"a lost token is handed over": func(ctx context.Context, m *journal.Memory, owner string, kind journal.Token, key journal.Key) (journal.Token, error) {
			if err := m.End(ctx, whole(key), kind, true); err != nil && !errors.Is(err, journal.ErrTokenLost) {
				return journal.Token{}, err
			}
			return m.Begin(ctx, owner, key, kind.Primary)
		},
		"the kind is cleaned": func(ctx context.Context, m *journal.Memory, owner string, kind journal.Token, key journal.Key) (journal.Token, error) {
			token, err := m.Handover(ctx, owner, kind, key)
			if copied, ok, _ := m.BeginCopy(ctx, owner, whole(key), 0); ok {
				return token, errors.Join(err, m.End(ctx, whole(key), copied, true))
			}
			return token, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, c := range journaltest.Cases() {
				if why := failure(c, handsOver{journal.NewMemory(), hand}); why != "" {
					t.Logf("%s: %s", c.Name, why)
					return
				}
			}
			t.Error("no part of the suite fails")
		})
	}
}

// handsOverMany is a journal with another HandoverMany than its own.
type handsOverMany struct {
	*journal.Memory
	hand func(ctx context.Context, m *journal.Memory, owner string, kind journal.Token, keys []journal.Key) ([]journal.Token, error)
}

func (h handsOverMany) HandoverMany(ctx context.Context, owner string, kind journal.Token, keys []journal.Key) ([]journal.Token, error) {
	return h.hand(ctx, h.Memory, owner, kind, keys)
}

// The suite notices a HandoverMany whose tokens overlap, or that mixes them up, or forgets one.
func TestSuiteFailsBrokenHandoversOfMany(t *testing.T) {
	type hand = func(ctx context.Context, m *journal.Memory, owner string, kind journal.Token, keys []journal.Key) ([]journal.Token, error)
	end := func(ctx context.Context, m *journal.Memory, kind journal.Token, keys []journal.Key) error {
		return m.End(ctx, journal.Key{Kind: keys[0].Kind, Whole: true}, kind, true)
	}
	for name, hand := range map[string]hand{
		"the tokens overlap": func(ctx context.Context, m *journal.Memory, owner string, kind journal.Token, keys []journal.Key) ([]journal.Token, error) {
			tokens, err := m.BeginMany(ctx, owner, keys, kind.Primary)
			return tokens, errors.Join(err, end(ctx, m, kind, keys))
		},
		"the kind's token stays": func(ctx context.Context, m *journal.Memory, owner string, kind journal.Token, keys []journal.Key) ([]journal.Token, error) {
			return m.BeginMany(ctx, owner, keys, kind.Primary)
		},
		"a lost token is handed over": func(ctx context.Context, m *journal.Memory, owner string, kind journal.Token, keys []journal.Key) ([]journal.Token, error) {
			if err := end(ctx, m, kind, keys); err != nil && !errors.Is(err, journal.ErrTokenLost) {
				return nil, err
			}
			return m.BeginMany(ctx, owner, keys, kind.Primary)
		},
		"the tokens are in another order": func(ctx context.Context, m *journal.Memory, owner string, kind journal.Token, keys []journal.Key) ([]journal.Token, error) {
			tokens, err := m.HandoverMany(ctx, owner, kind, keys)
			slices.Reverse(tokens)
			return tokens, err
		},
		"only the first key gets one": func(ctx context.Context, m *journal.Memory, owner string, kind journal.Token, keys []journal.Key) ([]journal.Token, error) {
			token, err := m.Handover(ctx, owner, kind, keys[0])
			return slices.Repeat([]journal.Token{token}, len(keys)), err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, c := range journaltest.Cases() {
				if why := failure(c, handsOverMany{journal.NewMemory(), hand}); why != "" {
					t.Logf("%s: %s", c.Name, why)
					return
				}
			}
			t.Error("no part of the suite fails")
		})
	}
}
