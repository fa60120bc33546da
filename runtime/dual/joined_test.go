package dual_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// joining is a journal that leaves its tokens to the primary's transaction.
type joining struct {
	*journal.Memory
	mu    sync.Mutex
	last  uint64
	taken map[uint64]journal.Token // by the store, under the ids that BeginAgreed promised
}

func (j *joining) BeginAgreed(ctx context.Context, owner string, key journal.Key, primary phase.Store) (journal.Token, error) {
	joint := journal.JointOf(ctx)
	if joint == nil {
		return j.Memory.Begin(ctx, owner, key, primary)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.last++
	token := journal.Token{ID: 1<<60 + j.last, Owner: owner, Primary: primary}
	joint.Fill("take the token", token, key)
	return token, nil
}

// transaction is what a store that joins does first in its own transaction.
func (j *joining) transaction(ctx context.Context, _ string) error {
	_, args, ok := journal.Statement(ctx)
	if !ok {
		return nil
	}
	promised := args[0].(journal.Token)
	token, err := j.Memory.Begin(ctx, promised.Owner, args[1].(journal.Key), promised.Primary)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.taken[promised.ID] = token
	return err
}

func (j *joining) End(ctx context.Context, key journal.Key, token journal.Token, clean bool) error {
	j.mu.Lock()
	taken, ok := j.taken[token.ID]
	j.mu.Unlock()
	switch {
	case ok:
		token = taken
	case token.ID > 1<<60:
		return journal.ErrTokenLost
	}
	return j.Memory.End(ctx, key, token, clean)
}

// A store that joins takes the token in its own transaction, before the mirror is written. One that was said to join and
// does not leaves a write that the journal never heard of: its parity is void, and its key marked.
func TestJoinedToken(t *testing.T) {
	for _, joins := range []bool{true, false} {
		t.Run(map[bool]string{true: "the store joins", false: "the store forgets to"}[joins], func(t *testing.T) {
			ctx := context.Background()
			j := &joining{Memory: journal.NewMemory(), taken: make(map[uint64]journal.Token)}
			g := newGround(t, func(c *dual.Config) { c.Journal, c.Joins = j, [2]bool{true, false} })
			g.set(dual.OldPrimary, dual.Settings{})
			if joins {
				g.old.fail(j.transaction)
			}
			held := 0
			g.new.fail(func(context.Context, string) error { held = len(g.unclean()); return nil })
			err := g.notes.Put(ctx, note{"k", "text"})
			assert.Equal(t, g.old.content(), g.new.content())
			record, loadErr := g.control.Load(ctx)
			require.NoError(t, loadErr)
			if joins {
				require.NoError(t, err)
				assert.Equal(t, 1, held, "the token is there when the mirror is written")
				assert.Empty(t, g.unclean())
				assert.Zero(t, record.Voids)
				g.new.fail(func(context.Context, string) error { return errBroken })
				require.NoError(t, g.notes.Put(ctx, note{"k", "next"}))
				require.Len(t, g.unclean(), 1, "a mirror that fails leaves the key dirty")
				return
			}
			require.ErrorIs(t, err, dual.ErrUnknown)
			assert.Zero(t, held)
			require.Eventually(t, func() bool {
				record, err := g.control.Load(ctx)
				return err == nil && record.ParityVoid && len(g.unclean()) == 1
			}, enough, time.Millisecond)
		})
	}
}
