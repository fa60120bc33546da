package main

import (
	"flag"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/examples/internal/place"
	"github.com/dualgen/dualgen/examples/internal/walk"
	"github.com/dualgen/dualgen/examples/internal/walk/walktest"
)

// kills is how often the process is killed; 50 takes some minutes.
var kills = flag.Int("kills", 10, "kill the process so often, and once more")

func TestMain(m *testing.M) {
	walktest.Main(m, func() int { return walk.Main(subject()) })
}

func TestWalkLosesNothing(t *testing.T) {
	t.Parallel() // a walk waits more than it works
	for _, variable := range []string{"DUALGEN_REDIS", "DUALGEN_MEMCACHED"} {
		_, err := place.Server(variable, "redis memcached")
		require.NoError(t, err)
	}
	output, status := walktest.Run(t, "-packages=150", "-stay=300ms", "-kills="+strconv.Itoa(*kills))
	require.Zero(t, status, output)
	assert.Contains(t, output, "Lost: 0. Diverged: 0.")
	assert.Contains(t, output, "audit: old store, the ledger")
}

// Redis, with each write on its disk before it is answered, is killed and started again in each phase, there and back. Memcached keeps
// nothing, and is not: what it alone is asked for would be lost.
func TestWalkOutlivesItsStore(t *testing.T) {
	server := walktest.StartServer(t, "../../scripts", "redis", "--appendfsync", "always")
	server.KillDuring(t)
	t.Setenv("DUALGEN_REDIS", "redis://127.0.0.1:"+server.Port+"/0")
	output, status := walktest.Run(t, "-packages=150", "-stay=400ms")
	require.Zero(t, status, output)
	assert.Contains(t, output, "Lost: 0. Diverged: 0.")
	assert.GreaterOrEqual(t, server.Kills.Load(), int64(10), output)
	t.Logf("%d kills of Redis\n%s", server.Kills.Load(), output)
}

// A check that cannot fail proves nothing.
func TestWalkFindsWhatIsWrong(t *testing.T) {
	for broken, want := range map[string]string{
		"corruption": `\b[12] packages diverged`,
		"stale":      `lost [1-9]\d* acknowledged writes`,
	} {
		t.Run(broken, func(t *testing.T) {
			t.Parallel()
			output, status := walktest.Run(t, "-packages=250", "-stay=200ms", "-break="+broken)
			require.Equal(t, 1, status, output)
			assert.Regexp(t, want, output)
		})
	}
}
