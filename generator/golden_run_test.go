package generator

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dualgen/dualgen/generator/internal/explain"
	"github.com/dualgen/dualgen/generator/internal/wrapper"
)

// tested is a package of the golden module that has tests.
type tested struct {
	dir   string // below the module
	tests []string
}

// runTests runs all tests of the golden module, those that were generated and those that stand in the archives, as one
// program: linking one for each package would take minutes.
func runTests(t *testing.T, module string) {
	t.Helper()
	packages := gatherTests(t, module)
	if len(packages) == 0 {
		t.Fatal("nothing that was generated has tests")
	}
	var b bytes.Buffer
	b.WriteString("package golden\n\nimport (\n\t\"testing\"\n\n")
	for i, p := range packages {
		fmt.Fprintf(&b, "\tp%d \"example.com/golden/%s\"\n", i, p.dir)
	}
	b.WriteString(")\n")
	for i, p := range packages {
		for _, name := range p.tests {
			fmt.Fprintf(&b, "\nfunc Test_%d_%s(t *testing.T) { t.Run(%q, p%d.%s) }\n", i, name, p.dir, i, name)
		}
	}
	writeFile(t, filepath.Join(module, "golden_test.go"), b.Bytes())
	command := exec.CommandContext(t.Context(), "go", "test", "-vet=off", "-count=1", "-tags=special", ".")
	command.Dir = module
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("generated tests fail: %v\n%s", err, output)
	}
}

// gatherTests makes the tests of each package a part of it, so that another package can call them.
func gatherTests(t *testing.T, module string) []tested {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(module, func(name string, _ fs.DirEntry, err error) error {
		base, isTest := strings.CutSuffix(name, "_test.go")
		if err != nil || !isTest {
			return err
		}
		dir, err := filepath.Rel(module, filepath.Dir(name))
		if err != nil {
			return err
		}
		names, err := testNames(name)
		if err != nil {
			return err
		}
		found[filepath.ToSlash(dir)] = append(found[filepath.ToSlash(dir)], names...)
		return os.Rename(name, base+"_tests.go")
	})
	if err != nil {
		t.Fatal(err)
	}
	var all []tested
	for dir, tests := range found {
		if len(tests) > 0 {
			all = append(all, tested{dir, tests})
		}
	}
	slices.SortFunc(all, func(a, b tested) int { return strings.Compare(a.dir, b.dir) })
	return all
}

// testNames are the names of a file's tests.
func testNames(name string) ([]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, declaration := range file.Decls {
		if f, ok := declaration.(*ast.FuncDecl); ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Test") {
			names = append(names, f.Name.Name)
		}
	}
	return names, nil
}

// explained writes explanations, a decision a line.
func explained(all []*wrapper.Wrapper) string {
	var b strings.Builder
	for _, w := range all {
		e := explain.Of(w)
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
