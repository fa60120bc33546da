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
	_, _, err := servers()
	require.NoError(t, err)
	output, status := walktest.Run(t, "-packages=400", "-stay=500ms")
	require.Zero(t, status, output)
	assert.Contains(t, output, "The process was killed 2 times. Lost: 0. Diverged: 0.")
}
