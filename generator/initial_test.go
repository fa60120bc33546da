package generator

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestInitial: what init prints to begin with, of ordinary, generic, described and foreign interfaces.
func TestInitial(t *testing.T) {
	dir := newModule(t)
	writeFile(t, filepath.Join(dir, "p", "p.go"), []byte(`package p

import (
	"context"
	"errors"
)

var ErrNotFound = errors.New("not found")

type Item[K ~string] struct{ ID K }

type Generic[K ~string] interface {
	Get(ctx context.Context, id K) (Item[K], error)
	Save(ctx context.Context, item Item[K]) error
	Process(ctx context.Context, id K) error
}

//dualgen:entity Item delete=none
type Described interface {
	Get(ctx context.Context, id string) (Item[string], error)
	Save(ctx context.Context, item Item[string]) error
}
`))
	for name, want := range map[string][]string{
		"./p.Generic": {`-old "./OLD.Generic[K]"`, `//dualgen:entity? Item key=ID get=Get put=Save delete=none "why: `, "// ? cannot tell whether Process reads or writes",
			"//     //dualgen:read"},
		"./p.Described": {"-old ./OLD.Described", "// Get: Read, by its name. Key: id."},
		"io.Closer":     {"// Close: Lifecycle, by its name.", "type Closer interface{ io.Closer }"},
	} {
		got, err := Initial(t.Context(), Config{Dir: dir}, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range want {
			if !strings.Contains(got.Text, line) {
				t.Errorf("%s: not said: %s\nbut: %s", name, line, got.Text)
			}
		}
	}
	for name, want := range map[string]string{"./p.Genric": "did you mean Generic?", "p.Generic": "package p cannot be loaded", "./p.Item": "Item is no interface"} {
		if _, err := Initial(t.Context(), Config{Dir: dir}, name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %s, got %v", name, want, err)
		}
	}
}

// TestInitialWrites: what is proposed is written into the source, each directive where it belongs, and a directive that says less is
// replaced. While a question mark stands nothing is generated; without them everything is.
func TestInitialWrites(t *testing.T) {
	dir := newModule(t)
	name := filepath.Join(dir, "p", "p.go")
	writeFile(t, name, []byte(`package p

import (
	"context"
	"errors"
)

var ErrNotFound = errors.New("not found")

type User struct {
	ID   int64
	Name string
}

// Users keeps users.
//
//dualgen:entity User key=ID
//go:generate go tool dualgen -test=false
type Users interface {
	Get(ctx context.Context, id int64) (User, error)
	// Put stores a user.
	Put(ctx context.Context, user User) (int64, error)
	Update(ctx context.Context, user User) error
	Remove(ctx context.Context, id int64) error
	// GetLastUpdate says when something was written.
	GetLastUpdate(ctx context.Context) (int64, error)
}
`))
	begin, err := Initial(t.Context(), Config{Dir: dir}, "./p.Users")
	if err != nil {
		t.Fatal(err)
	}
	source := string(begin.File.Source)
	for _, want := range []string{
		"//go:generate go tool dualgen -test=false\n//dualgen:entity? User key=ID get=Get put=Put delete=Remove \"why: put: Put may store one only where there is none, since Update stands beside it\"\ntype Users interface {",
		"\t// Put stores a user.\n\t//dualgen:key? result \"why: ",
		"\t//dualgen:read? \"why: its name says both GetLast and Update\"\n\tGetLastUpdate(",
	} {
		if !strings.Contains(source, want) {
			t.Errorf("not written: %s\nbut: %s", want, source)
		}
	}
	if strings.Contains(source, "//dualgen:entity User key=ID\n") {
		t.Errorf("the directive that says less still stands: %s", source)
	}
	writeFile(t, name, begin.File.Source)
	_, err = Generate(t.Context(), Config{Dir: dir})
	if err == nil || strings.Count(err.Error(), "proposed, not decided")+strings.Count(err.Error(), "more errors") == 0 {
		t.Errorf("with question marks: %v", err)
	}
	writeFile(t, name, []byte(strings.NewReplacer("entity? ", "entity ", "key? ", "key ", "read? ", "read ").Replace(source)))
	if files, err := Generate(t.Context(), Config{Dir: dir}); err != nil || len(files) != 1 {
		t.Errorf("without question marks: %d files, %v", len(files), err)
	}
}
