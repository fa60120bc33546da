package sessions

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/examples/redis/sessions/memstore"
	"github.com/dualgen/dualgen/examples/redis/sessions/redisstore"
	"github.com/dualgen/dualgen/internal/servertest"
)

func TestMain(m *testing.M) { servertest.FewChecks(m, 25) }

// Redis, Memcached and the wrapper over them give equal results, whatever is called in whatever phase.
func TestConformance(t *testing.T) {
	RunSessionsConformance(t, openPair)
}

// openPair opens two stores that are empty, since nobody else has their prefix.
func openPair(t *testing.T) (*redisstore.Store, *memstore.Store) {
	old, err := redisstore.Open(servertest.Redis(t))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, old.Close()) })
	new := memstore.Open(servertest.Memcached(t))
	t.Cleanup(func() { assert.NoError(t, new.Close()) })
	return old, new
}

// someExpiry draws moments that do not come while the test runs: a session that expires in the midst of it is gone, as it should be.
// Some are beyond 2038, where Memcached's own clock ends.
func someExpiry(t *rapid.T) time.Time {
	const hour, century = 3_600_000, 100 * 365 * 24 * 3_600_000 // ms
	ahead := rapid.Int64Range(hour, 24*hour).Draw(t, "ahead")
	if rapid.Bool().Draw(t, "late") {
		ahead = rapid.Int64Range(24*hour, 70*century).Draw(t, "far ahead")
	}
	return time.UnixMilli(time.Now().UnixMilli() + ahead).UTC()
}
