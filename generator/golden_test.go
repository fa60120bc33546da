package generator

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
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/source"
)

var update = flag.Bool("update", false, "rewrite the expectations in testdata/golden in place")

// TestGolden runs every testdata/golden/*.txtar. An archive begins with its purpose; then come its input files, of the
// module example.com/golden, and what is expected of them:
//
//	diagnostics   the diagnostics, where nothing may be generated
//	explain       the decisions and their reasons, where the comment has a line "want: explain"
//	want/FILE     the generated FILE
//
// All archives share one load, each in a directory of its own; one whose comment has a line "tags: …" is loaded alone. All
// that is generated is compiled and vetted at the end, in one run of the go command, and its tests are run, in another.
func TestGolden(t *testing.T) {
	names, err := filepath.Glob("../testdata/golden/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no golden archives: %v", err)
	}
	shared := newModule(t)
	var archives []*golden
	for _, name := range names {
		archives = append(archives, readGolden(t, name, shared))
	}
	program, found := loadGolden(t, Config{Dir: shared})
	output := newModule(t)
	for _, g := range archives {
		t.Run(g.base, func(t *testing.T) {
			program, found := program, found
			if tags := g.option("tags"); tags != "" {
				program, found = loadGolden(t, Config{Dir: g.dir, Tags: tags})
			}
			g.keep(t, output, g.run(t, program, found))
		})
	}
	if *update {
		return // the next run vets what this one has written, and runs its tests
	}
	vet(t, output)
	if !t.Failed() {
		runTests(t, output)
	}
}

// loadGolden loads a module.
func loadGolden(t *testing.T, config Config) (*load.Program, *source.Found) {
	t.Helper()
	full, err := source.Config(config).Complete()
	if err != nil {
		t.Fatal(err)
	}
	found, err := source.Find(&full)
	if err != nil {
		t.Fatal(err)
	}
	program, err := load.Packages(t.Context(), &full, found)
	if err != nil {
		t.Fatal(err)
	}
	return program, found
}

// golden is one archive.
type golden struct {
	name, base string
	archive    *txtar.Archive
	dir        string // where its input was written
}

// readGolden reads an archive and writes its input into a directory of the shared module.
func readGolden(t *testing.T, name, module string) *golden {
	t.Helper()
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if len(bytes.TrimSpace(archive.Comment)) == 0 {
		t.Errorf("%s does not say what it is for", name)
	}
	base := strings.TrimSuffix(filepath.Base(name), ".txtar")
	g := &golden{name: name, base: base, archive: archive, dir: filepath.Join(module, base)}
	for _, f := range archive.Files {
		if !expectation(f.Name) {
			writeFile(t, filepath.Join(g.dir, f.Name), g.move(f.Data))
		}
	}
	return g
}

// move gives an archive's packages import paths of their own.
func (g *golden) move(source []byte) []byte {
	return bytes.ReplaceAll(source, []byte("example.com/golden"), []byte("example.com/golden/"+g.base))
}

// moveBack undoes move, and shortens paths of files.
func (g *golden) moveBack(text string) string {
	text = strings.ReplaceAll(text, g.dir+string(filepath.Separator), "")
	return strings.ReplaceAll(text, "example.com/golden/"+g.base, "example.com/golden")
}

// of is the part of what was found that an archive brought.
func (g *golden) of(found *source.Found) *source.Found {
	mine := func(name string) bool { return strings.HasPrefix(name, g.dir+string(filepath.Separator)) }
	part := &source.Found{}
	for _, r := range found.Requests {
		if mine(r.File) {
			part.Requests = append(part.Requests, r)
		}
	}
	for _, line := range found.Unheard {
		if mine(line.Pos.Filename) {
			part.Unheard = append(part.Unheard, line)
		}
	}
	for _, name := range found.Marked {
		if mine(name) {
			part.Marked = append(part.Marked, name)
		}
	}
	return part
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
func (g *golden) run(t *testing.T, program *load.Program, found *source.Found) []File {
	t.Helper()
	got := map[string]string{}
	var files []File
	result, err := generate(program, g.of(found))
	switch {
	case err != nil:
		got["diagnostics"] = g.diagnostics(err)
	case g.option("want") == "explain":
		files = result.files
		got["explain"] = explained(result.wrappers)
	default:
		files = result.files
		for _, f := range files {
			got["want/"+g.relative(f.Path)] = g.moveBack(string(f.Source))
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
		return g.moveBack(err.Error()) + "\n"
	}
	var b strings.Builder
	for _, e := range list {
		pos := e.Pos
		pos.Filename = g.relative(pos.Filename)
		fmt.Fprintf(&b, "%v: %s\n", pos, g.moveBack(e.Msg))
	}
	return b.String()
}

// relative is a path inside the module.
func (g *golden) relative(name string) string {
	return filepath.ToSlash(strings.TrimPrefix(name, g.dir+string(filepath.Separator)))
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
func (g *golden) keep(t *testing.T, all string, files []File) {
	t.Helper()
	if len(files) == 0 {
		return
	}
	for _, f := range g.archive.Files {
		if !expectation(f.Name) {
			writeFile(t, filepath.Join(all, g.base, f.Name), g.move(f.Data))
		}
	}
	for _, f := range files {
		writeFile(t, filepath.Join(all, g.base, g.relative(f.Path)), f.Source)
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
