package generator

import (
	"errors"
	"go/scanner"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dualgen/dualgen/generator/internal/source"
)

// modulesInput is a package with one interface; PACKAGE, IMPORTS, FIELDS and FLAGS are for the cases to fill in.
const modulesInput = `package PACKAGE

import (
	"context"
	"errors"
	IMPORTS
)

var ErrNotFound = errors.New("not found")

type User struct {
	ID string
	FIELDS
}

//go:generate go tool dualgen FLAGS
type Users interface {
	Get(ctx context.Context, id string) (User, error)
	Save(ctx context.Context, user User) error
	Delete(ctx context.Context, id string) error
}
`

// rowsInput is a package with a store of its own rows.
const rowsInput = `package PACKAGE

import "context"

type Row struct{ ID string }

type Users struct{}

func (Users) Get(ctx context.Context, id string) (Row, error) { return Row{}, nil }
func (Users) Save(ctx context.Context, row Row) error         { return nil }
func (Users) Delete(ctx context.Context, id string) error     { return nil }
`

// fill replaces the words in capitals in a source; those that are not named become nothing.
func fill(source string, pairs ...string) []byte {
	source = strings.NewReplacer(pairs...).Replace(source)
	return []byte(strings.NewReplacer("PACKAGE", "p", "IMPORTS", "", "FIELDS", "", "FLAGS", "").Replace(source))
}

// goCommand runs the go command in a directory.
func goCommand(t *testing.T, dir string, env []string, args ...string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", args...)
	command.Dir, command.Env = dir, append(os.Environ(), env...)
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("go %s %v: %v\n%s", strings.Join(args, " "), env, err, output)
	}
}

// wantUpdate runs Update and demands that it writes so many files.
func wantUpdate(t *testing.T, config Config, files int) {
	t.Helper()
	changed, err := Update(t.Context(), config)
	if err != nil || len(changed) != files {
		t.Fatalf("want %d files, got %v, %v", files, changed, err)
	}
}

// TestVendored: dependencies, and a store in one of them, come from the vendor directory.
func TestVendored(t *testing.T) {
	dir := newModule(t)
	writeFile(t, filepath.Join(dir, "p.go"), fill(modulesInput, "IMPORTS", `"github.com/google/uuid"`, "FIELDS", "Ref uuid.UUID"))
	writeFile(t, filepath.Join(dir, "tools.go"), []byte("//go:build tools\n\npackage p\n\nimport (\n"+
		"\t_ \"github.com/dualgen/dualgen/runtime/dual\"\n\t_ \"github.com/dualgen/dualgen/runtime/convert\"\n\t_ \"github.com/dualgen/dualgen/runtime/dualtest\"\n)\n"))
	goCommand(t, dir, nil, "mod", "tidy")
	goCommand(t, dir, nil, "mod", "vendor")
	wantUpdate(t, Config{Dir: dir}, 2)
	goCommand(t, dir, []string{"GOFLAGS=-mod=vendor"}, "vet", "./...")
}

