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
	for _, variable := range []string{"DUALGEN_POSTGRES", "DUALGEN_DYNAMO"} {
		_, err := place.Server(variable, servers)
		require.NoError(t, err)
	}
	output, status := walktest.Run(t, "-packages=150", "-stay=300ms", "-kills="+strconv.Itoa(*kills))
	require.Zero(t, status, output)
	assert.Contains(t, output, "Lost: 0. Diverged: 0.")
	assert.Contains(t, output, "audit: new store, the ledger")
}

// DynamoDB's server is killed and started again in each phase, while Postgres holds the journal.
func TestWalkOutlivesItsStore(t *testing.T) {
	server := walktest.StartServer(t, "../../scripts", "dynalite")
	server.KillDuring(t)
	t.Setenv("DUALGEN_DYNAMO", "http://127.0.0.1:"+server.Port)
	output, status := walktest.Run(t, "-packages=150", "-stay=300ms")
	require.Zero(t, status, output)
	assert.Contains(t, output, "Lost: 0. Diverged: 0.")
	assert.GreaterOrEqual(t, server.Kills.Load(), int64(10), output)
	t.Logf("%d kills of dynalite\n%s", server.Kills.Load(), output)
}

// A check that cannot fail proves nothing.
func TestWalkFindsWhatIsWrong(t *testing.T) {
	for broken, want := range map[string]string{
		"corruption": `\b[12] packages diverged`,
	} {
		t.Run(broken, func(t *testing.T) {
			t.Parallel()
			output, status := walktest.Run(t, "-packages=400", "-stay=200ms", "-break="+broken)
			require.Equal(t, 1, status, output)
			assert.Regexp(t, want, output)
		})
	}
}
