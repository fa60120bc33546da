package corpus

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dualgen/dualgen/generator"
)

// record is a corpus.txt: what was found out by hand about the interfaces of one project.
//
//	project scs
//	module github.com/alexedwards/scs/v2
//	about sessions of web applications
//
//	interface Store = scs.Store
//	why a session is not a struct: the arguments of Commit are its fields
//	Commit write Session token replay
type record struct {
	dir                    string
	project, module, about string
	interfaces             []*interfaceRecord
	diagnostics            string // of a refused one
}

// interfaceRecord is one interface of a record.
type interfaceRecord struct {
	name, wraps string
	why         []string
	methods     []string // Name kind entity key mirror, as methodLine writes them
	directives  int      // counted in the source
}

// readRecords reads the records below a directory.
func readRecords(t *testing.T, pattern string) []*record {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(pattern, "corpus.txt"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no records in %s: %v", pattern, err)
	}
	var all []*record
	for _, name := range names {
		all = append(all, readRecord(t, name))
	}
	return all
}

// readRecord reads one corpus.txt, and counts the directives in the sources beside it.
func readRecord(t *testing.T, name string) *record {
	t.Helper()
	source, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	r := &record{dir: filepath.ToSlash(filepath.Dir(name))}
	text, diagnostics, _ := strings.Cut(string(source), "\ndiagnostics\n")
	r.diagnostics = diagnostics
	for line := range strings.Lines(text) {
		r.add(t, strings.TrimSpace(line))
	}
	counts := countDirectives(t, r.dir)
	for _, i := range r.interfaces {
		count, found := counts[i.name]
		if !found {
			t.Errorf("%s describes %s, which is not in its directory", name, i.name)
		}
		i.directives = count
		delete(counts, i.name)
	}
	for missing := range counts {
		t.Errorf("%s does not describe %s", name, missing)
	}
	return r
}

// add adds one line of a record.
func (r *record) add(t *testing.T, line string) {
	t.Helper()
	word, rest, _ := strings.Cut(line, " ")
	var last *interfaceRecord
	if len(r.interfaces) > 0 {
		last = r.interfaces[len(r.interfaces)-1]
	}
	switch {
	case line == "":
	case word == "project":
		r.project = rest
	case word == "module":
		r.module = rest
	case word == "about":
		r.about = rest
	case word == "interface":
		name, wraps, _ := strings.Cut(rest, " = ")
		r.interfaces = append(r.interfaces, &interfaceRecord{name: name, wraps: wraps})
	case last == nil:
		t.Fatalf("%s: %q stands below no interface", r.dir, line)
	case word == "why":
		last.why = append(last.why, rest)
	default:
		last.methods = append(last.methods, strings.Join(strings.Fields(line), " "))
	}
}

// countDirectives counts the directives above each interface of a directory that is wrapped.
func countDirectives(t *testing.T, dir string) map[string]int {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, name := range names {
		source, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		requested, count := false, 0
		for lines := bufio.NewScanner(source); lines.Scan(); {
			switch line := lines.Text(); {
			case strings.HasPrefix(line, "//go:generate go tool dualgen"):
				requested, count = true, 0
			case strings.HasPrefix(line, "//dualgen:"):
				count++
			case requested && strings.HasPrefix(line, "type "):
				counts[strings.Fields(line)[1]] = count
				requested = false
			}
		}
		if err := source.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return counts
}

// methodLines are the decisions about an interface as its record spells them, sorted: each with its name, kind, entity, key and mirror mode.
// The spaces in a key are taken out.
func methodLines(e generator.Explanation) []string {
	orNone := func(text string) string {
		if text == "" {
			return "-"
		}
		return strings.ReplaceAll(strings.ReplaceAll(text, ", ", ","), " ", "_")
	}
	var lines []string
	for _, m := range e.Methods {
		lines = append(lines, fmt.Sprintf("%s %s %s %s %s", m.Name, orNone(m.Kind), orNone(m.Entity), orNone(m.Key), orNone(m.Mirror)))
	}
	slices.Sort(lines)
	return lines
}

// format writes a record.
func (r *record) format() string {
	var w strings.Builder
	fmt.Fprintf(&w, "project %s\nmodule %s\nabout %s\n", r.project, r.module, r.about)
	for _, i := range r.interfaces {
		fmt.Fprintf(&w, "\ninterface %s = %s\n", i.name, i.wraps)
		for _, why := range i.why {
			fmt.Fprintf(&w, "why %s\n", why)
		}
		for _, line := range i.methods {
			fmt.Fprintln(&w, line)
		}
	}
	if r.diagnostics != "" {
		fmt.Fprintf(&w, "\ndiagnostics\n%s", r.diagnostics)
	}
	return w.String()
}
