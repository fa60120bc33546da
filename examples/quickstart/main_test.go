package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/examples/internal/walk"
	"github.com/dualgen/dualgen/examples/internal/walk/walktest"
)

func TestMain(m *testing.M) {
	walktest.Main(m, func() int { return walk.Main(subject()) })
}

func TestWalkLosesNothing(t *testing.T) {
	output, status := walktest.Run(t, "-packages=400", "-stay=500ms")
	require.Zero(t, status, output)
	assert.Contains(t, output, "The process was killed 2 times. Lost: 0. Diverged: 0.")
}

// A walk that cannot fail proves nothing.
func TestWalkNoticesABrokenRule(t *testing.T) {
	for broken, want := range map[string]string{
		"mirror-lies": `lost [1-9]\d* acknowledged writes`,
		"corruption":  `\b1 packages diverged`,
	} {
		t.Run(broken, func(t *testing.T) {
			output, status := walktest.Run(t, "-packages=400", "-stay=300ms", "-break="+broken)
			require.Equal(t, 1, status, output)
			assert.Regexp(t, want, output)
		})
	}
}

func TestFlagsAreChecked(t *testing.T) {
	for _, arguments := range [][]string{{"-break=nothing"}, {"-nonsense"}, {"extra"}} {
		output, status := walktest.Run(t, arguments...)
		assert.Equal(t, 2, status, output)
	}
	output, status := walktest.Run(t, "-index=missing.gz")
	assert.Equal(t, 1, status)
	assert.Contains(t, output, "missing.gz")
}
