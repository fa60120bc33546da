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
const asMain = "DUALGEN_TEST_CATALOG"

func TestMain(m *testing.M) {
	if os.Getenv(asMain) != "" {
		os.Exit(walk.Main(subject()))
	}
	os.Exit(m.Run())
}

// catalogWalk runs the program and returns what it printed and its status.
func catalogWalk(t *testing.T, arguments ...string) (string, int) {
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
	for _, variable := range []string{"DUALGEN_POSTGRES", "DUALGEN_CASSANDRA"} {
		_, err := server(variable)
		require.NoError(t, err)
	}
	output, status := catalogWalk(t, "-packages=400", "-stay=500ms")
	require.Zero(t, status, output)
	assert.Contains(t, output, "The process was killed 2 times. Lost: 0. Diverged: 0.")
}
