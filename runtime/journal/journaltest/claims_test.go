package journaltest_test

import (
	"context"
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/journal/journaltest"
	"github.com/dualgen/dualgen/runtime/phase"
)

// claimsSo is a journal with other Claims than its own.
type claimsSo struct {
	*journal.Memory
	claim func(ctx context.Context, m *journal.Memory, owner string, key journal.Key, idle time.Duration) (journal.Token, bool, error)
}

func (c claimsSo) BeginCopies(ctx context.Context, owner string, keys []journal.Key, idle time.Duration) ([]journal.Token, error) {
	tokens := make([]journal.Token, len(keys))
	for i, key := range keys {
		token, ok, err := c.claim(ctx, c.Memory, owner, key, idle)
		if err != nil {
			return nil, err
		}
		if ok {
			tokens[i] = token
		}
	}
	return tokens, nil
}

// The suite notices Claims that leave out one of a claim's conditions.
func TestSuiteFailsBrokenClaims(t *testing.T) {
	for name, claim := range map[string]func(context.Context, *journal.Memory, string, journal.Key, time.Duration) (journal.Token, bool, error){
		"no window": func(ctx context.Context, m *journal.Memory, owner string, key journal.Key, _ time.Duration) (journal.Token, bool, error) {
			return m.BeginCopy(ctx, owner, key, 0)
		},
		"whatever is unclean": func(ctx context.Context, m *journal.Memory, owner string, key journal.Key, idle time.Duration) (journal.Token, bool, error) {
			if _, unclean, err := m.Lookup(ctx, key); err != nil || !unclean || idle > 0 {
				return m.BeginCopy(ctx, owner, key, idle)
			}
			token, err := m.Begin(ctx, owner, key, phase.Old)
			return token, err == nil, err
		},
		"a token for nothing": func(ctx context.Context, m *journal.Memory, owner string, key journal.Key, idle time.Duration) (journal.Token, bool, error) {
			token, ok, err := m.BeginCopy(ctx, owner, key, idle)
			if !ok {
				return journal.Token{ID: 1, Owner: owner}, true, err
			}
			return token, ok, err
		},
		"a primary of its own": func(ctx context.Context, m *journal.Memory, owner string, key journal.Key, idle time.Duration) (journal.Token, bool, error) {
			token, ok, err := m.BeginCopy(ctx, owner, key, idle)
			token.Primary = phase.Old
			return token, ok, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, c := range journaltest.Cases() {
				if why := failure(c, claimsSo{journal.NewMemory(), claim}); why != "" {
					t.Logf("%s: %s", c.Name, why)
					return
				}
			}
			t.Error("no part of the suite fails")
		})
	}
}
