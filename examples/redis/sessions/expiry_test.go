package sessions

import (
	"context"
	"crypto/rand"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/examples/redis/sessions/redisstore"
	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
)

// A session that expires is gone from both servers, by their own clocks; one that was extended stays.
func TestExpiry(t *testing.T) {
	old, new := openPair(t)
	flags := control.NewMemory()
	require.NoError(t, flags.Swap(t.Context(), 0, control.Record{Epoch: 1, Phase: dual.OldPrimary}))
	migration, err := dual.NewMigration(dual.Config{Control: flags})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, migration.Close(context.Background())) })
	both := NewDualSessions(old, new, migration)
	for _, token := range []string{"short", "extended"} {
		require.NoError(t, both.Save(t.Context(), Session{Token: token, User: "Zoë", Roles: []string{"a b"}, Expires: time.Now().Add(2 * time.Second)}))
	}
	require.NoError(t, both.Extend(t.Context(), "extended", time.Now().Add(time.Hour)))

	servertest.Eventually(t, func(c *servertest.Try) {
		_, err := both.Get(t.Context(), "short")
		assert.ErrorIs(c, err, ErrNoSession)
		_, err = old.Get(t.Context(), "short")
		assert.ErrorContains(c, err, "no such session")
		_, err = new.Get(t.Context(), "short")
		assert.ErrorContains(c, err, "no such session")
	}, time.Minute, 50*time.Millisecond)
	assert.ErrorIs(t, both.Extend(t.Context(), "short", time.Now().Add(time.Hour)), ErrNoSession)
	assert.ErrorIs(t, both.Delete(t.Context(), "short"), ErrNoSession)
	for name, get := range map[string]func() error{
		"the wrapper": func() error { _, err := both.Get(t.Context(), "extended"); return err },
		"Redis":       func() error { _, err := old.Get(t.Context(), "extended"); return err },
		"Memcached":   func() error { _, err := new.Get(t.Context(), "extended"); return err },
	} {
		assert.NoError(t, get(), name)
	}
}

// Redis lists at least once what is there all the time, and what it lists may be brought twice.
func TestTokens(t *testing.T) {
	old, _ := openPair(t)
	want := map[string]bool{}
	for range 500 {
		token := rand.Text() + "*[?]\\"
		want[token] = true
		require.NoError(t, old.Save(t.Context(), &redisstore.Session{Token: token, Expires: time.Now().Add(time.Minute).UnixMilli()}))
	}
	got := map[string]bool{}
	for cursor := ""; ; {
		tokens, next, err := old.Tokens(t.Context(), cursor, 7)
		require.NoError(t, err)
		for _, token := range tokens {
			got[token] = true
		}
		if cursor = next; next == "" {
			break
		}
	}
	assert.Equal(t, want, got)
	for token := range got {
		require.NoError(t, old.Delete(t.Context(), token))
	}
}
