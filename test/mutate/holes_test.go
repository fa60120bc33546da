package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestHoles switches each rule of the list off, by a change of its source alone, and runs the test that must fail then.
func TestHoles(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, hole := range holes {
		t.Run(hole.rule, func(t *testing.T) { hole.tried(t, root) })
	}
}

func (h hole) tried(t *testing.T, root string) {
	dir := t.TempDir()
	path := filepath.Join(root, "runtime", h.file)
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(source), h.old); n != 1 {
		t.Fatalf("the change no longer applies: its old text occurs %d times in %s. Write the change anew, so that it switches the rule off.", n, path)
	}
	changed := filepath.Join(dir, "changed.go")
	if err := os.WriteFile(changed, []byte(strings.Replace(string(source), h.old, h.new, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	overlay, err := writeOverlay(dir, map[string]string{path: changed})
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(dir, "changed.test")
	build := exec.Command("go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", binary, "./runtime/"+h.tests)
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("the change does not compile: %v\n%s", err, out)
	}
	one := &test{binary: binary, dir: filepath.Join(root, "runtime", h.tests), name: h.test}
	_, err = runTests([]*test{one}, 5*time.Minute)
	switch {
	case err == nil:
		t.Fatalf("%s does not notice that the rule is off", h.test)
	case errors.Is(err, errLate), strings.Contains(err.Error(), h.test):
		t.Log(err)
	default:
		t.Fatal(err)
	}
}
