package generator

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const modulePath = "github.com/dualgen/dualgen/"

// importRule says what a package and all that it depends on may be made of.
type importRule struct {
	pkg string // below the module
	// ours are the packages of this module that it may depend on; a trailing / means all below.
	ours []string
	// theirs are the beginnings of the other modules' paths that it may depend on.
	theirs []string
	// never are packages that it must not import itself.
	never []string
}

// core is what a service compiles of the runtime beside package dual.
var core = []string{
	"runtime/internal/hooks", "runtime/internal/process", "runtime/internal/canary", "runtime/internal/limits", "runtime/journal",
	"runtime/control", "runtime/phase",
}

// importRules are the table of the architecture.
func importRules() []importRule {
	return []importRule{
		{pkg: "runtime/phase", ours: []string{"runtime/internal/limits"}, never: []string{"testing", "reflect"}},
		{pkg: "runtime/internal/hooks", never: []string{"testing", "reflect"}},
		{pkg: "runtime/journal", ours: []string{"runtime/internal/hooks", "runtime/internal/limits", "runtime/phase"}, never: []string{"testing", "reflect"}},
		{pkg: "runtime/control", ours: []string{"runtime/internal/hooks", "runtime/internal/limits", "runtime/phase", "runtime/journal"}, never: []string{"testing", "reflect"}},
		{pkg: "runtime/convert", ours: slices.Concat(core, []string{"runtime/dual"}), never: []string{"testing"}},
		{pkg: "runtime/dual", ours: core, never: []string{"testing", "reflect"}},
		{pkg: "runtime/proxy", ours: slices.Concat(core, []string{"runtime/dual"}), never: []string{"testing"}},
		{pkg: "runtime/reconcile", ours: []string{"runtime/"}},
		{pkg: "runtime/backfill", ours: []string{"runtime/"}},
		{pkg: "runtime/fallback", ours: []string{"runtime/"}},
		{pkg: "runtime/verify", ours: []string{"runtime/"}},
		{pkg: "internal/plan", never: []string{"testing"}},
		{pkg: "internal/convert", ours: []string{"internal/plan", "internal/identifier", "internal/convert/"}},
		{pkg: "templates", ours: []string{"internal/plan", "internal/identifier", "templates/internal/"}, theirs: []string{"github.com/dave/jennifer"}},
		{pkg: "generator/internal/text", ours: []string{"internal/identifier"}, never: []string{"testing"}},
		{pkg: "generator/internal/report", never: []string{"testing"}},
		{pkg: "generator/internal/directive", ours: []string{"internal/plan", "internal/identifier", "generator/internal/text", "generator/internal/report"}},
		{pkg: "generator/internal/diff"},
		{pkg: "generator/internal/parallel", theirs: []string{"golang.org/x/sync"}},
		{pkg: "generator/internal/names", ours: []string{"internal/plan", "internal/identifier", "internal/convert/", "generator/internal/text", "generator/internal/shape"}},
		{pkg: "generator/internal/source", ours: []string{"internal/identifier", "generator/internal/text", "generator/internal/report"}, theirs: []string{"golang.org/x/mod"}},
		{pkg: "generator/internal/load", ours: []string{"internal/plan", "internal/identifier", "internal/convert/", "generator/internal/"}, theirs: []string{"golang.org/x/"}, never: []string{modulePath + "generator/internal/decide", modulePath + "generator/internal/model"}},
		{pkg: "generator/internal/render", ours: []string{"internal/plan", "internal/identifier", "generator/internal/report", "generator/internal/parallel", "templates", "templates/internal/"}, theirs: []string{"github.com/dave/jennifer", "golang.org/x/"}},
		{pkg: "generator/internal/wrapper", ours: []string{"internal/plan", "internal/identifier", "internal/convert", "internal/convert/", "generator/internal/"}, theirs: []string{"golang.org/x/"}, never: []string{modulePath + "templates", modulePath + "generator/internal/render"}},
		{pkg: "generator/internal/family", ours: []string{"internal/plan", "internal/identifier", "internal/convert", "internal/convert/", "generator/internal/"}},
		{pkg: "generator/internal/sentinel", ours: []string{"internal/plan", "internal/identifier", "generator/internal/text"}},
		{pkg: "generator/internal/evidence", ours: []string{"internal/plan", "internal/identifier", "generator/internal/report", "internal/proved"}},
		{pkg: "internal/proved", never: []string{"testing"}},
		{pkg: "generator", ours: []string{"internal/plan", "internal/identifier", "internal/convert", "internal/convert/", "generator/internal/", "internal/proved", "templates", "templates/internal/"}, theirs: []string{"github.com/dave/jennifer", "golang.org/x/"}, never: []string{"github.com/dave/jennifer/jen"}},
		{pkg: "cmd/dualgen", ours: []string{"generator", "internal/plan", "internal/identifier", "internal/convert", "internal/convert/", "generator/internal/", "internal/proved", "templates", "templates/internal/"}, theirs: []string{"github.com/dave/jennifer", "golang.org/x/"}},
	}
}

// listed is what the go command says of a package.
type listed struct {
	ImportPath string
	Standard   bool
	Imports    []string
	Deps       []string
}

// TestImportRules holds the architecture's table over what the go command lists: a user who imports the wrapper compiles
// no driver and no test library, and the two halves never import each other.
func TestImportRules(t *testing.T) {
	packages := listPackages(t)
	for _, rule := range importRules() {
		t.Run(rule.pkg, func(t *testing.T) {
			pkg, ok := packages[modulePath+rule.pkg]
			if !ok {
				t.Fatalf("there is no package %s", rule.pkg)
			}
			for _, path := range pkg.Deps {
				if !rule.allows(path, packages) {
					t.Errorf("depends on %s", path)
				}
			}
			for _, path := range rule.never {
				if slices.Contains(pkg.Imports, path) {
					t.Errorf("imports %s", path)
				}
			}
		})
	}
}

// allows reports whether a package may depend on a path.
func (r *importRule) allows(path string, packages map[string]listed) bool {
	if packages[path].Standard {
		return true
	}
	if own, ok := strings.CutPrefix(path, modulePath); ok {
		return slices.ContainsFunc(r.ours, func(allowed string) bool {
			return own == allowed || strings.HasSuffix(allowed, "/") && strings.HasPrefix(own, allowed)
		})
	}
	return slices.ContainsFunc(r.theirs, func(allowed string) bool { return strings.HasPrefix(path, allowed) })
}

// listPackages lists this module's packages and all that they depend on.
func listPackages(t *testing.T) map[string]listed {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", "list", "-deps", "-json=ImportPath,Standard,Imports,Deps", "./runtime/...", "./generator/...", "./templates/...", "./cmd/...", "./internal/proved")
	command.Dir = ".."
	output, err := command.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	all := map[string]listed{}
	for decoder := json.NewDecoder(strings.NewReader(string(output))); ; {
		var pkg listed
		err := decoder.Decode(&pkg)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all[pkg.ImportPath] = pkg
	}
}
