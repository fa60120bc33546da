package sessions

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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
