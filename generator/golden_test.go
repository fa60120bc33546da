package generator_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"go/scanner"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/dualgen/dualgen/generator"
)

var update = flag.Bool("update", false, "rewrite the expectations in testdata/golden in place")

// TestGolden runs every testdata/golden/*.txtar. An archive begins with its purpose; then come its input files and what
// is expected of them:
//
//	diagnostics   the diagnostics, where nothing may be generated
//	explain       the decisions and their reasons; written by -update where the comment has a line "want: explain"
//	want/FILE     the generated FILE
//
// A line "run: PATTERN…" in the comment names the packages; "tags: …" gives build tags. All that is generated is compiled and vetted at the end, in one run of the go command.
func TestGolden(t *testing.T) {
	names, err := filepath.Glob("../testdata/golden/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no golden archives: %v", err)
	}
	all := newModule(t)
	var mu sync.Mutex
	t.Run("archives", func(t *testing.T) {
		for _, name := range names {
			t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
				t.Parallel()
				g := readGolden(t, name)
				files := g.run(t)
				mu.Lock()
				defer mu.Unlock()
				g.keep(t, all, files)
			})
		}
	})
	vet(t, all)
}

// golden is one archive.
type golden struct {
	name    string
	archive *txtar.Archive
	dir     string // the module that its input was written to
}

// readGolden reads an archive and writes its input into a module of its own.
func readGolden(t *testing.T, name string) *golden {
	t.Helper()
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if len(bytes.TrimSpace(archive.Comment)) == 0 {
		t.Error("the archive does not say what it is for")
	}
	g := &golden{name: name, archive: archive, dir: newModule(t)}
	for _, f := range archive.Files {
		if !expectation(f.Name) {
			writeFile(t, filepath.Join(g.dir, f.Name), f.Data)
		}
	}
	return g
}

// expectation reports whether a file of an archive is expected and not input.
func expectation(name string) bool {
	return name == "diagnostics" || name == "explain" || strings.HasPrefix(name, "want/")
}

// option is the rest of a line of the comment that begins with a name and a colon.
func (g *golden) option(name string) string {
	for line := range strings.Lines(string(g.archive.Comment)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.TrimSpace(rest)
		}
	}
	return ""
}

// run generates, compares and returns what was generated.
func (g *golden) run(t *testing.T) []generator.File {
	t.Helper()
	config := generator.Config{Dir: g.dir, Patterns: strings.Fields(g.option("run")), Tags: g.option("tags")}
	files, err := generator.Generate(t.Context(), config)
	got := map[string]string{}
	switch {
	case err != nil:
		got["diagnostics"] = g.diagnostics(err)
	case g.option("want") == "explain":
		all, err := generator.Explain(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		got["explain"] = explained(all)
	default:
		for _, f := range files {
			got["want/"+g.relative(f.Path)] = string(f.Source)
		}
	}
	if *update {
		g.rewrite(t, got)
		return files
	}
	want := map[string]string{}
	for _, f := range g.archive.Files {
		if expectation(f.Name) {
			want[f.Name] = string(f.Data)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(merged(got, want))) {
		if got[name] != want[name] {
			t.Errorf("%s differs: run go test ./generator -run TestGolden -update and look at the change\ngot:\n%s\nwant:\n%s", name, got[name], want[name])
		}
	}
	return files
}

// merged has the keys of both maps.
func merged(a, b map[string]string) map[string]string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// diagnostics writes an error as the command prints it.
func (g *golden) diagnostics(err error) string {
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		return strings.ReplaceAll(err.Error(), g.dir+string(filepath.Separator), "") + "\n"
	}
	var b strings.Builder
	for _, e := range list {
		pos := e.Pos
		pos.Filename = g.relative(pos.Filename)
		fmt.Fprintf(&b, "%v: %s\n", pos, strings.ReplaceAll(e.Msg, g.dir+string(filepath.Separator), ""))
	}
	return b.String()
}

// relative is a path inside the module.
func (g *golden) relative(name string) string {
	return filepath.ToSlash(strings.TrimPrefix(name, g.dir+string(filepath.Separator)))
}

// explained writes explanations, a decision a line.
func explained(all []generator.Explanation) string {
	var b strings.Builder
	for _, e := range all {
		fmt.Fprintf(&b, "%s: %s, %s\n", e.Interface, e.Old, e.New)
		for _, m := range e.Methods {
			fmt.Fprintf(&b, "%s %s: %s\n", m.Name, strings.Join([]string{m.Kind, m.Entity, m.Key, m.Mirror}, "|"), strings.Join(m.Reasons, " "))
		}
		for _, n := range e.Entities {
			fmt.Fprintf(&b, "entity %s key=%s get=%s put=%s delete=%s scan=%s\n", n.Name, n.Key, n.Get, n.Put, n.Delete, n.Scan)
		}
		for _, c := range e.Conversions {
			fmt.Fprintf(&b, "%s %s: %s to %s, %s %v\n", c.Path, c.Store, c.From, c.To, c.Rule, c.Notes)
		}
	}
	return b.String()
}

// rewrite replaces an archive's expectations.
func (g *golden) rewrite(t *testing.T, got map[string]string) {
	t.Helper()
	archive := *g.archive
	archive.Files = slices.DeleteFunc(slices.Clone(archive.Files), func(f txtar.File) bool { return expectation(f.Name) })
	for _, name := range slices.Sorted(maps.Keys(got)) {
		archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(got[name])})
	}
	writeFile(t, g.name, txtar.Format(&archive))
}

// keep copies an archive's input and output into the module that is vetted at the end, under the archive's name.
func (g *golden) keep(t *testing.T, all string, files []generator.File) {
	t.Helper()
	if len(files) == 0 {
		return
	}
	base := strings.TrimSuffix(filepath.Base(g.name), ".txtar")
	move := func(source []byte) []byte {
		return bytes.ReplaceAll(source, []byte("example.com/golden"), []byte("example.com/golden/"+base))
	}
	for _, f := range g.archive.Files {
		if !expectation(f.Name) && f.Name != "go.mod" {
			writeFile(t, filepath.Join(all, base, f.Name), move(f.Data))
		}
	}
	for _, f := range files {
		writeFile(t, filepath.Join(all, base, g.relative(f.Path)), move(f.Source))
	}
}

// vet compiles and vets everything that was generated.
func vet(t *testing.T, dir string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", "vet", "-tags=special", "./...")
	command.Dir = dir
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("generated code does not compile or vet: %v\n%s", err, output)
	}
}

// newModule makes an empty module that provides what this one does.
func newModule(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	own, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	_, requirements, _ := strings.Cut(string(own), "require (")
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile("../go.sum")
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "go.mod"), fmt.Appendf(nil,
		"module example.com/golden\n\ngo 1.26.0\n\nrequire github.com/dualgen/dualgen v0.0.0\n\nreplace github.com/dualgen/dualgen => %s\n\nrequire (%s", root, requirements))
	writeFile(t, filepath.Join(dir, "go.sum"), sums)
	return dir
}

// writeFile writes a file and the directories above it.
func writeFile(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, content, 0o644); err != nil {
		t.Fatal(err)
	}
}
