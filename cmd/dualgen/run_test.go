package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const input = `package p

import (
	"context"
	"errors"
)

var ErrNotFound = errors.New("not found")

type User struct{ ID string }

//go:generate go tool dualgen -test=false
type Users interface {
	Get(ctx context.Context, id string) (User, error)
	Save(ctx context.Context, user User) error
	Delete(ctx context.Context, id string) error
}
`

// module writes a module with one interface.
func module(t *testing.T, source string) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{
		"p.go":   source,
		"go.mod": fmt.Sprintf("module example.com/p\n\ngo 1.26.0\n\nrequire github.com/dualgen/dualgen v0.0.0\n\nreplace github.com/dualgen/dualgen => %s\n", root),
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// call runs a command line.
func call(t *testing.T, dir string, env []string, args ...string) (code int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(t.Context(), &terminal{
		args: args, env: append(append(os.Environ(), "DUALGENCACHE=off"), env...), dir: dir, out: &stdout, err: &stderr,
	})
	return code, stdout.String(), stderr.String()
}

func TestExitCodes(t *testing.T) {
	good := module(t, input)
	bad := module(t, strings.Replace(input, "Get(", "Process(", 1))
	several := module(t, strings.Replace(input, "Get(", "Process(", 1)+"\n//go:generate go tool dualgen -test=false\ntype Others interface{ Users }\n")
	intended := module(t, strings.Replace(input, "//go:generate", "//dualgen:entity User scan=none\n//go:generate", 1))
	tested := module(t, strings.Replace(input, " -test=false", "", 1))
	write(t, filepath.Join(tested, "empty", "e.go"), "package empty\n")
	cases := []struct {
		dir  string
		env  []string
		args []string
		code int
		says string // on either stream
	}{
		{good, nil, []string{"check"}, 1, "missing: users_dual.go"},
		{good, nil, []string{"-v"}, 0, "users_dual.go"},
		{good, nil, []string{"check", "./..."}, 0, ""},
		{good, nil, []string{"check", "-proved", "./..."}, 1, "p.go:12:1: Users has no conformance test to prove anything by"},
		{good, nil, []string{"generate", "./..."}, 0, "p.go:13:6: note: nothing lists User: backfill cannot copy"},
		{intended, nil, []string{"generate", "./..."}, 0, ""},
		{several, []string{"GOFILE=p.go", "GOLINE=12"}, []string{"-test=false"}, 1, "go generate does not reach the 1 line of dualgen below this one in p.go"},
		{good, nil, []string{"check", "example.com/p/..."}, 0, ""},
		{good, nil, []string{"check", "example.com/other"}, 2, "no package of this module"},
		{good, nil, []string{"check", "./nowhere"}, 2, "names no directory"},
		{good, []string{"GOFILE=p.go", "GOLINE=12"}, []string{"-test=false"}, 0, ""},
		{good, []string{"GOFILE=p.go", "GOLINE=12"}, []string{"-tset=false"}, 2, "-tset"},
		{good, nil, []string{"-old", "x.Y"}, 2, "belongs in a //go:generate line"},
		{good, nil, []string{"frobnicate"}, 2, "unknown command"},
		{good, nil, []string{"check", "-frobnicate"}, 2, "-frobnicate"},
		{good, nil, []string{"init"}, 2, "takes one interface"},
		{good, nil, []string{"init", "."}, 2, ". names a package, and init takes an interface: dualgen init .Users"},
		{good, nil, []string{"init", "./Nothing"}, 2, "names no interface"},
		{good, nil, []string{"init", ".Usres"}, 2, "did you mean"},
		{good, nil, []string{"init", ".Users"}, 0, "p.go: nothing to propose"},
		{good, nil, []string{"init", "-print", "io.Closer"}, 0, "type Closer interface{ io.Closer }"},
		{good, nil, []string{"explain"}, 0, "by its name"},
		{good, nil, []string{"explain", "-json"}, 0, `"interface": "Users"`},
		{tested, nil, []string{"explain", "-json", "./empty"}, 0, "no //go:generate line here runs dualgen"},
		{good, nil, []string{"version"}, 0, "dualgen"},
		{good, nil, []string{"help"}, 0, "go:generate"},
		{good, nil, []string{"-h"}, 0, "usage"},
		{good, nil, []string{"check", "-h"}, 0, "usage: dualgen check"},
		{good, nil, []string{"completion", "bash"}, 0, "complete -F"},
		{good, nil, []string{"completion", "sh"}, 2, "bash, zsh, fish"},
		{good, nil, []string{"completion", "--help"}, 0, "usage: dualgen completion bash|zsh|fish"},
		{good, nil, []string{"help", "explain"}, 0, "dualgen explain -json ./users"},
		{good, nil, []string{"help", "version"}, 0, "usage: dualgen version"},
		{good, nil, []string{"help", "frobnicate"}, 2, "there is no command frobnicate"},
		{good, nil, []string{"init", "--help"}, 0, "dualgen init ./users.Repository"},
		{tested, nil, nil, 1, "the conformance tests need github.com/stretchr/testify/assert and pgregory.net/rapid, which this module does not provide"},
		{bad, nil, nil, 1, "p.go:14:2: cannot tell whether Process reads or writes"},
		{bad, nil, []string{"init", "-print", ".Users"}, 0, "// ? cannot tell whether Process"},
		{bad, nil, []string{"init", ".Users"}, 0, "p.go:14:2: cannot tell whether Process"},
		{bad, nil, []string{"explain"}, 0, "open: "},
	}
	for _, c := range commands() {
		if c.example == "" || c.summary == "" {
			t.Errorf("%s has no example or summary", c.name)
		}
	}
	for _, c := range cases {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			code, out, errs := call(t, c.dir, c.env, c.args...)
			if c.dir == intended && strings.Contains(errs, "nothing lists") {
				t.Errorf("noted though it is stated: %s", errs)
			}
			for line := range strings.Lines(out + errs) {
				if line == "\t\n" {
					t.Errorf("an empty remedy is printed: %s%s", out, errs)
				}
			}
			if code != c.code || !strings.Contains(out+errs, c.says) {
				t.Errorf("exit %d, want %d\n%s%s\nwant: %s", code, c.code, out, errs, c.says)
			}
		})
	}
	if _, err := os.Stat(filepath.Join(bad, "users_dual.go")); !os.IsNotExist(err) {
		t.Errorf("a refused run wrote a file: %v", err)
	}
}

// TestFirstRunTells: the first run that writes a wrapper says so, and what comes next; those after it are silent.
func TestFirstRunTells(t *testing.T) {
	dir := module(t, strings.Replace(input, "//go:generate", "//dualgen:entity User scan=none\n//go:generate", 1))
	code, out, errs := call(t, dir, nil)
	if want := "p.go:14:6: note: users_dual.go is new\n\tnext: go mod tidy; go tool dualgen explain, to see what was decided and why\n"; code != 0 || out != "" || errs != want {
		t.Errorf("the first run: %d, %q, %q", code, out, errs)
	}
	changed := filepath.Join(dir, "p.go")
	source, err := os.ReadFile(changed)
	if err != nil {
		t.Fatal(err)
	}
	write(t, changed, strings.Replace(string(source), "Get(ctx", "// Get returns a user.\n\tGet(ctx", 1))
	if code, out, errs := call(t, dir, nil); code != 0 || out+errs != "" {
		t.Errorf("a later run: %d, %q, %q", code, out, errs)
	}
}
