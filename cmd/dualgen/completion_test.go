package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestBashCompletion asks bash what it offers.
func TestBashCompletion(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "users", "u.go"), "package users\n")
	_, script, _ := call(t, dir, nil, "completion", "bash")
	for line, want := range map[string]string{
		"dualgen ex":            "explain",
		"dualgen completion z":  "zsh",
		"dualgen help ver":      "version",
		"dualgen explain -j":    "-json",
		"dualgen check u":       "users",
		"dualgen generate -":    "-tags -v",
		"dualgen version whate": "",
	} {
		words := strings.Fields(line)
		command := exec.CommandContext(t.Context(), "bash", "-c", script+"\nCOMP_WORDS=("+line+"); COMP_CWORD="+string('0'+rune(len(words)-1))+"; _dualgen; echo -n ${COMPREPLY[@]}")
		command.Dir = dir
		output, err := command.Output()
		if err != nil || string(output) != want {
			t.Errorf("%s: got %q, %v; want %q", line, output, err, want)
		}
	}
}
