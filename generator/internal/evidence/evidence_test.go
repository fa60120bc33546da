package evidence

import (
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/internal/proved"
)

// files are a module with a wrapper, its test and two stores, one of which uses another package.
var files = map[string]string{
	"go.mod":                "module example.com/p\n\ngo 1.24\n",
	"p.go":                  "package p\n",
	"p_test.go":             "package p\n\nfunc TestUsers(t *testing.T) {}\n",
	"users_dual.go":         "package p\n\n// The wrapper.\n",
	"users_dual_test.go":    "package p\n\n// The suite.\n",
	"pg/pg.go":              "package pg\n\nimport \"example.com/p/sqlutil\"\n\ntype Users struct{ sqlutil.DB }\n",
	"pg/pg_test.go":         "package pg\n",
	"cql/cql.go":            "package cql\n\ntype Users struct{}\n",
	"cql/cql_windows.go":    "package cql\n",
	"sqlutil/sqlutil.go":    "package sqlutil\n\ntype DB struct{}\n",
	"unrelated/anything.go": "package unrelated\n",
}

// store is a store's type.
func store(path, name string) types.Type {
	pkg := types.NewPackage(path, filepath.Base(path))
	return types.NewPointer(types.NewNamed(types.NewTypeName(token.NoPos, pkg, name, nil), types.NewStruct(nil, nil), nil))
}

// ground writes the module and the record of a run.
func ground(t *testing.T) (string, *plan.Repository) {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		write(t, dir, name, content)
	}
	repo := &plan.Repository{
		Interface: types.NewTypeName(token.NoPos, types.NewPackage("example.com/p", "p"), "Users", nil),
		Pos:       token.Position{Filename: filepath.Join(dir, "p.go"), Line: 7, Column: 1},
		Output:    plan.Output{File: filepath.Join(dir, "users_dual.go"), TestFile: filepath.Join(dir, "users_dual_test.go")},
		Names:     plan.Names{Conformance: "RunUsersConformance"},
		Stores:    [2]plan.Store{{Type: store("example.com/p/pg", "Users")}, {Type: store("example.com/p/cql", "Users")}},
	}
	record := &proved.Record{Interface: "Users", Test: "TestUsers", Checks: 100, Verdicts: []proved.Verdict{{Law: "put-then-get", Of: "User"}}}
	hash := func(to *proved.Source, name string, of func(string) (string, error)) {
		var err error
		if *to = (proved.Source{Name: name}); err == nil {
			to.Hash, err = of(name)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	file := func(name string) (string, error) { return proved.File(filepath.Join(dir, name)) }
	pkg := func(path string) (string, error) { return proved.Package(t.Context(), dir, nil, path) }
	hash(&record.Generated, "users_dual.go", file)
	hash(&record.Suite, "users_dual_test.go", file)
	hash(&record.Stores[0], "example.com/p/pg", pkg)
	hash(&record.Stores[1], "example.com/p/cql", pkg)
	write(t, dir, "users_dual.proved", string(record.Format()))
	return dir, repo
}

func write(t *testing.T, dir, name, content string) {
	t.Helper()
	name = filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestCheck demands of each change whether it makes the record out of date, and what is said then.
func TestCheck(t *testing.T) {
	const again = "DUALGEN_PROVED=1 go test -count=1 -run '^TestUsers$' ./."
	for _, test := range []struct {
		name   string
		change func(t *testing.T, dir string, repo *plan.Repository)
		says   string // "" where the record is up to date
		remedy string
	}{
		{"nothing", func(*testing.T, string, *plan.Repository) {}, "", ""},
		{"a test of a store", edit("pg/pg_test.go"), "", ""},
		{"a package that no store uses", edit("unrelated/anything.go"), "", ""},
		{"the interface's own package", edit("p.go"), "", ""},
		{"the wrapper", edit("users_dual.go"), "another users_dual.go", again},
		{"the suite", edit("users_dual_test.go"), "another users_dual_test.go", again},
		{"a store", edit("pg/pg.go"), "other sources of the old store, example.com/p/pg", again},
		{"a file of another system", edit("cql/cql_windows.go"), "other sources of the new store", again},
		{"what a store uses", edit("sqlutil/sqlutil.go"), "other sources of the old store", again},
		{"a store of another package", func(_ *testing.T, _ string, repo *plan.Repository) {
			repo.Stores[1].Type = store("example.com/p/unrelated", "Users")
		}, "for the new store example.com/p/cql, and it is example.com/p/unrelated now", again},
		{"a record that nobody can read", func(t *testing.T, dir string, _ *plan.Repository) {
			write(t, dir, "users_dual.proved", "proved: yes\n")
		},
			"cannot be read: line 1", "DUALGEN_PROVED=1 go test -count=1 ./."},
		{"a test of another name", func(t *testing.T, dir string, _ *plan.Repository) {
			write(t, dir, "p_test.go", "package p\n\nfunc TestUsersOfBoth(t *testing.T) {}\n")
		}, "left by TestUsers, and no test of that name", "then run\nDUALGEN_PROVED=1 go test -count=1 ./."},
		{"no record", func(t *testing.T, dir string, _ *plan.Repository) {
			if err := os.Remove(filepath.Join(dir, "users_dual.proved")); err != nil {
				t.Fatal(err)
			}
		}, "there is no users_dual.proved", "call RunUsersConformance"},
		{"no suite", func(_ *testing.T, _ string, repo *plan.Repository) { repo.Output.TestFile = "" }, "Users has no conformance test", "drop -test=false"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir, repo := ground(t)
			test.change(t, dir, repo)
			var reports report.List
			Check(t.Context(), Config{Dir: dir}, repo, &reports)
			all := reports.All()
			if test.says == "" {
				if len(all) > 0 {
					t.Errorf("reported: %v", all)
				}
				return
			}
			if len(all) != 1 || !strings.Contains(all[0].What, test.says) || !strings.Contains(all[0].Remedy, test.remedy) || all[0].Pos != repo.Pos {
				t.Errorf("got %+v\nwant %s\n%s", all, test.says, test.remedy)
			}
		})
	}
}

// edit changes a file.
func edit(name string) func(*testing.T, string, *plan.Repository) {
	return func(t *testing.T, dir string, _ *plan.Repository) {
		write(t, dir, name, files[name]+"\n// A change.\n")
	}
}
