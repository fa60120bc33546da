package generator

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

	"github.com/dualgen/dualgen/generator/internal/report"
)

// checker looks for faults in output before it is handed out.
type checker struct{ program *program }

// folder looks for faults in all output of one directory.
func (c *checker) folder(f *folder) {
	for kind, look := range [faultKinds]func(*report.List){
		cgoFault:     f.reportCgoTypes,
		importFault:  func(r *report.List) { c.program.reportImports(f, r) },
		missingFault: func(r *report.List) { c.program.reportMissing(f, r) },
		compileFault: func(r *report.List) { r.Compiler(c.compile(f)) },
	} {
		found := &report.List{}
		look(found)
		if f.faults[kind] = found.All(); found.Any() {
			break
		}
	}
	for _, o := range f.outputs {
		o.syntax = nil
	}
}

// compile type-checks the output in one directory.
func (c *checker) compile(f *folder) scanner.ErrorList {
	faults := c.typeCheck(f)
	if len(faults) == 0 {
		return nil
	}
	for _, o := range f.outputs { // so that the faults are found at the positions that they have when formatted
		parsed, err := parser.ParseFile(c.program.fset, o.Path, o.Source, parser.SkipObjectResolution)
		if err != nil {
			return scanner.ErrorList{{Pos: o.repo.Pos, Msg: "dualgen would write a file that does not parse, which is a bug: " + err.Error()}}
		}
		o.syntax = parsed
	}
	if again := c.typeCheck(f); len(again) > 0 {
		return again
	}
	return faults
}

// typeCheck checks the wrappers with the user's files, then the tests with both.
func (c *checker) typeCheck(f *folder) scanner.ErrorList {
	var files, tests, external []*ast.File
	path, name := f.outputs[0].repo.Output.Path, f.outputs[0].repo.Output.Name
	if pkg := c.program.byDir[f.dir]; pkg != nil {
		files = append(files, pkg.Syntax...)
	}
	for _, o := range f.outputs {
		switch {
		case o.Path == o.repo.Output.Ctl: // it imports what is not written yet
		case !o.isTest():
			files = append(files, o.syntax)
		case o.syntax.Name.Name == name:
			tests = append(tests, o.syntax)
		default:
			external = append(external, o.syntax)
		}
	}
	faults := &faults{program: c.program, folder: f}
	own := faults.checker(c.program.universe, path)
	faults.check(own, files)
	if c.program.untested || len(faults.list) > 0 {
		return faults.list
	}
	if len(tests) > 0 {
		faults.check(own, slices.Concat(tests, c.generators(f)))
	}
	if len(external) > 0 && len(faults.list) == 0 {
		faults.check(faults.checker(beside{c.program.universe, own.pkg}, path+"_test"), external)
	}
	return faults.list
}

// generators are the user's test files that the output's tests call.
func (c *checker) generators(f *folder) []*ast.File {
	parsed := map[string]*ast.File{}
	for _, o := range f.outputs {
		for _, g := range o.repo.Generators {
			if g.File == "" || parsed[g.File] != nil || filepath.Dir(g.File) != f.dir {
				continue
			}
			if file, err := parser.ParseFile(c.program.fset, g.File, nil, parser.SkipObjectResolution); err == nil {
				parsed[g.File] = file
			}
		}
	}
	return slices.Collect(maps.Values(parsed))
}

// faults are the errors of the type checker that stand in our output.
type faults struct {
	program *program
	folder  *folder
	list    scanner.ErrorList
}

// packageChecker type-checks one package, whose files may come one after another.
type packageChecker struct {
	*types.Checker
	pkg *types.Package
}

func (f *faults) checker(importer types.Importer, path string) packageChecker {
	config := &types.Config{Importer: importer, Error: f.add, Sizes: f.program.universe.sizes}
	pkg := types.NewPackage(path, "") // its first file gives its name
	return packageChecker{types.NewChecker(config, f.program.fset, pkg, nil), pkg}
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
	pos := f.program.position(fault.Pos)
	if i := slices.IndexFunc(f.folder.outputs, func(o *output) bool { return o.Path == pos.Filename }); i >= 0 {
		f.list.Add(f.folder.outputs[i].repo.Pos, explainFault(fault.Msg, pos, f.folder.outputs[i].File))
	}
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

// missingPackage finds in a message of the type checker the import that could not be had.
func missingPackage(msg string) (path string, ok bool) {
	rest, ok := strings.CutPrefix(msg, "could not import ")
	if !ok || !strings.Contains(rest, errNotProvided.Error()) {
		return "", false
	}
	path, _, _ = strings.Cut(rest, " ")
	return path, true
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
