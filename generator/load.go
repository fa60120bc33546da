package generator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/packages"
)

// Import paths of the packages that generated code uses beside the user's. The generator knows only these paths.
const (
	dualPath    = "github.com/dualgen/dualgen/runtime/dual"
	convertPath = "github.com/dualgen/dualgen/runtime/convert"
	suitePath   = "github.com/dualgen/dualgen/runtime/dualtest"
	testifyPath = "github.com/stretchr/testify/require"
)

// loadMode asks what the packages consist of. Their syntax and types are the universe's to find.
const loadMode = packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports |
	packages.NeedModule | packages.NeedExportFile

// program is everything that one load found.
type program struct {
	config    *Config
	fset      *token.FileSet
	byDir     map[string]*packages.Package
	byPath    map[string]*packages.Package
	processed map[string]bool // files that the go command made of the user's
	universe  *universe

	index  sync.Once
	fields map[token.Pos]*ast.Field // methods of interfaces, by the position of their names; made when first asked for

	mu       sync.Mutex
	consumed map[string]bool // positions of the directives that were read
	// untested: the module does not provide yet what the generated tests import, so that they cannot be type-checked.
	untested bool
}

// load type-checks the packages of the requests and of their stores at once. Our own output does not enter it, function
// bodies are dropped, and errors are left in the packages: only those that reach a wrapped interface matter. more are
// further packages to load.
func load(ctx context.Context, config *Config, found *sources, more ...string) (*program, error) {
	overlay, err := writeOverlay(found.own)
	if err != nil {
		return nil, err
	}
	defer os.Remove(overlay)
	tags, err := mergedTags(ctx, config)
	if err != nil {
		return nil, err
	}
	p := &program{
		config: config, fset: token.NewFileSet(),
		byDir: map[string]*packages.Package{}, byPath: map[string]*packages.Package{},
		consumed: map[string]bool{}, processed: map[string]bool{},
	}
	settings := &packages.Config{
		Context:    ctx,
		Mode:       loadMode,
		Dir:        config.Dir,
		Env:        config.Env,
		Fset:       p.fset,
		BuildFlags: append([]string{"-overlay=" + overlay}, tags...),
	}
	asked := append(patterns(found.requests), more...)
	wanted := slices.Concat(asked, supporting(found.requests))
	loaded, err := packages.Load(settings, wanted...)
	if err == nil && len(loaded) == 0 {
		// So the go command answers where a package's requirements are not in go.mod yet, as in a module that has just got
		// dualgen as a tool. What the wrapper needs is there; what the tests need comes with the next go mod tidy.
		p.untested = true
		wanted = slices.DeleteFunc(wanted, func(path string) bool { return path == suitePath || path == testifyPath })
		loaded, err = packages.Load(settings, wanted...)
	}
	if err == nil && len(loaded) == 0 {
		err = errors.New("the go command lists no package: run go mod tidy, and see what go list says")
	}
	if err != nil {
		return nil, fmt.Errorf("load packages: %w", err)
	}
	for _, pkg := range loaded {
		p.byPath[pkg.PkgPath] = pkg
		if pkg.Dir != "" {
			p.byDir[pkg.Dir] = pkg
		}
		for _, name := range pkg.CompiledGoFiles {
			p.processed[name] = !slices.Contains(pkg.GoFiles, name)
		}
	}
	p.universe = newUniverse(ctx, p, func(pkg *packages.Package) bool {
		return !slices.Contains(asked, pkg.PkgPath) && !slices.Contains(asked, pkg.Dir)
	})
	if err := p.universe.checkSources(); err != nil {
		return nil, err
	}
	return p, p.universe.complete()
}

// patterns are the packages that requests ask for: those of the interfaces and of the stores, and those that output goes to.
func patterns(requests []*request) []string {
	var all []string
	for _, r := range requests {
		all = append(all, r.dir())
		for _, store := range r.flags.stores {
			for _, pkg := range referredPackages(store.Text) {
				if strings.HasPrefix(pkg, ".") {
					pkg = absolute(r.dir(), pkg)
				}
				all = append(all, pkg)
			}
		}
		if out := r.flags.out.Text; out != "" && hasGoFiles(filepath.Dir(absolute(r.dir(), out))) {
			all = append(all, filepath.Dir(absolute(r.dir(), out)))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// supporting are the packages that output imports beside the user's.
func supporting(requests []*request) []string {
	all := []string{dualPath, convertPath}
	if slices.ContainsFunc(requests, func(r *request) bool { return r.flags.test }) {
		all = append(all, suitePath, testifyPath)
	}
	return all
}

// hasGoFiles reports whether there are Go files in a directory.
func hasGoFiles(dir string) bool {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	return err == nil && len(files) > 0
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
func mergedTags(ctx context.Context, config *Config) ([]string, error) {
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

// position is where a node stands.
func (p *program) position(pos token.Pos) token.Position { return p.fset.Position(pos) }

// place is where a node stands in its file, whatever //line says: what compares positions compares these. The version of a file that
// cgo makes has the lines of the user's file by its //line alone.
func (p *program) place(pos token.Pos) token.Position {
	at := p.fset.PositionFor(pos, false)
	if p.processed[at.Filename] {
		return p.fset.Position(pos)
	}
	return at
}

// file is the syntax of a file that was loaded, with its package.
func (p *program) file(name string) (*packages.Package, *ast.File) {
	pkg := p.byDir[filepath.Dir(name)]
	if pkg == nil {
		return nil, nil
	}
	for _, file := range pkg.Syntax {
		if p.place(file.Package).Filename == name {
			return pkg, file
		}
	}
	return pkg, nil
}
