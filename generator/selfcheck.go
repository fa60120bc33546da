package generator

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/gcexportdata"
)

// checker type-checks output before it is handed out, against the packages that were loaded.
type checker struct {
	ctx     context.Context
	program *program

	mu       sync.Mutex
	packages map[string]*types.Package // every package that is known, complete or not
}

// checkAll type-checks every output together with the package it belongs to.
func (p *program) checkAll(ctx context.Context, r *result) error {
	c := &checker{ctx: ctx, program: p, packages: map[string]*types.Package{}}
	for _, pkg := range p.byPath {
		if pkg.Types != nil {
			c.note(pkg.Types)
		}
		for _, imported := range pkg.Imports {
			if imported.Types != nil {
				c.note(imported.Types)
			}
		}
	}
	dirs := r.directories()
	lists := make([]scanner.ErrorList, len(dirs))
	err := parallel(len(dirs), func(i int) (err error) {
		lists[i], err = c.directory(dirs[i], r)
		return err
	})
	if err != nil {
		return err
	}
	faults := slices.Concat(lists...)
	faults.Sort()
	return faults.Err()
}

// directories are those that output goes to.
func (r *result) directories() []string {
	var dirs []string
	for _, f := range r.files {
		dirs = append(dirs, filepath.Dir(f.Path))
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

// note remembers a package and all that it imports.
func (c *checker) note(pkg *types.Package) {
	if known := c.packages[pkg.Path()]; known == pkg || known != nil && known.Complete() {
		return
	}
	c.packages[pkg.Path()] = pkg
	for _, imported := range pkg.Imports() {
		c.note(imported)
	}
}

// directory type-checks the output in one directory: the wrappers with the user's files, then the tests with both.
func (c *checker) directory(dir string, r *result) (scanner.ErrorList, error) {
	var files, tests, external []*ast.File
	path, name := "", ""
	for _, repo := range r.repositories {
		if filepath.Dir(repo.Output.File) == dir {
			path, name = repo.Output.Path, repo.Output.Name
		}
	}
	if path == "" {
		return nil, nil // the console command's: it imports what is not written yet
	}
	if pkg := c.program.byDir[dir]; pkg != nil {
		files = append(files, pkg.Syntax...)
	}
	for _, f := range r.files {
		if filepath.Dir(f.Path) != dir {
			continue
		}
		parsed, err := parser.ParseFile(c.program.fset, f.Path, f.Source, parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("dualgen wrote a file that does not parse, which is a bug: %w", err)
		}
		switch {
		case !strings.HasSuffix(f.Path, "_test.go"):
			files = append(files, parsed)
		case parsed.Name.Name == name:
			tests = append(tests, parsed)
		default:
			external = append(external, parsed)
		}
	}
	_, faults := c.check(c, path, files, r)
	if c.program.untested {
		return faults, nil
	}
	if len(tests) > 0 && len(faults) == 0 {
		_, more := c.check(c, path, slices.Concat(files, tests, c.generators(dir, r)), r)
		faults = append(faults, more...)
	}
	if len(external) > 0 && len(faults) == 0 {
		pkg, _ := c.check(c, path, files, r)
		_, more := c.check(beside{c, pkg}, path+"_test", external, r)
		faults = append(faults, more...)
	}
	return faults, nil
}

// generators are the user's test files that the output's tests call.
func (c *checker) generators(dir string, r *result) []*ast.File {
	parsed := map[string]*ast.File{}
	for _, repo := range r.repositories {
		for _, g := range repo.Generators {
			if g.File == "" || parsed[g.File] != nil || filepath.Dir(g.File) != dir {
				continue
			}
			if file, err := parser.ParseFile(c.program.fset, g.File, nil, parser.SkipObjectResolution); err == nil {
				parsed[g.File] = file
			}
		}
	}
	return slices.Collect(maps.Values(parsed))
}

// check type-checks files as one package and returns the errors that stand in our output.
func (c *checker) check(importer types.Importer, path string, files []*ast.File, r *result) (*types.Package, scanner.ErrorList) {
	var faults scanner.ErrorList
	config := types.Config{
		Importer: importer,
		Error: func(err error) {
			var fault types.Error
			if !errors.As(err, &fault) {
				return
			}
			pos := c.program.position(fault.Pos)
			if i := slices.IndexFunc(r.files, func(f File) bool { return f.Path == pos.Filename }); i >= 0 {
				faults.Add(c.requestOf(pos.Filename, r), explainFault(fault.Msg, pos, r.files[i]))
			}
		},
	}
	pkg, err := config.Check(path, c.program.fset, files, nil)
	if err != nil && pkg == nil {
		faults.Add(token.Position{Filename: path}, err.Error())
	}
	return pkg, faults
}

// requestOf is the position of the //go:generate line that a file belongs to.
func (c *checker) requestOf(name string, r *result) token.Position {
	for _, repo := range r.repositories {
		if repo.Output.File == name || repo.Output.TestFile == name {
			return repo.Pos
		}
	}
	return token.Position{Filename: name}
}

// explainFault says what is wrong with our output, and shows the line.
func explainFault(msg string, pos token.Position, f File) string {
	if path, ok := missingPackage(msg); ok {
		return fmt.Sprintf("the generated code imports %s, which this module does not provide\n\tgo get %s", path, path)
	}
	line := ""
	if lines := strings.Split(string(f.Source), "\n"); pos.Line > 0 && pos.Line <= len(lines) {
		line = strings.TrimSpace(lines[pos.Line-1])
	}
	return fmt.Sprintf("dualgen would write code that does not compile, which is a bug: %s:%d:%d: %s\n\t%s\n\tplease report it with this interface; nothing was written",
		filepath.Base(pos.Filename), pos.Line, pos.Column, msg, line)
}

// errNotProvided marks an import that the module does not provide.
var errNotProvided = errors.New("no package of that path is provided by the module")

// missingPackage finds in a message of the type checker the import that could not be had.
func missingPackage(msg string) (path string, ok bool) {
	rest, ok := strings.CutPrefix(msg, "could not import ")
	if !ok || !strings.Contains(rest, errNotProvided.Error()) {
		return "", false
	}
	path, _, _ = strings.Cut(rest, " ")
	return path, true
}

// beside finds what a checker finds, and a package of output that was checked.
type beside struct {
	*checker
	pkg *types.Package
}

// Import implements types.Importer.
func (b beside) Import(path string) (*types.Package, error) {
	if path == b.pkg.Path() {
		return b.pkg, nil
	}
	return b.checker.Import(path)
}

// Import finds a package for the type checker: one that was loaded, else by its export data.
func (c *checker) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if pkg := c.packages[path]; pkg != nil && pkg.Complete() {
		return pkg, nil
	}
	file, err := c.exportFile(path)
	if err != nil {
		return nil, err
	}
	data, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("open export data: %w", err)
	}
	defer data.Close()
	//lint:ignore SA1019 what go list -export names is still an archive, and go/packages reads it so
	reader, err := gcexportdata.NewReader(data)
	if err != nil {
		return nil, fmt.Errorf("read export data of %s: %w", path, err)
	}
	pkg, err := gcexportdata.Read(reader, c.program.fset, c.packages, path)
	if err != nil {
		return nil, fmt.Errorf("read export data of %s: %w", path, err)
	}
	c.note(pkg)
	return pkg, nil
}

// exportFile asks the go command for a package's export data.
func (c *checker) exportFile(path string) (string, error) {
	for _, pkg := range c.program.byPath {
		if imported := pkg.Imports[path]; imported != nil && imported.ExportFile != "" {
			return imported.ExportFile, nil
		}
	}
	command := exec.CommandContext(c.ctx, "go", "list", "-export", "-f", "{{.Export}}", path)
	command.Dir, command.Env = c.program.config.Dir, c.program.config.Env
	output, err := command.Output()
	file := strings.TrimSpace(string(output))
	if err != nil || file == "" {
		return "", fmt.Errorf("%s: %w", path, errNotProvided)
	}
	return file, nil
}
