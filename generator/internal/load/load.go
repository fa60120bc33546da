// Package load loads the packages of a run, all in one load, and finds in them the interfaces that its lines ask for, with what is said
// above them.
package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/packages"

	"github.com/dualgen/dualgen/generator/internal/source"
)

// Import paths of the packages that generated code uses beside the user's. The generator knows only these paths.
const (
	DualPath    = "github.com/dualgen/dualgen/runtime/dual"
	convertPath = "github.com/dualgen/dualgen/runtime/convert"
	SuitePath   = "github.com/dualgen/dualgen/runtime/dualtest"
	testifyPath = "github.com/stretchr/testify/require"
)

// loadMode asks what the packages consist of. Their syntax and types are the universe's to find.
const loadMode = packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports |
	packages.NeedModule | packages.NeedExportFile

// Program is everything that one load found.
type Program struct {
	Config    *source.Config
	Fset      *token.FileSet
	ByDir     map[string]*packages.Package
	ByPath    map[string]*packages.Package
	processed map[string]bool // files that the go command made of the user's
	Universe  *universe

	index  sync.Once
	fields map[token.Pos]*ast.Field // methods of interfaces, by the position of their names; made when first asked for

	mu       sync.Mutex
	consumed map[string]bool // positions of the directives that were read

	all         []*source.Request // of the modules, whatever the run covers
	asked       []string          // packages that were asked for, by directory or path
	wrapped     sync.Once
	byInterface map[*types.TypeName][]*source.Request // made when first asked for

	// Untested: the module does not provide yet what the generated tests import, so that they cannot be type-checked.
	Untested bool
}

// Packages type-checks the packages of the requests and of their stores at once. Our own output does not enter it, function
// bodies are dropped, and errors are left in the packages: only those that reach a wrapped interface matter. more are
// further packages to load.
func Packages(ctx context.Context, config *source.Config, found *source.Found, more ...string) (*Program, error) {
	overlay, err := writeOverlay(found.Own)
	if err != nil {
		return nil, err
	}
	defer os.Remove(overlay)
	tags, err := mergedTags(ctx, config)
	if err != nil {
		return nil, err
	}
	p := &Program{
		Config: config, Fset: token.NewFileSet(),
		ByDir: map[string]*packages.Package{}, ByPath: map[string]*packages.Package{},
		consumed: map[string]bool{}, processed: map[string]bool{}, all: found.All,
	}
	settings := &packages.Config{
		Context:    ctx,
		Mode:       loadMode,
		Dir:        config.Dir,
		Env:        config.Env,
		Fset:       p.Fset,
		BuildFlags: append([]string{"-overlay=" + overlay}, tags...),
	}
	p.asked = append(patterns(found.Requests), more...)
	asked := p.asked
	wanted := slices.Concat(asked, supporting(found.Requests))
	loaded, err := packages.Load(settings, wanted...)
	if err == nil && len(loaded) == 0 {
		// So the go command answers where a package's requirements are not in go.mod yet, as in a module that has just got
		// dualgen as a tool. What the wrapper needs is there; what the tests need comes with the next go mod tidy.
		p.Untested = true
		wanted = slices.DeleteFunc(wanted, func(path string) bool { return path == SuitePath || path == testifyPath })
		loaded, err = packages.Load(settings, wanted...)
	}
	if err == nil && len(loaded) == 0 {
		err = errors.New("the go command lists no package: run go mod tidy, and see what go list says")
	}
	if err != nil {
		return nil, fmt.Errorf("load packages: %w", err)
	}
	for _, pkg := range loaded {
		p.ByPath[pkg.PkgPath] = pkg
		if pkg.Dir != "" {
			p.ByDir[pkg.Dir] = pkg
		}
		for _, name := range pkg.CompiledGoFiles {
			p.processed[name] = !slices.Contains(pkg.GoFiles, name)
		}
	}
	p.Universe = newUniverse(ctx, p, func(pkg *packages.Package) bool {
		return !slices.Contains(asked, pkg.PkgPath) && !slices.Contains(asked, pkg.Dir)
	})
	if err := p.Universe.checkSources(); err != nil {
		return nil, err
	}
	return p, p.Universe.complete()
}

