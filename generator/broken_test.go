package generator

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// brokenInput is the module that the cases below break.
const brokenInput = `package p

import (
	"context"
	"errors"

	"example.com/golden/q"
)

var ErrNotFound = errors.New("not found")

type User struct {
	ID  string
	Lab q.Label
}

//go:generate go tool dualgen -test=false
type Users interface {
	Get(ctx context.Context, id string) (User, error)
	Save(ctx context.Context, user User) error
	Delete(ctx context.Context, id string) error
}
`

// TestRegeneratesBrokenPackages: a package that does not compile because our output is stale, cut short, empty or missing,
// or for reasons that do not touch the interface's types, is generated all the same.
func TestRegeneratesBrokenPackages(t *testing.T) {
	cases := []struct {
		name  string
		files map[string]string
		edit  func(source string) string // of the old output; nil keeps it
		lost  bool                       // the old output is removed
	}{
		{name: "S1 the interface changed", files: map[string]string{
			"p.go": strings.Replace(brokenInput, "\tDelete(", "\tCount(ctx context.Context) (int, error)\n\tDelete(", 1)}},
		{name: "S2 a type that the old output uses was renamed", files: map[string]string{
			"p.go": strings.NewReplacer("type User ", "type Account ", "(User,", "(Account,", "user User", "user Account").Replace(brokenInput)}},
		{name: "S3 the old output was cut short", edit: func(s string) string { return s[:len(s)/2] }},
		{name: "S3 the old output was cut short in its header", edit: func(s string) string { return s[:20] }},
		{name: "S4 the output is gone, and hand-written code uses it", lost: true, files: map[string]string{
			"use.go": "package p\n\nfunc use(d *DualUsers) *DualUsers { return d }\n"}},
		{name: "S5 an unrelated error in a body", files: map[string]string{
			"other.go": "package p\n\nfunc other() int { return \"text\" }\n"}},
		{name: "S6 an imported local package is broken", files: map[string]string{
			"q/broken.go": "package q\n\nvar wrong int = \"text\"\n\nfunc f() { undefined() }\n"}},
		{name: "S7 the output is an empty file", edit: func(string) string { return "" }},
		{name: "S8 a package-level variable uses the missing output", lost: true, files: map[string]string{
			"wire.go": "package p\n\nvar build = NewDualUsers\n\nvar built DualUsers\n"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := newModule(t)
			writeFile(t, filepath.Join(dir, "p.go"), []byte(brokenInput))
			writeFile(t, filepath.Join(dir, "q", "q.go"), []byte("package q\n\ntype Label string\n"))
			mustUpdate(t, dir)
			output := filepath.Join(dir, "users_dual.go")
			good := readFile(t, output)
			for name, content := range c.files {
				writeFile(t, filepath.Join(dir, name), []byte(content))
			}
			if c.edit != nil {
				writeFile(t, output, []byte(c.edit(good)))
			}
			if c.lost {
				if err := os.Remove(output); err != nil {
					t.Fatal(err)
				}
			}
			mustUpdate(t, dir)
			got := readFile(t, output)
			if changed := strings.HasPrefix(c.name, "S1") || strings.HasPrefix(c.name, "S2"); changed == (got == good) {
				t.Errorf("the new output is not as it should be: equal to the old one: %v", got == good)
			}
		})
	}
}

// TestBrokenTargetTouchesNothing: an interface whose types do not compile is refused, and the old output stays.
func TestBrokenTargetTouchesNothing(t *testing.T) {
	dir := newModule(t)
	writeFile(t, filepath.Join(dir, "p.go"), []byte(brokenInput))
	writeFile(t, filepath.Join(dir, "q", "q.go"), []byte("package q\n\ntype Label string\n"))
	mustUpdate(t, dir)
	good := readFile(t, filepath.Join(dir, "users_dual.go"))
	writeFile(t, filepath.Join(dir, "q", "q.go"), []byte("package q\n\ntype Other string\n"))
	changed, err := Update(t.Context(), Config{Dir: dir})
	if err == nil || len(changed) > 0 {
		t.Fatalf("want a refusal, got %v, changed %v", err, changed)
	}
	if got := readFile(t, filepath.Join(dir, "users_dual.go")); got != good {
		t.Error("the old output was touched")
	}
}

// mustUpdate generates and writes.
func mustUpdate(t *testing.T, dir string) []string {
	t.Helper()
	changed, err := Update(t.Context(), Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

// readFile reads a file.
func readFile(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
