package corpus

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/scanner"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dualgen/dualgen/generator"
)

var update = flag.Bool("update", false, "rewrite the decisions and diagnostics in corpus.txt and docs/corpus.md; check each change by hand")

// accepted are the patterns of the packages whose interfaces are wrapped.
func accepted(records []*record) []string {
	var patterns []string
	for _, r := range records {
		patterns = append(patterns, "./"+r.dir)
	}
	return patterns
}

// TestClassification holds what dualgen decides about every method against what was found out by hand.
func TestClassification(t *testing.T) {
	records := readRecords(t, "*")
	explanations, err := generator.Explain(t.Context(), generator.Config{Dir: ".", Patterns: accepted(records)})
	if err != nil {
		t.Fatal(err)
	}
	decided := map[string][]string{}
	for _, e := range explanations {
		file, _, _ := strings.Cut(e.Position, ":")
		decided[filepath.ToSlash(filepath.Dir(file))+"."+e.Interface] = methodLines(e)
	}
	for _, r := range records {
		for _, i := range r.interfaces {
			got := decided[r.dir+"."+i.name]
			if *update {
				i.methods = got
			}
			want := slices.Sorted(slices.Values(i.methods))
			if !slices.Equal(got, want) {
				t.Errorf("%s.%s is decided otherwise than by hand:\n%s", r.dir, i.name, difference(got, want))
			}
		}
		if *update {
			write(t, filepath.Join(r.dir, "corpus.txt"), r.format())
		}
	}
}

// difference lists the lines that only one of two lists has.
func difference(got, want []string) string {
	var w strings.Builder
	for _, line := range want {
		if !slices.Contains(got, line) {
			fmt.Fprintf(&w, "\tby hand: %s\n", line)
		}
	}
	for _, line := range got {
		if !slices.Contains(want, line) {
			fmt.Fprintf(&w, "\tdualgen: %s\n", line)
		}
	}
	return w.String()
}

// TestGenerated compiles and vets what is generated for the whole corpus, and runs its tests over stores in memory.
func TestGenerated(t *testing.T) {
	records := readRecords(t, "*")
	patterns := accepted(records)
	files, err := generator.Generate(t.Context(), generator.Config{Dir: ".", Patterns: patterns})
	if err != nil {
		t.Fatal(err)
	}
	overlay := writeOverlay(t, files)
	goCommand(t, append([]string{"vet", "-overlay", overlay}, patterns...)...)
	goCommand(t, append([]string{"test", "-vet=off", "-overlay", overlay}, patterns...)...)
}

// writeOverlay puts files where the go command finds them, and none of them into the module.
func writeOverlay(t *testing.T, files []generator.File) string {
	t.Helper()
	dir := t.TempDir()
	replace := map[string]string{}
	for n, f := range files {
		name := filepath.Join(dir, fmt.Sprintf("%d.go", n))
		write(t, name, string(f.Source))
		replace[f.Path] = name
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "overlay.json")
	write(t, name, string(overlay))
	return name
}

// goCommand runs the go command.
func goCommand(t *testing.T, args ...string) {
	t.Helper()
	if output, err := exec.CommandContext(t.Context(), "go", args...).CombinedOutput(); err != nil {
		t.Errorf("go %s: %v\n%s", args[0], err, output)
	}
}

// TestRefused holds the diagnostics of what cannot be wrapped.
func TestRefused(t *testing.T) {
	for _, r := range readRecords(t, "refused/*") {
		t.Run(filepath.Base(r.dir), func(t *testing.T) {
			_, err := generator.Generate(t.Context(), generator.Config{Dir: ".", Patterns: []string{"./" + r.dir}})
			if err == nil {
				t.Fatal("it is not refused any more: move it beside the others")
			}
			got := diagnostics(t, err)
			if *update {
				r.diagnostics = got
				write(t, filepath.Join(r.dir, "corpus.txt"), r.format())
			}
			if got != r.diagnostics {
				t.Errorf("got:\n%s\nwant:\n%s", got, r.diagnostics)
			}
		})
	}
}

// diagnostics are an error's lines, with paths relative to this module.
func diagnostics(t *testing.T, err error) string {
	t.Helper()
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		return err.Error() + "\n"
	}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	var w strings.Builder
	for _, e := range list {
		fmt.Fprintf(&w, "%s\n", strings.ReplaceAll(e.Error(), root+string(filepath.Separator), ""))
	}
	return w.String()
}

// write writes a file.
func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}
