package journaltest_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/journal/journaltest"
	"github.com/dualgen/dualgen/runtime/phase"
)

// unseen is a journal whose BeginAgreed takes tokens that no token on the whole kind meets. Unless blind, it is Watching and
// marks their keys.
type unseen struct {
	*journal.Memory
	blind bool

	mu     sync.Mutex
	tokens map[uint64]bool
	called []journal.Key
}

func (u *unseen) BeginAgreed(ctx context.Context, owner string, key journal.Key, primary phase.Store) (journal.Token, error) {
	token, err := u.Memory.Begin(ctx, owner, journal.Key{Kind: "elsewhere", ID: key.ID}, primary)
	u.mu.Lock()
	defer u.mu.Unlock()
	u.tokens[token.ID] = true
	u.called = append(u.called, key)
	return token, err
}

func (u *unseen) BeginWatching(ctx context.Context, owner string, kind journal.Key, primary phase.Store) (journal.Token, error) {
	return u.Memory.Begin(ctx, owner, kind, primary)
}

func (u *unseen) End(ctx context.Context, key journal.Key, token journal.Token, clean bool) error {
	u.mu.Lock()
	elsewhere, called := u.tokens[token.ID], u.called
	u.mu.Unlock()
	switch {
	case elsewhere:
		return u.Memory.End(ctx, journal.Key{Kind: "elsewhere", ID: key.ID}, token, clean)
	case key.Whole && clean && !u.blind:
		if err := u.MarkDirty(ctx, called, token.Primary); err != nil {
			return err
		}
	}
	return u.Memory.End(ctx, key, token, clean)
}

func TestSuiteFailsBlindAgreement(t *testing.T) {
	failures := func(blind bool) (names []string) {
		for _, c := range journaltest.Cases() {
			if why := failure(c, &unseen{Memory: journal.NewMemory(), blind: blind, tokens: map[uint64]bool{}}); why != "" {
				t.Logf("blind %v: %s: %s", blind, c.Name, why)
				names = append(names, c.Name)
			}
		}
		return names
	}
	require.Empty(t, failures(false))
	require.Contains(t, failures(true), "a call that comes and goes under a listed write makes its key dirty")
}
