package generator

import (
	"bytes"
	"errors"
	"go/scanner"
	"go/token"
	"os"
	"path/filepath"
	"slices"
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

// subInput has stores that hand out what the interface says, as a service has them before there is a wrapper. FLAGS are those of the
// line above the one that hands out.
var subInput = map[string]string{
	"p.go": `package p

import (
	"context"
	"errors"
)

var ErrNotFound = errors.New("not found")

type User struct{ ID string }

//go:generate go tool dualgen FLAGS
type Store interface {
	Users() UserStore
}

type UserStore interface {
	Get(ctx context.Context, id string) (User, error)
	Save(ctx context.Context, user User) error
	Delete(ctx context.Context, id string) error
	List(ctx context.Context) ([]User, error)
}
`,
	"oldstore/store.go": "package oldstore\n\nimport \"example.com/golden/p\"\n\ntype Store struct{ p.Store }\n",
	"newstore/store.go": "package newstore\n\nimport \"example.com/golden/p\"\n\ntype Store struct{ p.Store }\n",
}

// TestSubLinePasted: the line that is shown for what is handed out does as it stands, wherever the output goes, and then the conformance
// test of the one that hands out runs that of the other.
func TestSubLinePasted(t *testing.T) {
	for _, test := range []struct{ flags, line, output string }{
		{"", "//go:generate go tool dualgen", ""},
		{"-old ./oldstore.Store -new ./newstore.Store", "//go:generate go tool dualgen -out pdual/user_store_dual.go", "pdual"},
		{"-old ./oldstore.Store -new ./newstore.Store -out ../wrappers/store_dual.go", "//go:generate go tool dualgen -out ../wrappers/user_store_dual.go", "../wrappers"},
	} {
		t.Run(test.flags, func(t *testing.T) {
			dir := filepath.Join(newModule(t), "p")
			for name, text := range subInput {
				writeFile(t, filepath.Join(dir, name), []byte(strings.Replace(text, "FLAGS", test.flags, 1)))
			}
			_, err := Generate(t.Context(), Config{Dir: dir})
			if err == nil || !strings.HasSuffix(err.Error(), "\n\t"+test.line) {
				t.Fatalf("asked for another line than %s: %v", test.line, err)
			}
			source := strings.Replace(strings.Replace(subInput["p.go"], "FLAGS", test.flags, 1), "type UserStore", test.line+"\ntype UserStore", 1)
			writeFile(t, filepath.Join(dir, "p.go"), []byte(source))
			files, err := Generate(t.Context(), Config{Dir: dir})
			if err != nil {
				t.Fatal(err)
			}
			runs := false
			for _, f := range files {
				runs = runs || filepath.Base(f.Path) == "store_dual_test.go" && bytes.Contains(f.Source, []byte("RunUserStoreConformance("))
				if want := filepath.Join(dir, test.output); filepath.Dir(f.Path) != want {
					t.Errorf("%s is not in %s", f.Path, want)
				}
			}
			if !runs {
				t.Error("the test of what hands out does not run that of what is handed out")
			}
		})
	}
}

// TestNextOfSubRepositories: what comes next is told once for all wrappers of a run, and names the test that tries all of them, also where
// each line runs alone.
func TestNextOfSubRepositories(t *testing.T) {
	dir := filepath.Join(newModule(t), "p")
	for name, text := range subInput {
		text = strings.Replace(text, "FLAGS", "", 1)
		writeFile(t, filepath.Join(dir, name), []byte(strings.Replace(text, "type UserStore", "//go:generate go tool dualgen\ntype UserStore", 1)))
	}
	const next = "\n\tnext: go mod tidy; go tool dualgen explain, to see what was decided and why; a test that calls RunStoreConformance over the two real stores; go test "
	for name, c := range map[string]struct {
		config Config
		want   []string
	}{
		"all":          {Config{Dir: dir}, []string{"store_dual.go is new, and beside it its tests", "user_store_dual.go is new, and beside it its tests" + next + "."}},
		"from above":   {Config{Dir: filepath.Dir(dir)}, []string{"store_dual.go is new, and beside it its tests", "user_store_dual.go is new, and beside it its tests" + next + "./p"}},
		"hands out":    {Config{Dir: dir, File: "p.go", Line: 12}, []string{"store_dual.go is new, and beside it its tests" + next + "."}},
		"a handed out": {Config{Dir: dir, File: "p.go", Line: 17}, []string{"user_store_dual.go is new, and beside it its tests" + next + "."}},
	} {
		t.Run(name, func(t *testing.T) {
			var noted []string
			c.config.Note = func(_ token.Position, what string) { noted = append(noted, what) }
			if _, err := Generate(t.Context(), c.config); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(noted, c.want) {
				t.Errorf("noted %q, want %q", noted, c.want)
			}
		})
	}
}

// TestTrimmedPositions: export data that was made with -trimpath names files by their packages. What is reported names them as they are.
func TestTrimmedPositions(t *testing.T) {
	module := newModule(t)
	g := readGolden(t, "../testdata/golden/sub_misuse.txtar", module)
	said := map[string]string{}
	for _, flags := range []string{"", "-trimpath"} {
		_, err := Generate(t.Context(), Config{Dir: g.dir, Env: append(os.Environ(), "GOFLAGS="+flags)})
		if err == nil {
			t.Fatal("nothing is reported")
		}
		var all scanner.ErrorList
		if errors.As(err, &all) {
			for _, e := range all {
				said[flags] += e.Error() + "\n"
			}
		}
	}
	if said[""] != said["-trimpath"] || !strings.Contains(said[""], " of dep/dep.go") {
		t.Errorf("without -trimpath:\n%s\nwith -trimpath:\n%s", said[""], said["-trimpath"])
	}
}
