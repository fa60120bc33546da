package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/examples/internal/walk"
)

// asMain makes the test binary be the program, which starts itself a second time to be killed.
const asMain = "DUALGEN_TEST_QUICKSTART"

func TestMain(m *testing.M) {
	if os.Getenv(asMain) != "" {
		os.Exit(walk.Main(subject()))
	}
	os.Exit(m.Run())
}

// quickstart runs the program and returns what it printed and its status.
func quickstart(t *testing.T, arguments ...string) (string, int) {
	program, err := os.Executable()
	require.NoError(t, err)
	command := exec.CommandContext(t.Context(), program, arguments...)
	command.Env = append(os.Environ(), asMain+"=yes")
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	err = command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		require.NoError(t, err)
	}
	return output.String(), command.ProcessState.ExitCode()
}

func TestWalkLosesNothing(t *testing.T) {
	output, status := quickstart(t, "-packages=400", "-stay=500ms")
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
			output, status := quickstart(t, "-packages=400", "-stay=300ms", "-break="+broken)
			require.Equal(t, 1, status, output)
			assert.Regexp(t, want, output)
		})
	}
}

func TestFlagsAreChecked(t *testing.T) {
	for _, arguments := range [][]string{{"-break=nothing"}, {"-nonsense"}, {"extra"}} {
		output, status := quickstart(t, arguments...)
		assert.Equal(t, 2, status, output)
	}
	output, status := quickstart(t, "-index=missing.gz")
	assert.Equal(t, 1, status)
	assert.Contains(t, output, "missing.gz")
}
