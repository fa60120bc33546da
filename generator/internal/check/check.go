// Package check looks for faults in output before it is handed out: what it may not import, what the module does not provide, and what
// does not compile.
package check

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/render"
	"github.com/dualgen/dualgen/generator/internal/report"
)

// The kinds of faults of output. Of a run that has several, only the first is shown: the others may follow from it.
const (
	cgoFault = iota
	importFault
	missingFault
	compileFault
	faultKinds
)

// Faults are the faults of one directory's output, by their kind.
type Faults [faultKinds][]report.Diagnostic

// Err is the error of several directories: the faults of the first kind that one of them has.
func Err(all []Faults) error {
	for kind := range faultKinds {
		reports := &report.List{}
		for _, f := range all {
			reports.Put(f[kind]...)
		}
		if err := reports.Err(); err != nil {
			return err
		}
	}
	return nil
}

// checker looks for faults in output before it is handed out.
type checker struct {
	program *load.Program
	*render.Folder
}

// Folder looks for faults in all output of one directory.
func Folder(program *load.Program, f *render.Folder) (faults Faults) {
	c := checker{program, f}
	for kind, look := range [faultKinds]func(*report.List){
		cgoFault:     c.reportCgoTypes,
		importFault:  c.reportImports,
		missingFault: c.reportMissing,
		compileFault: func(r *report.List) { r.Compiler(c.compile()) },
	} {
		found := &report.List{}
		look(found)
		if faults[kind] = found.All(); found.Any() {
			break
		}
	}
	return faults
}

// compile type-checks the output in one directory.
func (c *checker) compile() scanner.ErrorList {
	faults := c.typeCheck()
	if len(faults) == 0 {
		return nil
	}
	for _, o := range c.All() { // so that the faults are found at the positions that they have when formatted
		parsed, err := parser.ParseFile(c.program.Fset, o.Path, o.Source, parser.SkipObjectResolution)
		if err != nil {
			return scanner.ErrorList{{Pos: o.Repo.Pos, Msg: "dualgen would write a file that does not parse, which is a bug: " + err.Error()}}
		}
		o.Syntax = parsed
	}
	if again := c.typeCheck(); len(again) > 0 {
		return again
	}
	return faults
}

// typeCheck checks the wrappers with the user's files, then the tests with both.
func (c *checker) typeCheck() scanner.ErrorList {
	var files, tests, external []*ast.File
	path, name := c.Outputs[0].Repo.Output.Path, c.Outputs[0].Repo.Output.Name
	if pkg := c.program.ByDir[c.Dir]; pkg != nil {
		files = append(files, pkg.Syntax...)
	}
	for _, o := range c.All() {
		switch {
		case o.Repo.Elsewhere(o.Path): // it imports what is not written yet
		case !o.IsTest():
			files = append(files, o.Syntax)
		case o.Syntax.Name.Name == name:
			tests = append(tests, o.Syntax)
		default:
			external = append(external, o.Syntax)
		}
	}
	importer := c.importer()
	faults := &faults{program: c.program, folder: c.Folder, importer: importer}
	own := faults.checker(importer, path)
	faults.check(own, files)
	if c.program.Untested || len(faults.list) > 0 {
		return faults.list
	}
	if len(tests) > 0 {
		faults.check(own, slices.Concat(tests, c.generators()))
	}
	if len(external) > 0 && len(faults.list) == 0 {
		faults.check(faults.checker(beside{importer, own.pkg}, path+"_test"), external)
	}
	return faults.list
}

// generators are the user's test files that the output's tests call.
func (c *checker) generators() []*ast.File {
	parsed := map[string]*ast.File{}
	for _, o := range c.Outputs {
		for _, g := range o.Repo.Generators {
			if g.File == "" || parsed[g.File] != nil || filepath.Dir(g.File) != c.Dir {
				continue
			}
			if file, err := parser.ParseFile(c.program.Fset, g.File, nil, parser.SkipObjectResolution); err == nil {
				parsed[g.File] = file
			}
		}
	}
	return slices.Collect(maps.Values(parsed))
}

// faults are the errors of the type checker that stand in our output.
type faults struct {
	program  *load.Program
	folder   *render.Folder
	importer *importer
	list     scanner.ErrorList
}

// packageChecker type-checks one package, whose files may come one after another.
type packageChecker struct {
	*types.Checker
	pkg *types.Package
}

func (f *faults) checker(importer types.Importer, path string) packageChecker {
	config := &types.Config{Importer: importer, Error: f.add, Sizes: f.program.Universe.Sizes}
	pkg := types.NewPackage(path, "") // its first file gives its name
	return packageChecker{types.NewChecker(config, f.program.Fset, pkg, nil), pkg}
}

// check adds files to a package.
func (f *faults) check(pkg packageChecker, files []*ast.File) {
	_ = pkg.Files(files) // the first of the errors that add has seen
}

// add keeps an error if it stands in our output.
func (f *faults) add(err error) {
	var fault types.Error
	if !errors.As(err, &fault) {
		return
	}
	pos := f.program.Position(fault.Pos)
	i := slices.IndexFunc(f.folder.Outputs, func(o *render.Output) bool { return o.Path == pos.Filename })
	if i < 0 {
		return
	}
	o := f.folder.Outputs[i]
	if path := o.ImportAt(fault.Pos); f.importer.absent(path) {
		f.list.Add(o.Repo.Pos, fmt.Sprintf("the generated code imports %s, which this module does not provide\n\tgo get %s", path, path))
		return
	}
	f.list.Add(o.Repo.Pos, explainFault(fault.Msg, pos, o.Source))
}

// explainFault says what is wrong with our output, and shows the line.
func explainFault(msg string, pos token.Position, source []byte) string {
	line := ""
	if lines := strings.Split(string(source), "\n"); pos.Line > 0 && pos.Line <= len(lines) {
		line = strings.TrimSpace(lines[pos.Line-1])
	}
	return fmt.Sprintf("dualgen would write code that does not compile, which is a bug: %s:%d:%d: %s\n\t%s\n\tplease report it with this interface; nothing was written",
		filepath.Base(pos.Filename), pos.Line, pos.Column, msg, line)
}

// beside finds what the output's package finds, and that package.
type beside struct {
	types.Importer
	pkg *types.Package
}

// Import implements types.Importer.
func (b beside) Import(path string) (*types.Package, error) {
	if path == b.pkg.Path() {
		return b.pkg, nil
	}
	return b.Importer.Import(path)
}
