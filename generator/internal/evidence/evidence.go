// Package evidence holds a wrapper to the record that a run of its conformance test over real stores has left: whether there is
// one, and whether it is about the sources as they are now.
package evidence

import (
	"context"
	"fmt"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/internal/proved"
)

// Config says where the go command runs that lists the stores' packages.
type Config struct {
	Dir string   // of the run: paths in remedies start there
	Env []string // nil for the process's own
}

// Check reports what is wrong with the record of a repository, each at the position of its //go:generate line.
func Check(ctx context.Context, config Config, repo *plan.Repository, reports *report.List) {
	if repo.HandsOutOnly() {
		return // what it hands out has records of its own
	}
	c := &check{ctx: ctx, config: config, repo: repo, reports: reports}
	if repo.Output.TestFile == "" {
		reports.Addf(repo.Pos, "drop -test=false, and call the conformance test from a test that opens both stores",
			"%s has no conformance test to prove anything by", repo.Interface.Name())
		return
	}
	c.file = strings.TrimSuffix(repo.Output.File, ".go") + proved.Extension
	text, err := os.ReadFile(c.file)
	if os.IsNotExist(err) {
		c.stale(first(repo), "there is no %s: nothing says what was proved of the stores", filepath.Base(c.file))
		return
	}
	if err == nil {
		c.record, err = proved.Parse(text)
	}
	if err != nil {
		c.stale("", "%s cannot be read: %v", filepath.Base(c.file), err)
		return
	}
	if test := c.record.Test; !hasTest(filepath.Dir(c.file), test) {
		c.record.Test = "" // the remedy would run nothing, and say ok
		c.stale(first(repo), "%s was left by %s, and no test of that name is there now", filepath.Base(c.file), test)
		return
	}
	c.sources()
}

// first is what precedes the command of a remedy where there may be no test to run.
func first(repo *plan.Repository) string {
	return "call " + repo.Names.Conformance + " from a test that opens both real stores, and then run\n"
}

// hasTest reports whether a test of a directory has that name.
func hasTest(dir, name string) bool {
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		return false
	}
	begin := regexp.MustCompile(`(?m)^func ` + regexp.QuoteMeta(name) + `\(`)
	return slices.ContainsFunc(files, func(file string) bool {
		text, err := os.ReadFile(file)
		return err == nil && begin.Match(text)
	})
}

// check is one repository's.
type check struct {
	ctx     context.Context
	config  Config
	repo    *plan.Repository
	reports *report.List
	file    string
	record  *proved.Record
}

// stale reports that a new run is needed, and how it is made.
func (c *check) stale(first, format string, args ...any) {
	dir := filepath.Dir(c.file)
	if rel, err := filepath.Rel(c.config.Dir, dir); err == nil {
		dir = "./" + filepath.ToSlash(rel)
	}
	test := ""
	if c.record != nil && c.record.Test != "" {
		test = " -run '^" + c.record.Test + "$'"
	}
	remedy := fmt.Sprintf("%s%s=1 go test -count=1%s %s\nand check in %s", first, proved.Variable, test, dir, filepath.Base(c.file))
	c.reports.Addf(c.repo.Pos, remedy, format, args...)
}

// sources compares what was proved with what is there now.
func (c *check) sources() {
	out := c.repo.Output
	for _, file := range []struct {
		path   string
		proved proved.Source
	}{{out.File, c.record.Generated}, {out.TestFile, c.record.Suite}} {
		if hash, err := proved.File(file.path); err != nil || hash != file.proved.Hash || filepath.Base(file.path) != file.proved.Name {
			c.stale("", "%s was written for another %s than the one that is there", filepath.Base(c.file), filepath.Base(file.path))
			return
		}
	}
	for i, side := range []string{"old", "new"} {
		had := c.record.Stores[i]
		if path := packageOf(c.repo.Stores[i].Type); path != "" && path != had.Name {
			c.stale("", "%s was written for the %s store %s, and it is %s now", filepath.Base(c.file), side, had.Name, path)
			return
		}
		hash, err := proved.Package(c.ctx, filepath.Dir(c.file), c.config.Env, had.Name)
		switch {
		case err != nil:
			c.stale("", "%s was written for the %s store's package, which cannot be listed: %v", filepath.Base(c.file), side, err)
			return
		case hash != had.Hash:
			c.stale("", "%s was written for other sources of the %s store, %s, than those that are there", filepath.Base(c.file), side, had.Name)
			return
		}
	}
}

// packageOf is the import path of a store's type, or "" for an interface.
func packageOf(t types.Type) string {
	if pointer, ok := types.Unalias(t).(*types.Pointer); ok {
		t = pointer.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || types.IsInterface(t) || named.Obj().Pkg() == nil {
		return ""
	}
	return named.Obj().Pkg().Path()
}
