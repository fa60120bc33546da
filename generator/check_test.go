package generator

import (
	"errors"
	"go/scanner"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/source"
)

// checkInput is a module with one interface.
func checkInput(t *testing.T) string {
	t.Helper()
	dir := newModule(t)
	writeFile(t, filepath.Join(dir, "p.go"), []byte(brokenInput))
	writeFile(t, filepath.Join(dir, "q", "q.go"), []byte("package q\n\ntype Label string\n"))
	return dir
}

func TestCheck(t *testing.T) {
	dir := checkInput(t)
	output := filepath.Join(dir, "users_dual.go")
	stale := func() []Stale {
		t.Helper()
		list, err := Check(t.Context(), Config{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if list := stale(); len(list) != 1 || !list[0].Missing || list[0].Path != output || !strings.Contains(list[0].Diff, "+type DualUsers struct") {
		t.Errorf("missing output: %v", list)
	}
	mustUpdate(t, dir)
	if list := stale(); len(list) != 0 {
		t.Errorf("fresh output: %v", list)
	}
	good := readFile(t, output)
	writeFile(t, output, []byte(strings.Replace(good, "return store.Get", "return store.Got", 1)))
	if list := stale(); len(list) != 1 || !strings.Contains(list[0].Diff, "-\t\t\treturn store.Got(ctx, id)\n+\t\t\treturn store.Get(ctx, id)\n") {
		t.Errorf("edited output: %+v", list)
	}
	writeFile(t, output, []byte(good))
	orphan := filepath.Join(dir, "gone_dual.go")
	writeFile(t, orphan, []byte(source.Header+"\n\npackage p\n"))
	if list := stale(); len(list) != 1 || !list[0].Orphan || list[0].Path != orphan {
		t.Errorf("orphan: %+v", list)
	}
}

// TestSameBytes: two runs, another directory and another order of files give the same bytes.
func TestSameBytes(t *testing.T) {
	first, second := checkInput(t), checkInput(t)
	other := "package p\n\nimport \"context\"\n\n//go:generate go tool dualgen -test=false\ntype More interface {\n\tGet(ctx context.Context, id string) (User, error)\n}\n"
	writeFile(t, filepath.Join(first, "zz.go"), []byte(other))
	writeFile(t, filepath.Join(second, "aa.go"), []byte(other))
	mustUpdate(t, first)
	if changed := mustUpdate(t, first); len(changed) > 0 {
		t.Errorf("the second run changed %v", changed)
	}
	mustUpdate(t, second)
	for _, name := range []string{"users_dual.go", "more_dual.go"} {
		if readFile(t, filepath.Join(first, name)) != readFile(t, filepath.Join(second, name)) {
			t.Errorf("%s differs between two directories", name)
		}
	}
}

// TestUnderGoGenerate: one line alone gives the bytes that the whole module gives.
func TestUnderGoGenerate(t *testing.T) {
	dir := checkInput(t)
	writeFile(t, filepath.Join(dir, "more.go"), []byte("package p\n\nimport \"context\"\n\n//go:generate go tool dualgen -test=false\ntype More interface {\n\tGet(ctx context.Context, id string) (User, error)\n}\n"))
	mustUpdate(t, dir)
	want := readFile(t, filepath.Join(dir, "more_dual.go"))
	for _, name := range []string{"more_dual.go", "users_dual.go"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	changed, err := Update(t.Context(), Config{Dir: dir, File: "more.go", Line: 5, Args: []string{"-test=false"}})
	if err != nil || len(changed) != 1 {
		t.Fatalf("changed %v, %v", changed, err)
	}
	if got := readFile(t, filepath.Join(dir, "more_dual.go")); got != want {
		t.Error("one line gives other bytes than the module")
	}
}

// TestDiagnosticsAreSorted: all of a run, by file, line and column, each with its remedy.
func TestDiagnosticsAreSorted(t *testing.T) {
	dir := newModule(t)
	for _, name := range []string{"b.go", "a.go"} {
		writeFile(t, filepath.Join(dir, name), []byte("package p\n\n//go:generate go tool dualgen -test=false\n//dualgen:nothing\ntype "+
			strings.ToUpper(name[:1])+" interface {\n\tProcess(id string) error\n\tUse(id string) error\n}\n"))
	}
	_, err := Generate(t.Context(), Config{Dir: dir})
	var list scanner.ErrorList
	if !errors.As(err, &list) || len(list) < 8 {
		t.Fatalf("want eight diagnostics or more, got %v", err)
	}
	if !slices.IsSortedFunc(list, func(a, b *scanner.Error) int { return load.ComparePositions(a.Pos, b.Pos, "") }) {
		t.Errorf("not sorted: %v", list)
	}
	for _, e := range list {
		if !strings.Contains(e.Msg, "\n\t") || e.Pos.Column == 0 {
			t.Errorf("no remedy or no column: %v", e)
		}
	}
}

// TestTagsAreMerged: -tags adds to GOFLAGS.
func TestTagsAreMerged(t *testing.T) {
	dir := newModule(t)
	writeFile(t, filepath.Join(dir, "p.go"), []byte("//go:build one && two\n\n"+strings.NewReplacer("\n\n\t\"example.com/golden/q\"", "", "\n\tLab q.Label", "").Replace(brokenInput)))
	files, err := Generate(t.Context(), Config{Dir: dir, Tags: "one", Env: append(os.Environ(), "GOFLAGS=-tags=two")})
	if err != nil || len(files) != 1 {
		t.Errorf("%d files, %v", len(files), err)
	}
}

// TestMisspeltFlags are mistakes of their own kind, for another exit code.
func TestMisspeltFlags(t *testing.T) {
	dir := newModule(t)
	writeFile(t, filepath.Join(dir, "p.go"), []byte("package p\n\n//go:generate go tool dualgen -odl x\ntype A interface{}\n"))
	_, err := Generate(t.Context(), Config{Dir: dir})
	var usage *UsageError
	if !errors.As(err, &usage) || usage.Pos.Line != 3 {
		t.Errorf("want a usage error in line 3, got %v", err)
	}
}
