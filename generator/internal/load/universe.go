package load

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"strings"
	"sync"

	"golang.org/x/tools/go/gcexportdata"
	"golang.org/x/tools/go/packages"

	"github.com/dualgen/dualgen/generator/internal/parallel"
	"github.com/dualgen/dualgen/generator/internal/source"
)

// universe has the types of every package that the listed ones and the output need: of those with interfaces and stores from
// their sources, and so of those that import such a package or do not compile; of all others from export data, each when it
// is first asked for, which is ten times faster.
type universe struct {
	Ctx    context.Context
	config *source.Config
	fset   *token.FileSet
	Sizes  types.Sizes

	Listed  map[string]*packages.Package // by import path
	sources map[*packages.Package]*checked

	mu       sync.Mutex
	exported map[string]*types.Package // as export data mentions them, complete or not
}

// checked is a package that is type-checked from its sources, once.
type checked struct {
	*packages.Package
	once sync.Once
}

// newUniverse finds what the packages of a load, of which supporting ones are only imported, have to be read from.
func newUniverse(ctx context.Context, p *Program, supporting func(*packages.Package) bool) *universe {
	u := &universe{
		Ctx: ctx, config: p.Config, fset: p.Fset, Sizes: types.SizesFor("gc", p.Config.Architecture()),
		Listed: map[string]*packages.Package{}, sources: map[*packages.Package]*checked{}, exported: map[string]*types.Package{},
	}
	for _, pkg := range p.ByPath {
		if !supporting(pkg) {
			u.sources[pkg] = &checked{Package: pkg}
		}
	}
	visited := map[*packages.Package]bool{}
	for _, pkg := range p.ByPath {
		u.visit(pkg, visited)
	}
	return u
}

// visit lists a package and all that it imports, and reports whether it has to be read from its sources.
func (u *universe) visit(pkg *packages.Package, visited map[*packages.Package]bool) bool {
	if visited[pkg] {
		return u.sources[pkg] != nil
	}
	visited[pkg] = true
	u.Listed[pkg.PkgPath] = pkg
	needed := u.sources[pkg] != nil || pkg.ExportFile == "" && pkg.PkgPath != "unsafe"
	for _, imported := range pkg.Imports {
		if u.visit(imported, visited) {
			needed = true
		}
	}
	if needed && u.sources[pkg] == nil {
		u.sources[pkg] = &checked{Package: pkg}
	}
	return needed
}

// checkSources type-checks every package that is read from its sources.
func (u *universe) checkSources() error {
	var all []*checked
	for _, s := range u.sources {
		all = append(all, s)
	}
	return parallel.Do(len(all), func(i int) error {
		u.check(all[i])
		return u.Ctx.Err()
	})
}

// types are those of a listed package.
func (u *universe) types(pkg *packages.Package) (*types.Package, error) {
	if pkg.PkgPath == "unsafe" {
		return types.Unsafe, nil
	}
	if s := u.sources[pkg]; s != nil {
		u.check(s)
		return s.Types, nil
	}
	return u.export(pkg.PkgPath, pkg.ExportFile)
}

// Import implements types.Importer for output.
func (u *universe) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if pkg := u.Listed[path]; pkg != nil {
		return u.types(pkg)
	}
	file, err := u.exportFile(path)
	if err != nil {
		return nil, err
	}
	return u.export(path, file)
}

// export reads a package's export data.
func (u *universe) export(path, name string) (*types.Package, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if pkg := u.exported[path]; pkg != nil && pkg.Complete() {
		return pkg, nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open export data: %w", err)
	}
	defer file.Close()
	//lint:ignore SA1019 what go list -export names is still an archive, and go/packages reads it so
	reader, err := gcexportdata.NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("read export data of %s: %w", path, err)
	}
	pkg, err := gcexportdata.Read(reader, u.fset, u.exported, path)
	if err != nil {
		return nil, fmt.Errorf("read export data of %s: %w", path, err)
	}
	return pkg, nil
}

// ErrNotProvided marks an import that the module does not provide.
var ErrNotProvided = errors.New("no package of that path is provided by the module")

// exportFile asks the go command for the export data of a package that it did not list.
func (u *universe) exportFile(path string) (string, error) {
	command := exec.CommandContext(u.Ctx, "go", "list", "-export", "-f", "{{.Export}}", path)
	command.Dir, command.Env = u.config.Dir, u.config.Env
	output, err := command.Output()
	file := strings.TrimSpace(string(output))
	if err != nil || file == "" {
		return "", fmt.Errorf("%s: %w", path, ErrNotProvided)
	}
	return file, nil
}
