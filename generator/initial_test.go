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
		"./p.Generic": {`-old "./OLD.Generic[K]"`, "//dualgen:entity Item key=ID get=Get put=Save delete=?", "// ? cannot tell whether Process reads or writes",
			"//     //dualgen:read", "type Generic interface { … }"},
		"./p.Described": {"-old ./OLD.Described", "//dualgen:entity Item key=ID get=Get put=Save delete=none", "// Get: Read, by its name. Key: id."},
		"io.Closer":     {"// Close: Lifecycle, by its name.", "type Closer interface{ io.Closer }"},
	} {
		got, err := Initial(t.Context(), Config{Dir: dir}, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range want {
			if !strings.Contains(got, line) {
				t.Errorf("%s: not said: %s\nbut: %s", name, line, got)
			}
		}
	}
	for name, want := range map[string]string{"./p.Genric": "did you mean Generic?", "p.Generic": "package p cannot be loaded", "./p.Item": "Item is no interface"} {
		if _, err := Initial(t.Context(), Config{Dir: dir}, name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %s, got %v", name, want, err)
		}
	}
}
