package corpus

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// docsFile is what TestDocs writes and checks.
const docsFile = "../../docs/corpus.md"

// TestDocs holds docs/corpus.md against the records.
func TestDocs(t *testing.T) {
	got := page(readRecords(t, "*"), readRecords(t, "refused/*"), versions(t, "go.mod")) +
		labelledPage(t, readVerdicts(t), versionsOfLabelled(t))
	if *update {
		write(t, docsFile, got)
	}
	have, err := os.ReadFile(docsFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != got {
		t.Error("docs/corpus.md is out of date: run go test -update in testdata/corpus and look at the change")
	}
}

// versionsOfLabelled are the versions of the modules that only have labels.
func versionsOfLabelled(t *testing.T) map[string]string {
	t.Helper()
	all := versions(t, filepath.Join("labelled", "go.mod"))
	maps.Copy(all, versions(t, filepath.Join("regular", "go.mod")))
	return all
}

// versions are the versions of modules that a go.mod requires. The standard library's is that of the go line.
func versions(t *testing.T, name string) map[string]string {
	t.Helper()
	source, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for line := range strings.Lines(string(source)) {
		words := strings.Fields(strings.TrimPrefix(line, "require"))
		switch {
		case len(words) > 1 && words[0] == "go":
			found["std"] = words[1]
		case len(words) > 1 && strings.HasPrefix(words[1], "v"):
			found[words[0]] = words[1]
		}
	}
	return found
}

// page writes docs/corpus.md.
func page(records, refused []*record, versions map[string]string) string {
	byProject := func(a, b *record) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.project), strings.ToLower(b.project)), cmp.Compare(a.dir, b.dir))
	}
	slices.SortFunc(records, byProject)
	slices.SortFunc(refused, byProject)
	var w strings.Builder
	w.WriteString(introduction)
	writeTotals(&w, records, refused)
	writeTable(&w, records, versions)
	writeReasons(&w, records)
	writeRefused(&w, refused, versions)
	return strings.TrimRight(w.String(), "\n") + "\n"
}

const introduction = `# Other projects' interfaces

What dualgen makes of interfaces that were not written for it. Each is wrapped by naming it, in a module whose ordinary dependencies are
the projects (` + "`testdata/corpus`" + `): nothing is copied from them. This page is written by that module's test, from the records beside the
directives.

For each interface the project's own comments and code were read, and it was written down what every method does: whether it reads,
writes or deletes, of which entity, by which key, and how a write can reach the mirror. The test compares that with what dualgen decides,
method by method: with the directives, and of the interface as its project declares it, without any. There it may ask, but what it decides
of a method without asking must be what was written down. Then it generates all wrappers, compiles and vets them, and runs their tests
over stores in memory.

    go -C testdata/corpus test .

`

// writeTotals counts.
func writeTotals(w *strings.Builder, records, refused []*record) {
	projects := map[string]bool{}
	var interfaces, methods, none, few, more int
	for _, r := range records {
		projects[r.project] = true
		for _, i := range r.interfaces {
			interfaces++
			methods += len(i.methods)
			switch {
			case i.directives == 0:
				none++
			case i.directives <= 3:
				few++
			default:
				more++
			}
		}
	}
	fmt.Fprintf(w, "| | |\n|---|---|\n| projects | %d |\n| interfaces | %d |\n| methods | %d |\n", len(projects), interfaces, methods)
	fmt.Fprintf(w, "| interfaces without a directive | %d |\n| with one to three | %d |\n| with more | %d |\n", none, few, more)
	fmt.Fprintf(w, "| interfaces that are refused, besides | %d |\n\n", len(refused))
}

// writeTable lists the interfaces.
func writeTable(w *strings.Builder, records []*record, versions map[string]string) {
	w.WriteString("## Interfaces\n\n| project | what it keeps | module | interface | methods | directives |\n|---|---|---|---|---|---|\n")
	for _, r := range records {
		for _, i := range r.interfaces {
			fmt.Fprintf(w, "| %s | %s | %s | `%s` | %d | %d |\n",
				r.project, r.about, moduleAt(r, versions), i.wraps, len(i.methods), i.directives)
		}
	}
	w.WriteString("\n")
}

// moduleAt is a record's module with its version.
func moduleAt(r *record, versions map[string]string) string {
	return fmt.Sprintf("`%s@%s`", r.module, versions[r.module])
}

// writeReasons says why interfaces needed more than three directives.
func writeReasons(w *strings.Builder, records []*record) {
	w.WriteString("## Why more than three directives\n\n")
	for _, r := range records {
		for _, i := range r.interfaces {
			if i.directives > 3 {
				fmt.Fprintf(w, "- `%s` of %s, %d: %s\n", i.wraps, r.project, i.directives, strings.Join(i.why, "; "))
			}
		}
	}
	w.WriteString("\n")
}

// writeRefused lists what cannot be wrapped as it is.
func writeRefused(w *strings.Builder, refused []*record, versions map[string]string) {
	w.WriteString("## Refused\n\nThese cannot be wrapped as they are. What is said of each method stands below, with what to do instead.\n\n")
	for _, r := range refused {
		for _, i := range r.interfaces {
			fmt.Fprintf(w, "### `%s` of %s\n\n%s\n\n", i.wraps, r.project, moduleAt(r, versions))
		}
		for line := range strings.Lines(strings.ReplaceAll(r.diagnostics, filepath.ToSlash(r.dir)+"/", "")) {
			fmt.Fprintf(w, "    %s", strings.ReplaceAll(line, "\t", "    "))
		}
		w.WriteString("\n")
	}
}
