package templates

import (
	"go/ast"
	"go/token"

	"github.com/dualgen/dualgen/generator/plan"
)

// File is one generated file.
type File struct {
	Path   string // absolute
	Source []byte // formatted
	// Syntax is that of the source, with the positions that it had before it was formatted.
	Syntax *ast.File
}

// section prints a part of a file.
type section func(*file, *plan.Repository)

// sections of the wrapper's file, in the order in which they stand there.
var sections = []section{
	wrapper,
	methods,
	view,
	shims,
	functions,
	guards,
}

// Render prints a repository's files: the wrapper's, and those of the conformance tests and of the console command where the
// plan names them. The file set is for the syntax.
func Render(repo *plan.Repository, fset *token.FileSet) ([]File, error) {
	wrapped, err := render(repo, fset, repo.Output.File, sections)
	if err != nil {
		return nil, err
	}
	files := []File{wrapped}
	if repo.Output.TestFile != "" {
		tests, err := render(repo, fset, repo.Output.TestFile, []section{conformance})
		if err != nil {
			return nil, err
		}
		files = append(files, tests)
	}
	if repo.Output.Ctl != "" {
		main, err := renderCommand(repo, fset)
		if err != nil {
			return nil, err
		}
		files = append(files, main)
	}
	return files, nil
}

// render prints one file.
func render(repo *plan.Repository, fset *token.FileSet, path string, sections []section) (File, error) {
	f := newFile(repo, notForImports(repo))
	for _, section := range sections {
		section(f, repo)
	}
	printed, err := f.finish(fset, path)
	return printed, at(repo.Pos, err)
}
