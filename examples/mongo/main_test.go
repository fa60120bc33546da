package main

import (
	"flag"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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
	_, _, err := servers()
	require.NoError(t, err)
	output, status := walktest.Run(t, "-packages=60", "-stay=300ms", "-kills="+strconv.Itoa(*kills))
	require.Zero(t, status, output)
	assert.Contains(t, output, "Lost: 0. Diverged: 0.")
	assert.Contains(t, output, "audit: new store, the ledger")
}

// A check that cannot fail proves nothing.
func TestWalkFindsWhatIsWrong(t *testing.T) {
	for broken, want := range map[string]string{
		"corruption": `\b[12] packages diverged`,
	} {
		t.Run(broken, func(t *testing.T) {
			t.Parallel()
			output, status := walktest.Run(t, "-packages=60", "-stay=200ms", "-break="+broken)
			require.Equal(t, 1, status, output)
			assert.Regexp(t, want, output)
		})
	}
}