// TestWorkspace: a run at the root of a workspace, where there is no module, covers the modules below; a store may be in
// another module of it.
func TestWorkspace(t *testing.T) {
	dir := newModule(t)
	for _, name := range []string{"app", "rows"} {
		content := strings.Replace(readFile(t, filepath.Join(dir, "go.mod")), "module example.com/golden", "module example.com/"+name, 1)
		writeFile(t, filepath.Join(dir, name, "go.mod"), []byte(content))
		writeFile(t, filepath.Join(dir, name, "go.sum"), []byte(readFile(t, filepath.Join(dir, "go.sum"))))
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	writeFile(t, filepath.Join(dir, "go.work"), []byte("go 1.26.0\n\nuse (\n\t./app\n\t./rows\n)\n"))
	writeFile(t, filepath.Join(dir, "rows", "rows.go"), fill(rowsInput, "PACKAGE", "rows"))
	writeFile(t, filepath.Join(dir, "app", "p.go"), fill(modulesInput, "FLAGS", "-new example.com/rows.Users"))
	wantUpdate(t, Config{Dir: dir}, 2)
	goCommand(t, filepath.Join(dir, "app"), nil, "vet", "./...")
	wantUpdate(t, Config{Dir: filepath.Join(dir, "app")}, 0)
	if err := os.Remove(filepath.Join(dir, "go.work")); err != nil {
		t.Fatal(err)
	}
	_, err := Update(t.Context(), Config{Dir: dir})
	if usage := (*UsageError)(nil); !errors.As(err, &usage) || !strings.Contains(err.Error(), "belongs to no module") {
		t.Errorf("a directory without a module: %v", err)
	}
}

// TestCgo: an interface in a file with C is wrapped, with its directives; one whose types are C's is refused.
func TestCgo(t *testing.T) {
	dir := newModule(t)
	source := string(fill(modulesInput, "\nimport (", "\n// static int answer(void) { return 42; }\nimport \"C\"\n\nimport (", "FLAGS", "\n//dualgen:entity User key=ID delete=none\n//dualgen:primary Frobnicate"))
	source = strings.Replace(source, "\tDelete(ctx context.Context, id string) error\n", "\tFrobnicate(ctx context.Context) error\n", 1)
	name := filepath.Join(dir, "p.go")
	writeFile(t, name, []byte(source+"\nfunc answer() int { return int(C.answer()) }\n"))
	wantUpdate(t, Config{Dir: dir}, 2)
	goCommand(t, dir, []string{"CGO_ENABLED=1"}, "vet", "./...")
	writeFile(t, filepath.Join(dir, "other.go"), []byte("package p\n"))
	goCommand(t, dir, []string{"CGO_ENABLED=0"}, "vet", "./...")
	writeFile(t, name, []byte(strings.Replace(source, "ID string", "ID string; Kind C.int", 1)))
	_, err := Update(t.Context(), Config{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "Users speaks of the C type int") {
		t.Errorf("a type of C's: %v", err)
	}
}

// TestBuildConstraints: output shares the constraints of the interface's file, by its //go:build line and by its name; a
// line whose file they exclude is left out, and what it asks for is no orphan.
func TestBuildConstraints(t *testing.T) {
	dir := newModule(t)
	special := append([]byte("//go:build special || other\n\n"), fill(modulesInput, "PACKAGE", "special")...)
	writeFile(t, filepath.Join(dir, "special", "p_linux_amd64.go"), special)
	writeFile(t, filepath.Join(dir, "systems", "p_linux.go"), fill(modulesInput, "PACKAGE", "systems", "FLAGS", "-out linux_dual.go"))
	writeFile(t, filepath.Join(dir, "systems", "p_else.go"), append([]byte("//go:build !linux\n\n"), fill(modulesInput, "PACKAGE", "systems", "FLAGS", "-out else_dual.go")...))
	on := func(system, tags string) (Config, *[]string) {
		left := &[]string{}
		note := func(pos token.Position) { *left = append(*left, filepath.Base(pos.Filename)) }
		return Config{Dir: dir, Tags: tags, Env: append(os.Environ(), "GOOS="+system, "GOARCH=amd64"), LeftOut: note}, left
	}
	for _, c := range []struct {
		system, tags string
		files        int
		left         string
	}{
		{"linux", "", 2, "p_linux_amd64.go p_else.go"},
		{"windows", "", 2, "p_linux_amd64.go p_linux.go"},
		{"linux", "special", 2, "p_else.go"},
	} {
		config, left := on(c.system, c.tags)
		wantUpdate(t, config, c.files)
		if got := strings.Join(*left, " "); got != c.left {
			t.Errorf("%s %s: left out %s, want %s", c.system, c.tags, got, c.left)
		}
		if stale, err := Check(t.Context(), config); err != nil || len(stale) > 0 {
			t.Errorf("%s %s: stale: %v %v", c.system, c.tags, stale, err)
		}
	}
	for name, want := range map[string]string{
		"special/users_dual.go": "(special || other) && linux && amd64", "special/users_dual_test.go": "(special || other) && linux && amd64",
		"systems/linux_dual.go": "linux", "systems/else_dual.go": "!linux",
	} {
		if got := readFile(t, filepath.Join(dir, name)); !strings.HasPrefix(got, source.Header+"\n\n//go:build "+want+"\n\npackage ") {
			t.Errorf("%s begins with %q", name, got[:100])
		}
	}
	goCommand(t, dir, []string{"GOOS=linux", "GOARCH=amd64"}, "vet", "-tags=special", "./...")
	goCommand(t, dir, []string{"GOOS=linux", "GOARCH=amd64"}, "vet", "./...")
	goCommand(t, dir, []string{"GOOS=windows", "GOARCH=amd64"}, "build", "./...")
}

// TestCommandIsTheUsers: the console command is written once and compiles; what the user makes of it stays, and is not stale.
func TestCommandIsTheUsers(t *testing.T) {
	dir := newModule(t)
	writeFile(t, filepath.Join(dir, "p.go"), fill(modulesInput, "FLAGS", "-test=false -ctl cmd/usersctl"))
	wantUpdate(t, Config{Dir: dir}, 2)
	goCommand(t, dir, nil, "vet", "./...")
	name := filepath.Join(dir, "cmd", "usersctl", "main.go")
	own := readFile(t, name) + "\n// Mine.\n"
	writeFile(t, name, []byte(own))
	wantUpdate(t, Config{Dir: dir}, 0)
	if stale, err := Check(t.Context(), Config{Dir: dir}); err != nil || len(stale) > 0 || readFile(t, name) != own {
		t.Errorf("the user's command is not left alone: %v %v", stale, err)
	}
}

// TestInternalPackages: a store in an internal package serves where the output may import it, else it is refused; so is a
// package main in another package's output.
func TestInternalPackages(t *testing.T) {
	dir := newModule(t)
	writeFile(t, filepath.Join(dir, "inner", "internal", "rows", "rows.go"), fill(rowsInput, "PACKAGE", "rows"))
	writeFile(t, filepath.Join(dir, "inner", "app", "p.go"), fill(modulesInput, "FLAGS", "-new ../internal/rows.Users"))
	writeFile(t, filepath.Join(dir, "main.go"), append(fill(modulesInput, "PACKAGE", "main"), "\nfunc main() {}\n"...))
	wantUpdate(t, Config{Dir: dir}, 4)
	goCommand(t, dir, nil, "vet", "./...")
	writeFile(t, filepath.Join(dir, "outer", "p.go"), fill(modulesInput, "FLAGS", "-new ../inner/internal/rows.Users"))
	writeFile(t, filepath.Join(dir, "main.go"), append(fill(modulesInput, "PACKAGE", "main", "FLAGS", "-out other/other.go"), "\nfunc main() {}\n"...))
	_, err := Generate(t.Context(), Config{Dir: dir})
	var list scanner.ErrorList
	if !errors.As(err, &list) || len(list) != 2 {
		t.Fatalf("want two diagnostics, got %v", err)
	}
	for i, want := range []string{
		"would import example.com/golden, which is a program",
		"may not import example.com/golden/inner/internal/rows, which is internal to example.com/golden/inner",
	} {
		if !strings.Contains(list[i].Msg, want) || !strings.Contains(list[i].Msg, "-out") {
			t.Errorf("want %s, got %s", want, list[i].Msg)
		}
	}
}
