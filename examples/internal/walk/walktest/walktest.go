// Package walktest runs an example's program in its tests.
package walktest

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"testing"
)

// asMain makes the test binary be the program, which starts itself a second time to be killed.
const asMain = "DUALGEN_TEST_WALK"

// Main is what TestMain calls. program is the example's main function, and returns its status.
func Main(m *testing.M, program func() int) {
	if os.Getenv(asMain) != "" {
		os.Exit(program())
	}
	os.Exit(m.Run())
}

// Run runs the program and returns what it printed and its status.
func Run(t *testing.T, arguments ...string) (output string, status int) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), program, arguments...)
	command.Env = append(os.Environ(), asMain+"=yes")
	var both bytes.Buffer
	command.Stdout, command.Stderr = &both, &both
	var exit *exec.ExitError
	if err := command.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return both.String(), command.ProcessState.ExitCode()
}