// patterns are the packages that requests ask for: those of the interfaces and of the stores, and those that output goes to.
func patterns(requests []*source.Request) []string {
	var all []string
	for _, r := range requests {
		all = append(all, r.Dir())
		for _, store := range r.Flags.Stores {
			for _, pkg := range source.ReferredPackages(store.Text) {
				if strings.HasPrefix(pkg, ".") {
					pkg = source.Absolute(r.Dir(), pkg)
				}
				all = append(all, pkg)
			}
		}
		if out := r.Flags.Out.Text; out != "" && source.HasGoFiles(filepath.Dir(source.Absolute(r.Dir(), out))) {
			all = append(all, filepath.Dir(source.Absolute(r.Dir(), out)))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// supporting are the packages that output imports beside the user's.
func supporting(requests []*source.Request) []string {
	all := []string{DualPath, convertPath}
	if slices.ContainsFunc(requests, func(r *source.Request) bool { return r.Flags.Test }) {
		all = append(all, SuitePath, testifyPath)
	}
	return all
}

// writeOverlay tells the go command that our own output does not exist. It returns the name of a temporary file.
func writeOverlay(own []string) (name string, err error) {
	replace := map[string]string{}
	for _, file := range own {
		replace[file] = ""
	}
	content, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", fmt.Errorf("write the overlay: %w", err)
	}
	file, err := os.CreateTemp("", "dualgen-overlay-*.json")
	if err != nil {
		return "", fmt.Errorf("write the overlay: %w", err)
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Close()); err != nil {
		os.Remove(file.Name())
		return "", fmt.Errorf("write the overlay: %w", err)
	}
	return file.Name(), nil
}

// mergedTags is the -tags flag with the user's GOFLAGS in it: on its own, a -tags flag would replace theirs.
func mergedTags(ctx context.Context, config *source.Config) ([]string, error) {
	if config.Tags == "" {
		return nil, nil
	}
	command := exec.CommandContext(ctx, "go", "env", "GOFLAGS")
	command.Dir, command.Env = config.Dir, config.Env
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("read GOFLAGS: %w", err)
	}
	tags := []string{config.Tags}
	for flag := range strings.FieldsSeq(string(output)) {
		if value, ok := strings.CutPrefix(strings.TrimPrefix(flag, "-"), "-tags="); ok {
			tags = append(tags, value)
		} else if value, ok := strings.CutPrefix(flag, "-tags="); ok {
			tags = append(tags, value)
		}
	}
	return []string{"-tags=" + strings.Join(tags, ",")}, nil
}

// Position is where a node stands.
func (p *Program) Position(pos token.Pos) token.Position { return p.untrimmed(p.Fset.Position(pos)) }

// untrimmed gives a position's file the name that it has on this machine. Export data that was made with -trimpath names it by its
// package, as example.com/mod@v1.2.3/users/users.go.
func (p *Program) untrimmed(at token.Position) token.Position {
	if at.Filename == "" || filepath.IsAbs(at.Filename) || p.Universe == nil {
		return at
	}
	dir, base := path.Split(at.Filename)
	if module, rest, versioned := strings.Cut(dir, "@"); versioned {
		_, below, _ := strings.Cut(rest, "/")
		dir = path.Join(module, below)
	}
	if pkg := p.Universe.Listed[path.Clean(dir)]; pkg != nil {
		for _, file := range pkg.GoFiles {
			if filepath.Base(file) == base {
				at.Filename = file
			}
		}
	}
	return at
}

// Place is where a node stands in its file, whatever //line says: what compares positions compares these. The version of a file that
// cgo makes has the lines of the user's file by its //line alone.
func (p *Program) Place(pos token.Pos) token.Position {
	at := p.Fset.PositionFor(pos, false)
	if p.processed[at.Filename] {
		return p.Fset.Position(pos)
	}
	return at
}

// file is the syntax of a file that was loaded, with its package.
func (p *Program) file(name string) (*packages.Package, *ast.File) {
	pkg := p.ByDir[filepath.Dir(name)]
	if pkg == nil {
		return nil, nil
	}
	for _, file := range pkg.Syntax {
		if p.Place(file.Package).Filename == name {
			return pkg, file
		}
	}
	return pkg, nil
}

// LeavesOut reports whether the build constraints exclude the file of a request: the go command then runs none of its
// lines, and neither does a run over the module.
func (p *Program) LeavesOut(r *source.Request) bool {
	if p.Config.Line != 0 {
		return false
	}
	for _, pkg := range p.ByPath {
		if slices.Contains(pkg.IgnoredFiles, r.File) {
			if p.Config.LeftOut != nil {
				p.Config.LeftOut(r.Pos)
			}
			return true
		}
	}
	return false
}

// Absent reports whether the load looked for a package and did not find it. Of one that it did not look for, the
// self-check asks the go command.
func (p *Program) Absent(path string) bool {
	pkg := p.ByPath[path]
	for _, root := range p.ByPath {
		if pkg == nil {
			pkg = root.Imports[path]
		}
	}
	return pkg != nil && path != "unsafe" && path != "C" && pkg.ExportFile == "" && len(pkg.GoFiles) == 0
}

// Reaches reports whether a package imports another, directly or not.
func Reaches(pkg *packages.Package, path string, seen map[*packages.Package]bool) bool {
	if seen[pkg] {
		return false
	}
	seen[pkg] = true
	for _, imported := range pkg.Imports {
		if imported.PkgPath == path || Reaches(imported, path, seen) {
			return true
		}
	}
	return false
}
