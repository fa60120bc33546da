package peers

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// perPackage is how many interfaces stand in one package.
const perPackage = 10

// module is a module with interfaces to generate for.
type module struct {
	dir      string
	packages []string // names of its packages, which are their directories
	count    []int    // interfaces of each
}

// newModule writes a module with so many interfaces. Each is a repository, and beside it what goverter takes: the conversion
// between its entity and a row.
func newModule(b testing.TB, interfaces int) *module {
	b.Helper()
	m := &module{dir: b.TempDir()}
	m.write(b, "go.mod", fmt.Sprintf("module example.com/shop\n\ngo 1.26\n\nrequire github.com/dualgen/dualgen v0.0.0\n\nreplace github.com/dualgen/dualgen => %s\n", runtimeOnly(b)))
	for n := 0; n < interfaces; n += perPackage {
		name := fmt.Sprintf("p%d", n/perPackage)
		m.packages = append(m.packages, name)
		m.count = append(m.count, min(perPackage, interfaces-n))
		m.writePackage(b, name, min(perPackage, interfaces-n))
	}
	m.write(b, ".mockery.yml", m.mockery())
	return m
}

// runtimeOnly is a directory with the packages that wrappers import: a user's module has no other source of ours.
func runtimeOnly(b testing.TB) string {
	b.Helper()
	dir := b.TempDir()
	list := exec.CommandContext(b.Context(), "go", "list", "-deps", "-f", "{{if .Module}}{{.ImportPath}}{{end}}", "./runtime/dual", "./runtime/convert")
	list.Dir = "../.."
	output, err := list.Output()
	if err != nil {
		b.Fatalf("go list: %v", err)
	}
	for path := range strings.FieldsSeq(string(output)) {
		folder := strings.TrimPrefix(path, "github.com/dualgen/dualgen/")
		if err := os.CopyFS(filepath.Join(dir, folder), os.DirFS(filepath.Join("../..", folder))); err != nil {
			b.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module github.com/dualgen/dualgen\n\ngo 1.26\n"), 0o666); err != nil {
		b.Fatal(err)
	}
	return dir
}

// writePackage writes a package of repositories.
func (m *module) writePackage(b testing.TB, name string, interfaces int) {
	var w strings.Builder
	fmt.Fprintf(&w, "package %s\n\nimport (\n\t\"context\"\n\t\"errors\"\n\t\"time\"\n\n\t_ \"github.com/dualgen/dualgen/runtime/dual\"\n)\n\nvar ErrNotFound = errors.New(\"not found\")\n", name)
	for i := range interfaces {
		fmt.Fprintf(&w, `
type User%[1]d struct {
	ID, Name, Mail string
	Tags           []string
	Created        time.Time
	Manager        *string
}

type Row%[1]d struct {
	ID, Name, Mail string
	Tags           []string
	Created        time.Time
	Manager        *string
}

//dualgen:notfound ErrNotFound
//
//go:generate go tool dualgen -test=false
type Users%[1]d interface {
	Get(ctx context.Context, id string) (User%[1]d, error)
	List(ctx context.Context, limit int) ([]User%[1]d, error)
	Save(ctx context.Context, user User%[1]d) error
	Rename(ctx context.Context, id, name string) error
	Delete(ctx context.Context, id string) error
}

// goverter:converter
// goverter:skipCopySameType
// goverter:output:file ./generated/converter%[1]d.go
// goverter:output:package generated
type Converter%[1]d interface {
	User(row Row%[1]d) User%[1]d
	Row(user User%[1]d) Row%[1]d
}
`, i)
	}
	m.write(b, filepath.Join(name, "users.go"), w.String())
}

// mockery is the configuration that mocks the repositories.
func (m *module) mockery() string {
	var w strings.Builder
	w.WriteString("template: matryer\nfilename: mocks_test.go\nformatter: gofmt\npackages:\n")
	for i, name := range m.packages {
		fmt.Fprintf(&w, "  example.com/shop/%s:\n    interfaces:\n", name)
		for n := range m.count[i] {
			fmt.Fprintf(&w, "      Users%d:\n", n)
		}
	}
	return w.String()
}

func (m *module) write(b testing.TB, name, content string) {
	b.Helper()
	name = filepath.Join(m.dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
		b.Fatal(err)
	}
}

// clean removes everything that a generator wrote.
func (m *module) clean(b testing.TB) {
	b.Helper()
	for _, name := range m.outputs(b) {
		if err := os.RemoveAll(name); err != nil {
			b.Fatal(err)
		}
	}
}

// outputs are the files and directories in the packages that are not ours.
func (m *module) outputs(b testing.TB) []string {
	b.Helper()
	all, err := filepath.Glob(filepath.Join(m.dir, "p*", "*"))
	if err != nil {
		b.Fatal(err)
	}
	return slices.DeleteFunc(all, func(name string) bool { return filepath.Base(name) == "users.go" })
}

// written counts the files that a generator wrote.
func (m *module) written(b testing.TB) (files int) {
	b.Helper()
	for _, name := range m.outputs(b) {
		err := filepath.WalkDir(name, func(_ string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() {
				files++
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return files
}
