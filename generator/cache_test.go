package generator

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dualgen/dualgen/generator/internal/cache"
	"github.com/dualgen/dualgen/generator/internal/source"
)

// cached is a configuration with a cache of its own.
func cached(t *testing.T, dir, cacheDir string) Config {
	t.Helper()
	return Config{Dir: dir, Env: append(os.Environ(), cache.Variable+"="+cacheDir)}
}

// isFresh reports whether a run would load nothing.
func isFresh(t *testing.T, config Config) bool {
	t.Helper()
	full, err := source.Config(config).Complete()
	if err != nil {
		t.Fatal(err)
	}
	return cache.Open(&full).Fresh()
}

// TestCacheSeesEveryChange: whatever a run depends on makes it run again, the output included; nothing else does.
func TestCacheSeesEveryChange(t *testing.T) {
	dir, store := checkInput(t), t.TempDir()
	config := cached(t, dir, store)
	update := func() {
		t.Helper()
		if _, err := Update(t.Context(), config); err != nil {
			t.Fatal(err)
		}
	}
	update()
	if !isFresh(t, config) {
		t.Fatal("nothing changed, and yet it is not fresh")
	}
	for _, name := range []string{"p.go", "q/q.go", "users_dual.go", "go.mod", "go.sum"} {
		file := filepath.Join(dir, name)
		before := readFile(t, file)
		comment := "\n// edited\n"
		if name == "go.sum" {
			comment = "\n"
		}
		writeFile(t, file, []byte(before+comment))
		if isFresh(t, config) {
			t.Errorf("%s changed, and yet it is fresh", name)
		}
		writeFile(t, file, []byte(before))
		if !isFresh(t, config) {
			t.Errorf("%s is as it was, and yet it is not fresh", name)
		}
	}
	other := config
	other.Env = append(config.Env[:len(config.Env):len(config.Env)], "GOFLAGS=-tags=other")
	if isFresh(t, other) {
		t.Error("GOFLAGS changed, and yet it is fresh")
	}
	writeFile(t, filepath.Join(dir, "p_test.go"), []byte("package p\n"))
	if !isFresh(t, config) {
		t.Error("a test of the user's makes it run again")
	}
	output := filepath.Join(dir, "users_dual.go")
	good := readFile(t, output)
	writeFile(t, output, []byte(strings.Replace(good, "Get", "Got", 1)))
	update()
	if readFile(t, output) != good {
		t.Error("an edited output stays")
	}
}

// TestBadCacheDoesNotFail: a corrupt cache, one that cannot be written, and none at all.
func TestBadCacheDoesNotFail(t *testing.T) {
	dir, store := checkInput(t), t.TempDir()
	if _, err := Update(t.Context(), cached(t, dir, store)); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(store)
	if err != nil || len(entries) != 1 {
		t.Fatalf("%v %v", entries, err)
	}
	writeFile(t, filepath.Join(store, entries[0].Name()), []byte("corrupt"))
	file := filepath.Join(t.TempDir(), "file")
	writeFile(t, file, nil)
	for _, where := range []string{store, filepath.Join(file, "below"), "off"} {
		if isFresh(t, cached(t, dir, where)) {
			t.Errorf("%s is fresh", where)
		}
		if _, err := Update(t.Context(), cached(t, dir, where)); err != nil {
			t.Errorf("%s: %v", where, err)
		}
	}
}

// TestBuildID: this program, which the go command has just built, is known without being read; one without an ID of the go
// command's is not.
func TestBuildID(t *testing.T) {
	for want, args := range map[bool][]string{true: nil, false: {"-ldflags=-buildid=redacted"}} {
		dir := t.TempDir()
		writeFile(t, filepath.Join(dir, "main.go"), []byte("package main\n\nfunc main() {}\n"))
		build := exec.Command("go", slices.Concat([]string{"build", "-o", "program"}, args, []string{"main.go"})...)
		build.Dir = dir
		if output, err := build.CombinedOutput(); err != nil {
			t.Fatalf("go build: %v\n%s", err, output)
		}
		program, err := os.Open(filepath.Join(dir, "program"))
		if err != nil {
			t.Fatal(err)
		}
		defer program.Close()
		if id := cache.BuildID(program); (id != nil) != want {
			t.Errorf("built with %v: the ID is %q", args, id)
		}
	}
}
