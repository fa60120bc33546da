package generator

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/dualgen/dualgen/generator/internal/source"
)

// TestSubRepositoryAlone: each line of a tree of wrappers, alone as go generate runs it, writes what all lines write together, though
// the wrappers that it makes are written to other packages, and by other lines.
func TestSubRepositoryAlone(t *testing.T) {
	for _, name := range []string{"sub_packages", "sub_repository", "sub_transaction"} {
		t.Run(name, func(t *testing.T) {
			module := newModule(t)
			g := readGolden(t, "../testdata/golden/"+name+".txtar", module)
			whole, err := Generate(t.Context(), Config{Dir: module})
			if err != nil {
				t.Fatal(err)
			}
			config, err := source.Config{Dir: g.dir}.Complete()
			if err != nil {
				t.Fatal(err)
			}
			found, err := source.Find(&config)
			if err != nil {
				t.Fatal(err)
			}
			alone := map[string][]byte{}
			for _, r := range found.Requests {
				files, err := Generate(t.Context(), Config{Dir: r.Dir(), File: r.File, Line: r.Pos.Line, Args: argsOf(t, r)})
				if err != nil {
					t.Fatalf("%v alone: %v", r.Pos, err)
				}
				for _, f := range files {
					alone[f.Path] = f.Source
				}
			}
			if len(alone) != len(whole) {
				t.Errorf("%d files by lines alone, %d by all together", len(alone), len(whole))
			}
			for _, f := range whole {
				if !bytes.Equal(alone[f.Path], f.Source) {
					t.Errorf("%s differs where its line runs alone", f.Path)
				}
			}
		})
	}
}

// argsOf are the words of a line after the tool's name.
func argsOf(t *testing.T, r *source.Request) []string {
	t.Helper()
	source, err := os.ReadFile(r.File)
	if err != nil {
		t.Fatal(err)
	}
	_, args, _ := strings.Cut(strings.Split(string(source), "\n")[r.Pos.Line-1], "dualgen")
	return strings.Fields(args)
}
