package generator

import (
	"fmt"
	"go/ast"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/plan"
	"github.com/dualgen/dualgen/templates"
)

// output is a generated file with what is needed to check it.
type output struct {
	File
	repo    *plan.Repository
	syntax  *ast.File // with the positions that it had before it was formatted
	imports []string
}

// folder is the output of one directory.
type folder struct {
	dir          string
	repositories []*plan.Repository
	outputs      []*output
	faults       [faultKinds][]report.Diagnostic
}

// The kinds of faults of output. Of a run that has several, only the first is shown: the others may follow from it.
const (
	cgoFault = iota
	importFault
	missingFault
	compileFault
	faultKinds
)

// print prints and checks every plan, a directory at a time: so that the syntax of few files is in memory at once.
func (p *program) print(r *result) error {
	folders := foldersOf(r.repositories)
	err := parallel(len(folders), func(i int) error {
		if err := p.printFolder(folders[i]); err != nil {
			return err
		}
		(&checker{p}).folder(folders[i])
		return p.universe.ctx.Err()
	})
	if err != nil {
		return err
	}
	for kind := range faultKinds {
		reports := &report.List{}
		for _, f := range folders {
			reports.Put(f.faults[kind]...)
		}
		if err := reports.Err(); err != nil {
			return err
		}
	}
	for _, f := range folders {
		for _, o := range f.outputs {
			r.files = append(r.files, o.File)
		}
	}
	return nil
}

// foldersOf groups plans by the directory of their output.
func foldersOf(repositories []*plan.Repository) []*folder {
	var folders []*folder
	byDir := map[string]*folder{}
	for _, repo := range repositories {
		dir := filepath.Dir(repo.Output.File)
		if byDir[dir] == nil {
			byDir[dir] = &folder{dir: dir}
			folders = append(folders, byDir[dir])
		}
		byDir[dir].repositories = append(byDir[dir].repositories, repo)
	}
	return folders
}

// printFolder prints the plans of one directory.
func (p *program) printFolder(f *folder) error {
	printed := make([][]*output, len(f.repositories))
	err := parallel(len(f.repositories), func(i int) (err error) {
		repo := f.repositories[i]
		if printed[i], err = p.printOne(repo); err != nil {
			return fmt.Errorf("%v: this is a bug of dualgen: %w", repo.Pos, err)
		}
		return nil
	})
	f.outputs = slices.Concat(printed...)
	return err
}

// printOne prints one plan.
func (p *program) printOne(repo *plan.Repository) ([]*output, error) {
	defer locatePanic(repo.Pos)
	files, err := templates.Render(repo, p.fset)
	if err != nil {
		return nil, err
	}
	var outputs []*output
	for _, f := range files {
		outputs = append(outputs, &output{File{f.Path, f.Source}, repo, f.Syntax, importPaths(f.Syntax)})
	}
	return outputs, nil
}

// importPaths are the import paths of a file.
func importPaths(file *ast.File) []string {
	var paths []string
	for _, spec := range file.Imports {
		if path, err := strconv.Unquote(spec.Path.Value); err == nil {
			paths = append(paths, path)
		}
	}
	return paths
}

// isTest reports whether a file is one of tests.
func (o *output) isTest() bool { return strings.HasSuffix(o.Path, "_test.go") }
