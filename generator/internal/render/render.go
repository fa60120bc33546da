// Package render prints plans: a directory of output at a time.
package render

import (
	"fmt"
	"go/ast"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/parallel"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates"
)

// File is a generated file.
type File struct {
	Path   string // absolute
	Source []byte // formatted
}

// Output is a generated file with what is needed to check it.
type Output struct {
	File
	Repo    *plan.Repository
	Syntax  *ast.File // with the positions that it had before it was formatted
	Imports []string
}

// Folder is the output of one directory.
type Folder struct {
	Dir          string
	Repositories []*plan.Repository
	Outputs      []*Output
	support      []*Output // of other lines, which is not written, but without which this does not compile
}

// Folders groups plans by the directory of their output.
func Folders(repositories []*plan.Repository) []*Folder {
	var folders []*Folder
	byDir := map[string]*Folder{}
	for _, repo := range repositories {
		dir := filepath.Dir(repo.Output.File)
		if byDir[dir] == nil {
			byDir[dir] = &Folder{Dir: dir}
			folders = append(folders, byDir[dir])
		}
		byDir[dir].Repositories = append(byDir[dir].Repositories, repo)
	}
	return folders
}

// Print prints the plans of the directory.
func (f *Folder) Print(fset *token.FileSet) error {
	printed := make([][]*Output, len(f.Repositories))
	err := parallel.Do(len(f.Repositories), func(i int) (err error) {
		repo := f.Repositories[i]
		if printed[i], err = printOne(repo, fset); err != nil {
			return fmt.Errorf("%v: this is a bug of dualgen: %w", repo.Pos, err)
		}
		return nil
	})
	f.Outputs = slices.Concat(printed...)
	if err != nil {
		return err
	}
	for _, repo := range f.missing() {
		more, err := printOne(repo, fset)
		if err != nil {
			return fmt.Errorf("%v: this is a bug of dualgen: %w", repo.Pos, err)
		}
		f.support = append(f.support, more...)
	}
	return nil
}

// missing are the wrappers beside those of the folder that these make, and that are not among them: a run may cover one line alone.
func (f *Folder) missing() []*plan.Repository {
	have := map[string]bool{}
	for _, repo := range f.Repositories {
		have[repo.Output.File] = true
	}
	var missing []*plan.Repository
	var add func(repo *plan.Repository)
	add = func(repo *plan.Repository) {
		for _, sub := range repo.Subs {
			if sub.Beside(repo) && !have[sub.Of.Output.File] {
				have[sub.Of.Output.File] = true
				missing = append(missing, sub.Of)
			}
			add(sub.Of)
		}
	}
	for _, repo := range f.Repositories {
		add(repo)
	}
	return missing
}

// printOne prints one plan.
func printOne(repo *plan.Repository, fset *token.FileSet) ([]*Output, error) {
	defer report.LocatePanic(repo.Pos)
	files, err := templates.Render(repo, fset)
	if err != nil {
		return nil, err
	}
	var outputs []*Output
	for _, f := range files {
		outputs = append(outputs, &Output{File{f.Path, f.Source}, repo, f.Syntax, importPaths(f.Syntax)})
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

// IsTest reports whether a file is one of tests.
func (o *Output) IsTest() bool { return strings.HasSuffix(o.Path, "_test.go") }

// All are the files of the directory, those that are not written included.
func (f *Folder) All() []*Output { return slices.Concat(f.Outputs, f.support) }

// Forget drops the syntax of what was printed.
func (f *Folder) Forget() {
	for _, o := range f.All() {
		o.Syntax = nil
	}
}

// ImportAt is the path of the import at a position of a file, "" where none stands there.
func (o *Output) ImportAt(pos token.Pos) string {
	i := slices.IndexFunc(o.Syntax.Imports, func(spec *ast.ImportSpec) bool { return spec.Path.Pos() == pos })
	if i < 0 {
		return ""
	}
	return o.Imports[i]
}
