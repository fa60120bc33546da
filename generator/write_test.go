package generator

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dualgen/dualgen/generator/internal/cache"
)

// killedWriter makes the test binary write until it is killed.
const killedWriter = "DUALGEN_TEST_WRITER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(killedWriter); dir != "" {
		writeForever(dir)
	}
	if err := os.Setenv(cache.Variable, "off"); err != nil { // tests of the cache name one of their own
		panic(err)
	}
	os.Exit(m.Run())
}

// versionOf is the content of a file in one version: long enough that a write takes time.
func versionOf(n int) []byte {
	return bytes.Repeat(fmt8(n), 1<<15)
}

// fmt8 writes a number in eight characters.
func fmt8(n int) []byte {
	text := strconv.Itoa(n)
	return []byte(strings.Repeat("0", 7-len(text)) + text + "\n")
}

// writeForever writes two files in one version after the other.
func writeForever(dir string) {
	for n := 1; ; n++ {
		_, err := Write([]File{{Path: filepath.Join(dir, "a.go"), Source: versionOf(n)}, {Path: filepath.Join(dir, "b.go"), Source: versionOf(n)}})
		if err != nil {
			os.Exit(3)
		}
	}
}

// TestKilledWriteLeavesWholeFiles kills a writing process again and again: every file is whole, old or new.
func TestKilledWriteLeavesWholeFiles(t *testing.T) {
	dir := t.TempDir()
	for round := range 12 {
		command := exec.Command(os.Args[0], "-test.run=^$")
		command.Env = append(os.Environ(), killedWriter+"="+dir)
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(20+7*round) * time.Millisecond)
		if err := command.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := command.Wait(); err == nil || command.ProcessState.ExitCode() == 3 {
			t.Fatalf("the writer was not killed: %v", err)
		}
		for _, name := range []string{"a.go", "b.go"} {
			checkWhole(t, filepath.Join(dir, name))
		}
	}
}

// checkWhole reports a file that is not exactly one version.
func checkWhole(t *testing.T, name string) {
	t.Helper()
	content, err := os.ReadFile(name)
	if os.IsNotExist(err) {
		return // killed before the first rename
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(content) != 8<<15 {
		t.Fatalf("%s has %d bytes", name, len(content))
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(content[:8])))
	if err != nil || !bytes.Equal(content, versionOf(n)) {
		t.Fatalf("%s is a mixture of versions", name)
	}
}

// TestWriteAllOrNothing: a file that cannot be written keeps the others from being written.
func TestWriteAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	good, inTheWay := filepath.Join(dir, "a.go"), filepath.Join(dir, "b")
	for _, name := range []string{good, inTheWay} {
		if err := os.WriteFile(name, []byte("old"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	changed, err := Write([]File{{Path: good, Source: []byte("new")}, {Path: filepath.Join(inTheWay, "b.go"), Source: []byte("new")}})
	if err == nil || len(changed) != 0 {
		t.Fatalf("want an error and no change, got %v, %v", changed, err)
	}
	if !strings.Contains(err.Error(), "-out") {
		t.Errorf("the error names no remedy: %v", err)
	}
	if got := readFile(t, good); got != "old" {
		t.Errorf("a.go is %q", got)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".dualgen-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("temporary files are left: %v %v", left, err)
	}
}

// TestReadOnlyOutput: a read-only file or folder is refused, whoever runs it.
func TestReadOnlyOutput(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a.go")
	if err := os.WriteFile(name, []byte("old"), 0o444); err != nil {
		t.Fatal(err)
	}
	if _, err := Write([]File{{Path: name, Source: []byte("new")}}); err == nil || !strings.Contains(err.Error(), "read-only") {
		t.Errorf("want a refusal, got %v", err)
	}
	if got := readFile(t, name); got != "old" {
		t.Errorf("the file is %q", got)
	}
}

// TestWriteKeepsWhatIsEqual: a file that would not change is not touched, so that no build is repeated.
func TestWriteKeepsWhatIsEqual(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.go")
	if _, err := Write([]File{{Path: name, Source: []byte("same")}}); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(name, old, old); err != nil {
		t.Fatal(err)
	}
	changed, err := Write([]File{{Path: name, Source: []byte("same")}})
	if err != nil || len(changed) > 0 {
		t.Fatalf("changed %v, %v", changed, err)
	}
	if info, err := os.Stat(name); err != nil || time.Since(info.ModTime()) < time.Minute {
		t.Errorf("the file was touched: %v", err)
	}
}
